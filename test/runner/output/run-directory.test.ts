import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunDirectory } from '../../../src/runner/output/run-directory.js';
import { createFakeClock, filesBelow, mountedDisk, rejectionOf, runErrorOf, temporaryFolder } from './support.js';

const clock = createFakeClock();

describe('the run directory', () => {
  it('is named by experiment, time in UTC, and chance', async () => {
    const results = temporaryFolder();
    const { path, id } = await createRunDirectory(results, 'vae-20d', clock);
    expect(id).toMatch(/^20261123-061902-[0-9a-f]{4}$/);
    expect(path).toBe(join(results, 'vae-20d', id));
    expect(existsSync(path)).toBe(true);
  });

  it('is another one for each of 100 runs that start at once', async () => {
    const results = temporaryFolder();
    const directories = await Promise.all(Array.from({ length: 100 }, () => createRunDirectory(results, 'vae', clock)));
    expect(new Set(directories.map(({ path }) => path)).size).toBe(100);
  });

  it('takes another name when chance repeats itself, and gives up when it does nothing else', async () => {
    const results = temporaryFolder();
    const draws = ['aaaa', 'aaaa', 'aaaa', 'bbbb'];
    const draw = (): string => draws.shift() ?? 'cccc';
    const first = await createRunDirectory(results, 'vae', clock, draw);
    const second = await createRunDirectory(results, 'vae', clock, draw);
    expect([first.id, second.id]).toEqual(['20261123-061902-aaaa', '20261123-061902-bbbb']);
    await expect(createRunDirectory(results, 'vae', clock, () => 'aaaa')).rejects.toThrow('no free name');
  });

  it('makes subfolders when something is written there', async () => {
    const directory = await createRunDirectory(temporaryFolder(), 'vae', clock);
    expect(filesBelow(directory.path)).toEqual([]);
    await directory.write('images/samples-1.png', Uint8Array.of(1, 2, 3));
    await directory.write('run.json', 'größer 💡');
    expect(filesBelow(directory.path)).toEqual(['images/samples-1.png', 'run.json']);
    expect([...readFileSync(directory.file('images/samples-1.png'))]).toEqual([1, 2, 3]);
    expect(readFileSync(directory.file('run.json'), 'utf8')).toBe('größer 💡');
  });

  it.each(['../other', 'images/../../other', '/etc/passwd', '', '.', 'images/..', '..', 'a\\..\\b', 'a\0b'])(
    'refuses the path %j',
    async (name) => {
      const directory = await createRunDirectory(temporaryFolder(), 'vae', clock);
      expect(() => directory.file(name)).toThrow('is no file inside');
      expect(await rejectionOf(directory.write(name, 'x'))).toBeInstanceOf(Error);
    },
  );

  it('takes names that only look like a way out', async () => {
    const directory = await createRunDirectory(temporaryFolder(), 'vae', clock);
    expect(directory.file('..hidden')).toBe(join(directory.path, '..hidden'));
    expect(directory.file('images/../run.json')).toBe(join(directory.path, 'run.json'));
  });

  it.each(['..', '.', '', 'a/b', '../x', 'a\\b', 'a\0'])('refuses the experiment name %j', async (name) => {
    await expect(createRunDirectory(temporaryFolder(), name, clock)).rejects.toThrow('cannot name a folder');
  });

  it('replaces a file at once: a reader sees the old text or the new', async () => {
    const directory = await createRunDirectory(temporaryFolder(), 'vae', clock);
    const texts = ['a'.repeat(100_000), 'b'.repeat(200_000)];
    await directory.write('run.json', texts[0]!);
    const seen: string[] = [];
    // Nothing is expected here: what a timer throws fails no test.
    const reading = setInterval(() => {
      try {
        seen.push(readFileSync(directory.file('run.json'), 'utf8'));
      } catch (error) {
        seen.push(String(error));
      }
    });
    for (let i = 0; i < 30 || seen.length < 10; i++) await directory.write('run.json', texts[i % 2]!);
    clearInterval(reading);
    for (const text of new Set(seen)) expect(texts).toContain(text);
    expect(filesBelow(directory.path)).toEqual(['run.json']);
  });

  it('keeps the old file, and leaves nothing else behind, when the disk is full', async (context) => {
    const directory = await createRunDirectory(mountedDisk(context, 'size=64k'), 'vae', clock);
    await directory.write('run.json', 'old');
    for (const name of ['run.json', 'images/new.png']) {
      const { facts } = await runErrorOf(directory.write(name, new Uint8Array(100_000)), 'disk-full');
      expect(facts).toEqual({ path: directory.file(name), errno: 'ENOSPC' });
    }
    expect(filesBelow(directory.path)).toEqual(['run.json']);
    expect(readFileSync(directory.file('run.json'), 'utf8')).toBe('old');
    await directory.write('run.json', 'new');
  });

  it('leaves nothing behind when the target turns out to be a folder', async () => {
    const directory = await createRunDirectory(temporaryFolder(), 'vae', clock);
    await directory.write('run.json/file', 'x');
    await runErrorOf(directory.write('run.json', 'y'), 'output-unwritable');
    expect(filesBelow(directory.path)).toEqual(['run.json/file']);
    writeFileSync(join(directory.path, 'plots'), '');
    const { facts } = await runErrorOf(directory.write('plots/x.png', 'y'), 'output-unwritable');
    expect(facts.reason).toBe(`${join(directory.path, 'plots')} is a file, where a folder is needed`);
  });
});
