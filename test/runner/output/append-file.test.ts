import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppendFile } from '../../../src/runner/output/append-file.js';
import { mountedDisk, runErrorOf, temporaryFolder } from './support.js';

describe('a file that grows by records', () => {
  it('holds each record on the disk when its append resolves', async () => {
    const file = await AppendFile.create(join(temporaryFolder(), 'deep', 'log'));
    for (const record of ['one\n', 'zwei ü\n', Uint8Array.of(0, 255)]) {
      const before = readFileSync(file.path).length;
      await file.append(record);
      expect(readFileSync(file.path).length).toBe(before + Buffer.from(record).length);
    }
  });

  it('keeps the order of calls that nobody awaits', async () => {
    const file = await AppendFile.create(join(temporaryFolder(), 'log'));
    await Promise.all(Array.from({ length: 200 }, (_, i) => file.append(`${i}\n`)));
    expect(readFileSync(file.path, 'utf8')).toBe(Array.from({ length: 200 }, (_, i) => `${i}\n`).join(''));
  });

  it('goes on behind the lines that are there, without one that was cut off', async () => {
    const path = join(temporaryFolder(), 'log');
    writeFileSync(path, 'one\ntwo\nthr');
    const { file, text } = await AppendFile.openLines(path);
    expect(text).toBe('one\ntwo\n');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    await file.append('three\n');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('does not take over a file that it should have made', async () => {
    const path = join(temporaryFolder(), 'log');
    writeFileSync(path, 'mine');
    const { facts } = await runErrorOf(AppendFile.create(path), 'output-unwritable');
    expect(facts).toMatchObject({ path, errno: 'EEXIST', reason: 'there is a file of that name already' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('takes a record back that does not fit on the disk, and goes on when there is room', async (context) => {
    const file = await AppendFile.create(join(mountedDisk(context, 'size=64k'), 'log'));
    await file.append('a'.repeat(50_000));
    const { facts } = await runErrorOf(file.append('b'.repeat(50_000)), 'disk-full');
    expect(facts.path).toBe(file.path);
    expect(readFileSync(file.path, 'utf8')).toBe('a'.repeat(50_000));
    await file.append('c');
    expect(readFileSync(file.path, 'utf8')).toBe(`${'a'.repeat(50_000)}c`);
  });
});
