import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guardWrite, reasonOf } from '../../../src/runner/output/write-errors.js';
import { createRunDirectory } from '../../../src/runner/output/run-directory.js';
import { createFakeClock, mountedDisk, rejectionOf, runErrorOf, temporaryFolder } from './support.js';

const clock = createFakeClock();

describe('where output cannot be written', () => {
  it('names the file that is in the way of a folder', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'results');
    writeFileSync(file, 'not a folder');
    for (const results of [file, join(file, 'deep', 'er')]) {
      const { facts, message } = await runErrorOf(createRunDirectory(results, 'vae', clock), 'output-unwritable');
      expect(facts.errno).toBe('ENOTDIR');
      expect(facts.reason).toBe(`${file} is a file, where a folder is needed`);
      expect(facts.path).toBe(join(results, 'vae'));
      expect(message).toContain('--out');
    }
  });

  it('names the file that has the name of the experiment', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'vae'), '');
    const { facts } = await runErrorOf(createRunDirectory(folder, 'vae', clock), 'output-unwritable');
    expect(facts.errno).toBe('EEXIST');
    expect(facts.reason).toContain(`${join(folder, 'vae')} is a file`);
  });

  it('is told of a place where no folder can be made', async () => {
    const { facts } = await runErrorOf(createRunDirectory('/proc/latentlab', 'vae', clock), 'output-unwritable');
    expect(facts.errno).toBe('ENOENT');
    expect(facts.path).toBe('/proc/latentlab/vae');
  });

  it('is told of a read-only file system', async (context) => {
    const disk = mountedDisk(context, 'ro,size=64k');
    const { facts } = await runErrorOf(createRunDirectory(disk, 'vae', clock), 'output-unwritable');
    expect(facts).toMatchObject({ errno: 'EROFS', reason: 'the file system is read-only', path: join(disk, 'vae') });
  });

  it('is told of a missing permission', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'locked'), { mode: 0o500 });
    const isRoot = process.getuid?.() === 0;
    // Nothing stops root; anybody else will do.
    if (isRoot) process.seteuid?.(65534);
    try {
      const { facts } = await runErrorOf(createRunDirectory(join(folder, 'locked'), 'vae', clock), 'output-unwritable');
      expect(facts).toMatchObject({ errno: 'EACCES', reason: 'permission denied', path: join(folder, 'locked', 'vae') });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('is told of a name that is too long', async () => {
    const { facts } = await runErrorOf(createRunDirectory(temporaryFolder(), 'v'.repeat(300), clock), 'output-unwritable');
    expect(facts.errno).toBe('ENAMETOOLONG');
  });

  it.each([
    ['EACCES', 'output-unwritable'],
    ['EPERM', 'output-unwritable'],
    ['EIO', 'output-unwritable'],
    ['EWHATEVER', 'output-unwritable'],
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EFBIG', 'disk-full'],
  ] as const)('turns %s into %s, and keeps the cause', async (errno, code) => {
    const cause = Object.assign(new Error(`${errno}: something`), { code: errno, syscall: 'write' });
    const error = await rejectionOf(guardWrite('results/x.csv', () => Promise.reject(cause)));
    expect(error).toMatchObject({ name: 'RunError', code, facts: { path: 'results/x.csv', errno }, cause });
  });

  it('leaves errors alone that are not the file system’s', async () => {
    const own = new RangeError('ours');
    expect(await rejectionOf(guardWrite('x', () => Promise.reject(own)))).toBe(own);
  });
});

describe('the reason for which a file cannot be written', () => {
  const reasonFor = async (file: string, flag: 'w' | 'wx' = 'w'): Promise<string | null> =>
    reasonOf(file, await rejectionOf(writeFile(file, new Uint8Array(100_000), { flag })));

  it('names what is in the way', async (context) => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    expect(await reasonFor(file, 'wx')).toBe('there is a file of that name already');
    expect(await reasonFor(join(file, 'deep', 'er'))).toBe(`${file} is a file, where a folder is needed`);
    expect(await reasonFor(folder)).toBe('there is a folder of that name');
    expect(await reasonFor(join(mountedDisk(context, 'size=64k'), 'a'))).toBe('the disk is full');
  });

  it('is none where the fault is ours', async () => {
    expect(await reasonFor('a\0b')).toBeNull();
    expect(await reasonOf('a', 'words')).toBeNull();
  });
});
