import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, expectSameAsCpu, type Operand } from './against-cpu.js';
import { quarters } from './broadcasting.js';
import { dtypes, itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

type Axes = number[] | undefined;
type Reduce = (x: tf.Tensor, axes: Axes, keepDims: boolean) => tf.Tensor;
type DataType = NonNullable<Operand['dtype']>;

const axesOf = (rank: number): fc.Arbitrary<Axes> =>
  fc.option(
    fc
      .subarray(Array.from({ length: rank }, (_, axis) => axis))
      .chain((axes) =>
        fc
          .array(fc.boolean(), { minLength: axes.length, maxLength: axes.length })
          .map((fromTheEnd) => axes.map((axis, i) => (fromTheEnd[i] ? axis - rank : axis))),
      ),
    { nil: undefined, freq: 4 },
  );

/** Over random axes, counted from either end, none and all of them included. */
const reductions = (
  f: Reduce,
  types: fc.Arbitrary<DataType> = dtypes,
  values?: fc.Arbitrary<number>,
  rest: Partial<Case> = {},
  options: Parameters<typeof shapes>[0] = {},
): fc.Arbitrary<Case> =>
  fc.tuple(shapes(options), types).chain(([shape, dtype]) =>
    fc
      .record({ axes: axesOf(shape.length), keepDims: fc.boolean(), x: tensors(shape, dtype, dtype === 'float32' ? values : undefined) })
      .map(({ axes, keepDims, x }) => ({
        f: (tensor: tf.Tensor) => f(tensor, axes, keepDims),
        operands: [x],
        // TensorFlow.js finds no gradient for elements that are none.
        gradient: !shape.includes(0),
        ...rest,
      })),
  );
const numbers = fc.constantFrom<DataType>('float32', 'float32', 'int32');

describe('reductions agree with the cpu backend over any axes, value and gradient', () => {
  itAgreesWithCpu({
    Sum: reductions((x, axes, keepDims) => tf.sum(x, axes, keepDims)),
    Mean: reductions((x, axes, keepDims) => tf.mean(x, axes, keepDims)),
    Prod: reductions((x, axes, keepDims) => tf.prod(x, axes, keepDims), dtypes, quarters(-1.5, 1.5)),
    Max: reductions((x, axes, keepDims) => tf.max(x, axes, keepDims), numbers),
    Min: reductions((x, axes, keepDims) => tf.min(x, axes, keepDims), numbers),
    'Max of bool': reductions((x, axes, keepDims) => tf.max(x, axes, keepDims), fc.constant('bool'), undefined, {}, { minSize: 1 }),
    All: reductions((x, axes, keepDims) => tf.all(x, axes, keepDims), fc.constant('bool'), undefined, { gradient: false }),
    Any: reductions((x, axes, keepDims) => tf.any(x, axes, keepDims), fc.constant('bool'), undefined, { gradient: false }),
    'a logarithm of a sum of exponentials': reductions(
      (x, axes, keepDims) => tf.logSumExp(x, axes, keepDims),
      fc.constant('float32'),
      undefined,
      {},
      { minSize: 1 },
    ),
    'a variance': reductions(
      (x, axes, keepDims) => tf.moments(x, axes, keepDims).variance,
      fc.constant('float32'),
      undefined,
      {},
      { minSize: 1 },
    ),
  });

  itAgreesWithCpu(
    {
      'Sum of int32 beyond its range': fc
        .tuple(tensors([4], 'int32', fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 })))
        .map((operands) => ({ f: (x) => tf.sum(x), operands, tolerance: 0 })),
    },
    5,
  );
});

const alongOneAxis = (f: (x: tf.Tensor, axis: number) => tf.Tensor, gradient: boolean, minSize = 0): fc.Arbitrary<Case> =>
  fc.tuple(shapes({ minRank: 1, minSize, maxSize: 4 }), numbers).chain(([shape, dtype]) =>
    // Every third number is drawn twice, so that ties are decided too.
    fc
      .record({ axis: fc.integer({ min: 0, max: shape.length - 1 }), x: tensors(shape, dtype, fc.integer({ min: -3, max: 3 })) })
      .map(({ axis, x }) => ({
        f: (tensor: tf.Tensor) => f(tensor, axis),
        operands: [x],
        gradient: gradient && !shape.includes(0),
      })),
  );

describe('running sums and products, and places of extremes, agree with the cpu backend', () => {
  itAgreesWithCpu(
    {
      ArgMax: alongOneAxis((x, axis) => tf.argMax(x, axis), false, 1),
      ArgMin: alongOneAxis((x, axis) => tf.argMin(x, axis - x.rank), false, 1),
      ...Object.fromEntries(
        [false, true].flatMap((exclusive) =>
          [false, true].flatMap((reverse) => {
            const kind = [exclusive ? 'exclusive' : 'inclusive', ...(reverse ? ['reverse'] : [])].join(', ');
            return [
              [`Cumsum, ${kind}`, alongOneAxis((x, axis) => tf.cumsum(x, axis, exclusive, reverse), true)],
              [`Cumprod, ${kind}`, alongOneAxis((x, axis) => tf.cumprod(x, axis, exclusive, reverse), true, 1)],
            ];
          }),
        ),
      ),
    },
    8,
  );
});

describe('reductions on special values', () => {
  const values = [1, NaN, 2, NaN, 1, 2, 1, 2, NaN, Infinity, -Infinity, 3, -Infinity, -Infinity, -Infinity, 1e38, 2e38, -2];
  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['Max', (x) => tf.max(x, 1)],
    ['Min', (x) => tf.min(x, 1)],
    ['Max of columns', (x) => tf.max(x, 0)],
    ['Sum', (x) => tf.sum(x, 1)],
    ['Mean', (x) => tf.mean(x, 1)],
    ['Prod', (x) => tf.prod(x, 1)],
    ['Cumsum', (x) => tf.cumsum(x, 1)],
    ['Cumprod', (x) => tf.cumprod(x, 1)],
  ])('%s does not lose NaN, which onnxruntime alone would', async (_, f) => {
    await expectSameAsCpu(f, [{ shape: [6, 3], values }], { gradient: false });
  });

  it('reduces no elements to what the cpu backend has: 0, 1 for a product, NaN for an extreme', async () => {
    const empty: Operand = { shape: [2, 0, 3], values: [] };
    for (const f of [tf.sum, tf.mean, tf.prod, tf.max, tf.min]) await expectSameAsCpu((x) => f(x, 1), [empty], { gradient: false });
    for (const f of [tf.all, tf.any]) await expectSameAsCpu((x) => f(x, 1), [{ ...empty, dtype: 'bool' }], { gradient: false });
  });

  it('knows the sum of equal numbers while recording', async () => {
    const specs = { x: { shape: [100, 4], dtype: 'float32' }, bias: { shape: [4], dtype: 'float32' } } as const;
    const step = await (
      await engine('onnx')
    ).compile('known', specs, ({ x, bias }) => ({ slope: tf.grad((b) => tf.mean(tf.add(x, b)))(bias) }));
    expect(step.describe()).toBe('output_slope = 0.25:[4]\n');
  });
});

describe('sums over the first axes, in float32, against double precision', () => {
  /** Of one sign, so that the sums are well conditioned; the same at each call. */
  const positive = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 1009) / 1009);

  it.each([
    { what: 'rows of a batch', shape: [128, 33], axes: [0] },
    { what: 'pixels of a batch, of few channels', shape: [64, 14, 14, 32], axes: [0, 1, 2] },
    { what: 'pixels of a batch, of one channel', shape: [64, 14, 14, 1], axes: [0, 1, 2] },
    { what: 'wide rows', shape: [16, 5000], axes: [0] },
    { what: 'two of four axes', shape: [8, 3, 50, 40], axes: [0, 1] },
  ])('$what: sum, mean and sum of squares are right to 2e-6', async ({ shape, axes }) => {
    const x = positive(shape.reduce((size, dim) => size * dim, 1));
    const step = await (
      await engine('onnx')
    ).compile('sums', { x: { shape, dtype: 'float32' } }, (placed) => ({
      sum: tf.sum(placed.x, axes),
      mean: tf.mean(placed.x, axes),
      squares: tf.sum(tf.square(placed.x)),
    }));
    const results = await step.run({ x });
    const width = shape.slice(axes.length).reduce((size, dim) => size * dim, 1);
    const exact = new Float64Array(width);
    x.forEach((value, i) => (exact[i % width] = (exact[i % width] ?? 0) + value));
    const check = (name: string, expected: readonly number[]): void => {
      expected.forEach((value, i) => {
        expect(Math.abs((results[name]?.[i] ?? NaN) / value - 1), `${name} ${String(i)}`).toBeLessThan(2e-6);
      });
    };
    check('sum', [...exact]);
    check(
      'mean',
      [...exact].map((value) => (value * width) / x.length),
    );
    check('squares', [x.reduce((sum, value) => sum + value * value, 0)]);
    await step.dispose();
  });

  it('a number is squared even where there is nothing to sum', async () => {
    const step = await (
      await engine('onnx')
    ).compile('square', { x: { shape: [], dtype: 'float32' } }, ({ x }) => ({ square: tf.sum(tf.square(x)) }));
    expect((await step.run({ x: Float32Array.of(-3) }))['square']).toEqual(Float32Array.of(9));
    await step.dispose();
  });
});
