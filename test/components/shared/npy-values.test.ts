import { describe, expect, it } from 'vitest';
import { toImages, toLabels } from '../../../src/components/shared/npy-values.js';
import { parseNpy } from '../../../src/components/shared/npy.js';
import { ramp } from './idx-bytes.js';
import { npyBytes, type NpyOptions } from './npy-bytes.js';
import { dataErrorOf, problem } from './rejection.js';

const images = (shape: readonly number[], values: readonly number[], options: NpyOptions = {}, divisor: number | null = null) =>
  toImages(parseNpy(npyBytes(shape, values, options), 'a'), divisor);
const labels = (shape: readonly number[], values: readonly number[], descr = '<i8'): Int32Array =>
  toLabels(parseNpy(npyBytes(shape, values, { descr }), 'a'));

describe('examples of an NPY array', () => {
  it('have their axes, channels last', () => {
    expect(images([4, 6], ramp(24)).shape).toEqual([6]);
    expect(images([2, 3, 4], ramp(24)).shape).toEqual([3, 4, 1]);
    expect(images([2, 2, 2, 3], ramp(24))).toEqual({ file: 'a', count: 2, shape: [2, 2, 3], pixels: Uint8Array.from(ramp(24)) });
  });

  it('stay bytes where bytes are meant as k / 255, in either order', () => {
    expect(images([2, 2], [0, 9, 128, 255]).pixels).toEqual(Uint8Array.of(0, 9, 128, 255));
    expect(images([2, 2], [0, 9, 128, 255], { fortran: true }).pixels).toEqual(Uint8Array.of(0, 128, 9, 255));
    expect(images([2, 2], [0, 1, 0, 1], {}, 255).pixels).toEqual(Uint8Array.of(0, 1, 0, 1));
    expect(images([1, 4], [0, 1, 2, 0], { descr: '|b1' }).pixels).toEqual(Uint8Array.of(0, 255, 255, 0));
  });

  it('are divided otherwise, by what the type says or by what is asked for', () => {
    expect(images([1, 3], [0, 8, 16], {}, 16).pixels).toEqual(Float32Array.of(0, 0.5, 1));
    expect(images([1, 2], [0, 1], {}, 1).pixels).toEqual(Float32Array.of(0, 1));
    expect(images([1, 2], [0, 255], { descr: '<i8' }).pixels).toEqual(Float32Array.of(0, 255));
    expect(images([1, 2], [0, 255], { descr: '<i8' }, 255).pixels).toEqual(Float32Array.of(0, 1));
    expect(images([1, 2], [0.5, -3], { descr: '>f8' }).pixels).toEqual(Float32Array.of(0.5, -3));
  });

  it.each([
    ['one axis', [4], problem('unsupported-npy', { found: 'an array of shape (4)' })],
    ['five axes', [1, 1, 1, 2, 2], problem('unsupported-npy')],
    ['no rows', [0, 4], problem('no-examples')],
    ['no values', [4, 0], problem('no-examples')],
    ['channels first', [2, 3, 8, 8], problem('unsupported-npy', { supported: '(examples, height, width, channels)' })],
  ])('are refused with %s', async (_, shape, expected) => {
    const count = shape.reduce((product, dim) => product * dim, 1);
    expect(await dataErrorOf(() => images(shape, ramp(count)))).toMatchObject(expected);
  });

  it('are refused where bytes of 0 and 1 may be meant as they are', async () => {
    expect(await dataErrorOf(() => images([2, 2], [0, 1, 0, 0]))).toMatchObject(problem('ambiguous-bytes', { file: 'a' }));
  });
});

describe('labels of an NPY array', () => {
  it.each(['|b1', '|u1', '|i1', '<u2', '>i4', '<i8', '>u8'])('may be of the type %s', (descr) => {
    expect(labels([3], [0, 1, 1], descr)).toEqual(Int32Array.of(0, 1, 1));
  });

  it('may be a column', () => {
    expect(labels([3, 1], [4, 0, 2])).toEqual(Int32Array.of(4, 0, 2));
  });

  it.each([
    [
      'one-hot rows',
      () => labels([2, 3], [0, 1, 0, 1, 0, 0]),
      problem('unsupported-npy', { help: 'Of one-hot rows, save array.argmax(axis=1).' }),
    ],
    ['floats', () => labels([2], [0, 1], '<f4'), problem('unsupported-npy', { found: 'float32' })],
    ['negative classes', () => labels([2], [0, -1]), problem('value-out-of-range', { value: -1, index: 1 })],
    ['classes beyond int32', () => labels([1], [2 ** 40]), problem('value-out-of-range', { value: 2 ** 40 })],
    ['a single number', () => labels([], [1]), problem('unsupported-npy')],
  ])('may not be %s', async (_, action, expected) => {
    expect(await dataErrorOf(action)).toMatchObject(expected);
  });
});
