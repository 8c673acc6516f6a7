import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertNpy, parseNpy } from '../../../src/components/shared/npy.js';
import { ramp } from './idx-bytes.js';
import { npyBytes, type NpyOptions } from './npy-bytes.js';
import { dataErrorOf, problem } from './rejection.js';

const valuesOf = (bytes: Uint8Array): number[] => {
  const array = parseNpy(bytes, 'a.npy');
  return [...convertNpy(array, new Float64Array(array.shape.reduce((product, dim) => product * dim, 1)))];
};

describe('the values of an NPY file', () => {
  it.each(['|b1', '|u1', '|i1'])('may be of the type %s', (descr) => {
    expect(valuesOf(npyBytes([2, 2], [0, 1, 1, 0], { descr }))).toEqual([0, 1, 1, 0]);
  });

  it.each(['<u2', '>u2', '<i2', '>i2', '<u4', '>u4', '<i4', '>i4', '<u8', '>u8', '<i8', '>i8', '<f4', '>f4', '<f8', '>f8'])(
    'may be of the type %s',
    (descr) => {
      expect(valuesOf(npyBytes([3], [1, 258, 30_000], { descr }))).toEqual([1, 258, 30_000]);
    },
  );

  it.each(['|i1', '<i2', '>i2', '<i4', '>i4', '<i8', '>i8', '<f4', '>f8'])('keep their sign as %s', (descr) => {
    expect(valuesOf(npyBytes([2], [-1, -100], { descr }))).toEqual([-1, -100]);
  });

  it('may be larger than 53 bits, to the nearest number', () => {
    expect(valuesOf(npyBytes([1], [2 ** 62], { descr: '<i8' }))).toEqual([2 ** 62]);
  });

  it.each(['<f2', '>f2'])('may be halves: %s', (descr) => {
    // 1, -2, 65504 the largest, 2^-14 the smallest normal, 2^-24 the smallest of all, -0, 1/3 rounded.
    const bits = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x3555];
    expect(valuesOf(npyBytes([7], bits, { descr }))).toEqual([1, -2, 65504, 2 ** -14, 2 ** -24, -0, 0.333251953125]);
    expect(valuesOf(npyBytes([3], [0x7c00, 0xfc00, 0x7e00], { descr }))).toEqual([Infinity, -Infinity, NaN]);
  });

  it('are put into row-major order where the file has the other one', () => {
    // [[0, 1, 2], [3, 4, 5]] column by column.
    expect(valuesOf(npyBytes([2, 3], [0, 3, 1, 4, 2, 5], { fortran: true }))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('are the same in both orders, whatever the shape and the type', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shape, fc.constantFrom('|u1', '<i2', '>f4'), (dims, descr) => {
        const count = dims.reduce((product, dim) => product * dim, 1);
        const rows = ramp(count);
        const columns = rows.map((_, place) => {
          // The place in the file, first axis fastest, as a row-major index.
          let rest = place;
          const index = dims.map((dim) => {
            const at = rest % dim;
            rest = Math.floor(rest / dim);
            return at;
          });
          return index.reduce((row, at, axis) => row * (dims[axis] ?? 1) + at, 0);
        });
        expect(valuesOf(npyBytes(dims, columns, { descr, fortran: true }))).toEqual(rows);
        expect(valuesOf(npyBytes(dims, rows, { descr }))).toEqual(rows);
      }),
    );
  });

  it('may be divided as they are read', () => {
    expect([...convertNpy(parseNpy(npyBytes([2], [4, 16]), 'a'), new Float32Array(2), 16)]).toEqual([0.25, 1]);
  });

  it('may begin anywhere in memory', () => {
    const file = npyBytes([2], [1.5, -2], { descr: '<f8' });
    const padded = new Uint8Array(file.length + 3);
    padded.set(file, 3);
    expect(valuesOf(padded.subarray(3))).toEqual([1.5, -2]);
  });
});

describe('the header of an NPY file', () => {
  it.each([1, 2, 3] as const)('may be of version %d', (version) => {
    expect(parseNpy(npyBytes([2, 3], ramp(6), { version }), 'a')).toMatchObject({ code: 'u1', shape: [2, 3], isFortran: false });
  });

  it.each([
    "{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}",
    '{"descr":"|u1","fortran_order":False,"shape":(2,)}',
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2L,), }",
    "{'descr': 'u1', 'fortran_order': True, 'shape': ( 2 , ), }",
  ])('may be written %s', (header) => {
    expect(valuesOf(npyBytes([2], [7, 8], { header }))).toEqual([7, 8]);
  });

  it('may be of a scalar', () => {
    expect(parseNpy(npyBytes([], [1], { header: "{'descr': '|u1', 'fortran_order': False, 'shape': (), }" }), 'a').shape).toEqual([]);
  });

  const header = (text: string): NpyOptions => ({ header: text });
  it.each([
    "{'descr': '|u1', 'fortran_order': False}",
    "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'more': 1}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} + print()",
    "__import__('os').system('true')",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (9007199254740993,)}",
    '',
  ])('is refused where it is not that: %s', async (text) => {
    expect(await dataErrorOf(() => parseNpy(npyBytes([2], [7, 8], header(text)), 'a'))).toMatchObject(problem('not-npy'));
  });
});

describe('an NPY file is refused', () => {
  const good = npyBytes([2, 2], ramp(4));
  const start = good.length - 4;
  const withBytes = (...bytes: number[]): Uint8Array => Uint8Array.from([...bytes, ...new Uint8Array(20)]);
  const longHeader = new Uint8Array(20_000).fill(0x20);
  longHeader.set([0x93, ...Buffer.from('NUMPY'), 2, 0, 0, 0x40, 0, 0]);
  it.each([
    ['an empty file', new Uint8Array(0), problem('not-npy', { problem: 'it is empty' })],
    ['another format', withBytes(0x89, 0x50, 0x4e, 0x47), problem('not-npy')],
    ['an archive', withBytes(0x50, 0x4b, 3, 4), problem('not-npy', { problem: 'it is a ZIP archive' })],
    ['a pickle', withBytes(0x80, 0x04, 0x95), problem('python-objects')],
    ['objects', npyBytes([2], [], { descr: '|O' }), problem('python-objects', { file: 'a.npy' })],
    ['magic alone', good.slice(0, 8), problem('truncated', { bytes: 8, expectedBytes: 10 })],
    ['a header cut short', good.slice(0, 40), problem('truncated', { bytes: 40, expectedBytes: start })],
    ['values cut short', good.slice(0, -1), problem('truncated', { bytes: start + 3, expectedBytes: start + 4 })],
    ['values behind', npyBytes([2, 2], ramp(5)), problem('trailing-bytes', { bytes: start + 5, expectedBytes: start + 4 })],
    ['a shape beyond reason', npyBytes([2 ** 50, 2 ** 50], ramp(4)), problem('truncated')],
    ['axes beyond reason', npyBytes([0, ...new Array<number>(30).fill(2 ** 52)].toReversed(), ramp(4)), problem('truncated')],
    ['a version of the future', Uint8Array.from(good, (byte, i) => (i === 6 ? 9 : byte)), problem('unsupported-npy')],
    ['a header beyond reason', longHeader, problem('not-npy')],
    ['complex numbers', npyBytes([1], [], { descr: '<c8' }), problem('unsupported-npy', { found: 'complex numbers (<c8)' })],
    ['text', npyBytes([1], [], { descr: '<U5' }), problem('unsupported-npy', { found: 'text (<U5)' })],
    ['dates', npyBytes([1], [], { descr: '<M8[ns]' }), problem('unsupported-npy', { found: 'dates (<M8[ns])' })],
    ['long doubles', npyBytes([1], [], { descr: '<f16' }), problem('unsupported-npy', { found: 'values (<f16)' })],
    [
      'records',
      npyBytes([1], [], { header: "{'descr': [('a', '<f4'), ('b', '|O')], 'fortran_order': False, 'shape': (1,), }" }),
      problem('unsupported-npy', { found: 'records of several values' }),
    ],
  ])('with %s', async (_, bytes, expected) => {
    expect(await dataErrorOf(() => parseNpy(bytes, 'a.npy'))).toMatchObject(expected);
  });

  it('wherever it is cut', async () => {
    for (let length = 0; length < good.length; length++) {
      const { code } = await dataErrorOf(() => parseNpy(good.slice(0, length), 'a'));
      expect(['truncated', 'not-npy']).toContain(code);
    }
  });

  it('with the way out in words', async () => {
    const error = await dataErrorOf(() => parseNpy(npyBytes([2], [], { descr: '|O' }), 'a.npy'));
    expect(error.message).toMatchInlineSnapshot(`
      "a.npy holds pickled Python objects, which can run any code when they are read; they are not read.
      Save numbers instead: numpy.save(file, numpy.stack(examples).astype('float32'), allow_pickle=False)."
    `);
  });
});
