import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { flushFolder, makeFolders, writeNewFile, writeWholeFile } from '../../../src/runner/output/whole-file.js';
import { filesBelow, mountedDisk, rejectionOf, temporaryFolder } from './support.js';

describe('making folders', () => {
  it('makes what is missing, again and again, and at once from several sides', async () => {
    const path = join(temporaryFolder(), 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 20 }, () => makeFolders(path)));
    await makeFolders(path);
    expect(existsSync(path)).toBe(true);
  });

  it('follows a link to a folder', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    await makeFolders(join(folder, 'link', 'a'));
    expect(existsSync(join(folder, 'real', 'a'))).toBe(true);
  });

  it('ends with the error where none can be made', async () => {
    expect(await rejectionOf(makeFolders('/proc/a/b/c'))).toMatchObject({ code: 'ENOENT' });
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(await rejectionOf(makeFolders(file))).toMatchObject({ code: 'EEXIST' });
    expect(await rejectionOf(makeFolders(join(file, 'a', 'b')))).toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('flushing a folder', () => {
  it.skipIf(process.platform !== 'linux')('is left out where the file system cannot do it', async () => {
    // /proc opens its folders and refuses to flush them, as some network drives do.
    await flushFolder('/proc');
  });

  it('fails with every other error of the disk', async () => {
    const folder = temporaryFolder();
    expect(await rejectionOf(flushFolder(join(folder, 'nowhere')))).toMatchObject({ code: 'ENOENT' });
    const handle = await open(folder, 'r');
    const methods = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const failure = Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' });
    const sync = vi.spyOn(methods, 'sync').mockRejectedValueOnce(failure);
    onTestFinished(() => {
      sync.mockRestore();
    });
    expect(await rejectionOf(flushFolder(folder))).toBe(failure);
    expect(sync).toHaveBeenCalledOnce();
  });
});

describe('whole files', () => {
  it('replace an old one', async () => {
    const file = join(temporaryFolder(), 'file');
    await writeWholeFile(file, 'old and long');
    await writeWholeFile(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('are written by whoever is last, and by nobody in part', async () => {
    const folder = temporaryFolder();
    const texts = Array.from({ length: 10 }, (_, i) => String(i).repeat(50_000));
    await Promise.all(texts.map((text) => writeWholeFile(join(folder, 'file'), text)));
    expect(texts).toContain(readFileSync(join(folder, 'file'), 'utf8'));
    expect(filesBelow(folder)).toEqual(['file']);
  });

  it('are not there at all when the disk is full', async (context) => {
    const disk = mountedDisk(context, 'size=64k');
    expect(await rejectionOf(writeNewFile(join(disk, 'a'), new Uint8Array(70_000)))).toMatchObject({ code: 'ENOSPC' });
    expect(await rejectionOf(writeWholeFile(join(disk, 'b'), new Uint8Array(70_000)))).toMatchObject({ code: 'ENOSPC' });
    expect(filesBelow(disk)).toEqual([]);
  });

  it('take no other file’s place when they should be new', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'mine');
    expect(await rejectionOf(writeNewFile(file, 'x'))).toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
