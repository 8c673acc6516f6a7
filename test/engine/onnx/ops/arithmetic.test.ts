import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, expectSameAsCpu, type Operand } from './against-cpu.js';
import { pairs, quarters, quartersBut, specialPair, specials, specialTensor } from './broadcasting.js';
import { itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const of = (f: Binary, operands: ReturnType<typeof pairs>, rest: Partial<Case> = {}): fc.Arbitrary<Case> =>
  operands.map((drawn) => ({ f, operands: drawn, ...rest }));

const haveEqualShapes = ([a, b]: readonly Operand[]): boolean => String(a?.shape) === String(b?.shape);
/** TensorFlow.js has no gradient for an axis of one element that is broadcast to none. */
const floats = (f: Binary, a = quarters(-10, 10), b = a): fc.Arbitrary<Case> =>
  of(f, pairs('float32', a, b)).map((drawn) => ({
    ...drawn,
    gradient: haveEqualShapes(drawn.operands) || !drawn.operands.some(({ shape }) => shape.includes(0)),
  }));

describe('arithmetic agrees with the cpu backend on floats, value and gradient', () => {
  itAgreesWithCpu({
    Add: floats(tf.add),
    Sub: floats(tf.sub),
    Multiply: floats(tf.mul),
    RealDiv: floats(tf.div, quarters(-10, 10), quartersBut(0, -10, 10)),
    Maximum: floats(tf.maximum),
    Minimum: floats(tf.minimum),
    SquaredDifference: floats(tf.squaredDifference),
    // The cpu backend rounds the quotient in double precision: powers of two keep it exact in both.
    Mod: floats(tf.mod, quarters(-10, 10), fc.constantFrom(-4, -2, -0.5, 0.5, 1, 8)),
    Atan2: floats(tf.atan2, quartersBut(0, -10, 10), quartersBut(0, -10, 10)),
    Pow: floats(tf.pow, quarters(0.25, 3), quarters(-3, 3)),
  });
  itAgreesWithCpu(
    {
      ...Object.fromEntries(
        [-2, -1, -0.5, 0, 0.5, 1, 2, 2.5, 3].map((exponent) => [
          `Pow to the ${String(exponent)}`,
          fc
            .tuple(shapes({ maxRank: 3 }).chain((shape) => tensors(shape, 'float32', quarters(0.5, 4))))
            .map((operands) => ({ f: (x: tf.Tensor) => tf.pow(x, exponent), operands, tolerance: 2e-5 })),
        ]),
      ),
      AddN: shapes().chain((shape) =>
        fc
          .array(tensors(shape), { minLength: 1, maxLength: 4 })
          .map((operands) => ({ f: (...terms: tf.Tensor[]) => tf.addN(terms), operands })),
      ),
      ClipByValue: shapes().chain((shape) =>
        fc.tuple(tensors(shape)).map((operands) => ({ f: (x: tf.Tensor) => tf.clipByValue(x, -1.5, 3), operands })),
      ),
    },
    5,
  );
});

describe('arithmetic agrees with the cpu backend on int32', () => {
  const wide = fc.oneof(
    fc.integer({ min: -9, max: 9 }),
    fc.constantFrom(2 ** 30, -(2 ** 30), 46_341, -46_341, 2 ** 31 - 1, -(2 ** 31) + 1),
  );
  const narrow = fc.integer({ min: -9, max: 9 });
  const integers = (f: Binary, a = wide, b = a): fc.Arbitrary<Case> => of(f, pairs('int32', a, b), { gradient: false, tolerance: 0 });
  itAgreesWithCpu(
    {
      'Add, wrapping around': integers(tf.add),
      'Sub, wrapping around': integers(tf.sub),
      'Multiply, wrapping around': integers(tf.mul, wide, fc.constantFrom(-7, 0, 3, 46_341)),
      Maximum: integers(tf.maximum),
      Minimum: integers(tf.minimum),
      'SquaredDifference, wrapping around': integers(tf.squaredDifference, fc.integer({ min: -50_000, max: 50_000 })),
      'FloorDiv, by zero too': integers(tf.div, wide, narrow),
      'Mod, by zero too': integers(tf.mod, wide, narrow),
      // Zero to a negative power is infinite, of which JavaScript makes an int32 zero.
      Pow: integers(
        tf.pow,
        narrow.filter((x) => x !== 0),
        fc.integer({ min: -2, max: 6 }),
      ),
      BitwiseAnd: shapes().chain((shape) =>
        fc
          .tuple(tensors(shape, 'int32', wide), tensors(shape, 'int32', wide))
          .map((operands) => ({ f: tf.bitwiseAnd, operands, gradient: false })),
      ),
      ClipByValue: shapes().chain((shape) =>
        fc
          .tuple(tensors(shape, 'int32', narrow))
          .map((operands) => ({ f: (x: tf.Tensor) => tf.clipByValue(x, -2.5, 3.5), operands, gradient: false })),
      ),
      'FloorDiv of floats': of(tf.floorDiv, pairs('float32', quarters(-10, 10), fc.constantFrom(-2, 0.5, 4)), { gradient: false }),
      'a type that is raised to float32': fc.tuple(tensors([2, 3], 'int32'), tensors([3])).map((operands) => ({ f: tf.add, operands })),
    },
    8,
  );
});

describe('arithmetic on special values', () => {
  const rows: readonly [string, Binary, number?][] = [
    ['Add', tf.add],
    ['Sub', tf.sub],
    ['Multiply', tf.mul],
    ['RealDiv', tf.div],
    ['Maximum', tf.maximum],
    ['Minimum', tf.minimum],
    ['Atan2', tf.atan2],
    ['SquaredDifference', tf.squaredDifference],
  ];
  it.each(rows)('%s gives what IEEE 754 says', async (_, f) => {
    await expectSameAsCpu(f, specialPair(), { gradient: false });
  });

  it('Pow gives what IEEE 754 says: one to any power is one, where JavaScript has NaN', async () => {
    const bases = specials.filter((value) => Math.abs(value) !== 1);
    await expectSameAsCpu(tf.pow, [{ shape: [bases.length, 1], values: bases }, specialTensor()], { gradient: false });
    const step = await (
      await engine('onnx')
    ).compile('pow', { b: { shape: [3], dtype: 'float32' } }, ({ b }) => ({ y: tf.pow(tf.ones([1]), b) }));
    expect([...((await step.run({ b: Float32Array.of(NaN, Infinity, -Infinity) }))['y'] ?? [])]).toEqual([1, 1, 1]);
  });

  it('Mod of special dividends', async () => {
    await expectSameAsCpu(
      tf.mod,
      [{ shape: [7, 1], values: [NaN, Infinity, -Infinity, 0, -0, 3, -3.5] }, specialTensor([NaN, 0, 2, -2, 0.5])],
      { gradient: false },
    );
  });

  it('ClipByValue leaves NaN', async () => {
    await expectSameAsCpu((x) => tf.clipByValue(x, -2, 2), [specialTensor()], { gradient: false });
  });

  it('a factor that is zero everywhere gives zeros, even with NaN', async () => {
    const step = await (
      await engine('onnx')
    ).compile('zero', { x: { shape: [3], dtype: 'float32' } }, ({ x }) => ({ y: tf.mul(x, tf.zerosLike(x)) }));
    expect([...((await step.run({ x: Float32Array.of(NaN, Infinity, 1) }))['y'] ?? [])]).toEqual([0, 0, 0]);
    expect(step.describe()).not.toContain('Mul');
  });

  it('sums and products of bool stay bool: or, and', async () => {
    const bools = [
      { shape: [4], dtype: 'bool', values: [0, 0, 1, 1] },
      { shape: [4], dtype: 'bool', values: [0, 1, 0, 1] },
    ] as const;
    const step = await (
      await engine('onnx')
    ).compile('bool', { a: { shape: [4], dtype: 'bool' }, b: { shape: [4], dtype: 'bool' } }, ({ a, b }) => ({
      sum: tf.add(a, b),
      product: tf.mul(a, b),
    }));
    const results = await step.run({ a: Uint8Array.from(bools[0].values), b: Uint8Array.from(bools[1].values) });
    expect(results['sum']).toEqual(Uint8Array.of(0, 1, 1, 1));
    expect(results['product']).toEqual(Uint8Array.of(0, 0, 0, 1));
  });

  it('the largest negative int32 divided by -1 wraps around', async () => {
    await expectSameAsCpu(
      tf.div,
      [
        { shape: [1], dtype: 'int32', values: [-(2 ** 31)] },
        { shape: [1], dtype: 'int32', values: [-1] },
      ],
      { gradient: false },
    );
  });
});
