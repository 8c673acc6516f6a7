import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompress, md5, readIfThere, sha256 } from '../../../src/components/shared/data-file.js';
import { dataErrorOf, problem } from './rejection.js';
import { temporaryFolder, writeInto } from './temporary.js';

const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
const packed = gzipSync(content);
const folder = temporaryFolder();

describe('decompress', () => {
  it('unpacks gzip and hands on what is not', async () => {
    expect(Uint8Array.from(await decompress(packed, 'a'))).toEqual(content);
    expect(await decompress(content, 'a')).toBe(content);
    expect((await decompress(gzipSync(''), 'a')).length).toBe(0);
    expect((await decompress(new Uint8Array(0), 'a')).length).toBe(0);
  });

  it('unpacks a file of several members', async () => {
    expect(Uint8Array.from(await decompress(Buffer.concat([packed, gzipSync('end')]), 'a')).length).toBe(content.length + 3);
  });

  it.each([2, 9, 17, 500, packed.length - 9, packed.length - 1])('refuses the first %d bytes of a gzip file', async (length) => {
    expect(await dataErrorOf(() => decompress(packed.subarray(0, length), 'a'))).toMatchObject(problem('bad-gzip', { file: 'a' }));
  });

  it('refuses a file with a wrong byte, found by its checksum', async () => {
    const damaged = Uint8Array.from(packed);
    const at = damaged.length >> 1;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    expect(await dataErrorOf(() => decompress(damaged, 'a'))).toMatchObject(problem('bad-gzip'));
  });

  it('refuses a file that unpacks to more than is expected', async () => {
    expect(await dataErrorOf(() => decompress(packed, 'a', content.length - 1))).toMatchObject(problem('bad-gzip'));
    expect((await decompress(packed, 'a', content.length)).length).toBe(content.length);
  });
});

describe('readIfThere', () => {
  it('gives the bytes, or null where there is no file', async () => {
    const path = writeInto(folder, 'some', 'abc');
    expect(await readIfThere(path)).toEqual(Buffer.from('abc'));
    expect(await readIfThere(`${path}-other`)).toBeNull();
    expect(await readIfThere(`${path}/below-a-file`)).toBeNull();
  });

  it('says why a folder cannot be read', async () => {
    expect(await dataErrorOf(() => readIfThere(folder))).toMatchObject(problem('unreadable-file', { file: folder }));
  });
});

describe('hashes', () => {
  it('name their kind and run over all parts', () => {
    const [a, b] = [Buffer.from('ab'), Buffer.from('c')];
    expect(md5(a, b)).toBe('md5:900150983cd24fb0d6963f7d28e17f72'); // RFC 1321
    expect(sha256(a, b)).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'); // FIPS 180-2
  });
});
