import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { listZip, unpackEntry } from '../../../src/components/shared/zip.js';
import { ramp } from './idx-bytes.js';
import { dataErrorOf, problem } from './rejection.js';

const content = Uint8Array.from(ramp(5000), (value, i) => (value * i) % 251);
const archive = (level: 0 | 6): Uint8Array => zipSync({ 'a.bin': content, 'folder/b.txt': strToU8('bé') }, { level });
const unpack = (bytes: Uint8Array, name = 'a.bin'): Uint8Array => {
  const entry = listZip(bytes, 'z').find((each) => each.name === name);
  if (entry === undefined) throw new Error(`no ${name}`);
  return unpackEntry(bytes, entry, `${name} of z`);
};
/** The archive with 32 (or 16) bits changed in the directory's first entry. */
const changed = (bytes: Uint8Array, at: number, value: number, bits: 16 | 32 = 32): Uint8Array => {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const directory = view.getUint32(copy.length - 6, true);
  if (bits === 16) view.setUint16(directory + at, value, true);
  else view.setUint32(directory + at, value, true);
  return copy;
};

describe('a ZIP archive', () => {
  it.each([0, 6] as const)('gives back what went in, at level %d', (level) => {
    const bytes = archive(level);
    expect(listZip(bytes, 'z').map(({ name }) => name)).toEqual(['a.bin', 'folder/b.txt']);
    expect(unpack(bytes)).toEqual(content);
    expect(new TextDecoder().decode(unpack(bytes, 'folder/b.txt'))).toBe('bé');
  });

  it('may begin anywhere in memory, and have a comment', () => {
    const bytes = archive(6);
    const padded = new Uint8Array(bytes.length + 12);
    padded.set(bytes, 7);
    new DataView(padded.buffer).setUint16(7 + bytes.length - 2, 5, true);
    expect(unpack(padded.subarray(7))).toEqual(content);
  });

  it('gives content memory of its own', () => {
    const bytes = archive(0);
    unpack(bytes).fill(0);
    expect(unpack(bytes)).toEqual(content);
  });

  it('may be empty', () => {
    expect(listZip(zipSync({}), 'z')).toEqual([]);
  });
});

describe('a ZIP archive is refused', () => {
  const [stored, packed] = [archive(0), archive(6)];
  it.each([
    ['cut short', packed.slice(0, -30), problem('bad-archive', { reason: 'it has no directory at its end' })],
    ['without its beginning', packed.slice(40), problem('bad-archive')],
    ['with a directory that is none', changed(packed, 0, 7), problem('bad-archive', { reason: 'its directory is damaged' })],
    ['with another method', changed(packed, 10, 12, 16), problem('bad-archive')],
    ['encrypted', changed(packed, 8, 1, 16), problem('bad-archive', { reason: 'it is encrypted' })],
    ['with a wrong checksum', changed(packed, 16, 7), problem('bad-archive', { reason: 'its checksum does not agree' })],
    ['with a wrong place', changed(packed, 42, 5), problem('bad-archive', { reason: 'it is not where the directory says' })],
    ['with a place outside', changed(packed, 42, 2 ** 30), problem('bad-archive', { reason: 'it is not where the directory says' })],
    ['with a size too small', changed(packed, 24, 4999), problem('bad-archive')],
    ['with a size too large', changed(packed, 24, 5001), problem('bad-archive')],
    ['with a stored size too large', changed(stored, 24, 5001), problem('bad-archive')],
    ['with more than it has', changed(stored, 20, 2 ** 20), problem('bad-archive')],
    ['with a size that nothing could unpack to', changed(packed, 24, 2 ** 30), problem('bad-archive')],
    ['with a size beyond what is read', changed(packed, 24, 2 ** 31 + 1), problem('too-large', { bytes: 2 ** 31 + 1, limit: 2 ** 31 })],
    ['with 64-bit sizes', changed(packed, 24, 0xffffffff), problem('bad-archive')],
  ])('%s', async (_, bytes, expected) => {
    expect(await dataErrorOf(() => unpack(bytes))).toMatchObject(expected);
  });

  it('when a bit of its content has changed, wherever', async () => {
    const start = 30 + 'a.bin'.length;
    for (const at of [start, start + 10, start + 200, start + 1000]) {
      for (const bytes of [stored, packed]) {
        const copy = bytes.slice();
        copy[at] = (copy[at] ?? 0) ^ 4;
        expect(await dataErrorOf(() => unpack(copy))).toMatchObject(problem('bad-archive'));
      }
    }
  });
});
