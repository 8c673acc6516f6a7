import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyOf, between, magnitudesBetween } from './accuracy.js';
import { engine, expectSameAsCpu } from './against-cpu.js';
import { magnitudes, quarters, quartersBut, specials, specialTensor } from './broadcasting.js';
import { itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

type Unary = (x: tf.Tensor) => tf.Tensor;
const floats = (f: Unary, values = quarters(-8, 8), tolerance = 1e-5): fc.Arbitrary<Case> =>
  shapes().chain((shape) => fc.tuple(tensors(shape, 'float32', values)).map((operands) => ({ f, operands, tolerance })));
const integers = (f: Unary, values = fc.integer({ min: -9, max: 9 })): fc.Arbitrary<Case> =>
  shapes().chain((shape) => fc.tuple(tensors(shape, 'int32', values)).map((operands) => ({ f, operands, gradient: false })));
const inside = quarters(-0.75, 0.75);

describe('functions of one operand agree with the cpu backend on floats, value and gradient', () => {
  itAgreesWithCpu(
    {
      Abs: floats(tf.abs),
      Acos: floats(tf.acos, inside),
      Acosh: floats(tf.acosh, quarters(1.25, 9)),
      Asin: floats(tf.asin, inside),
      Asinh: floats(tf.asinh),
      Atan: floats(tf.atan),
      Atanh: floats(tf.atanh, inside),
      Ceil: floats(tf.ceil),
      Cos: floats(tf.cos),
      Cosh: floats(tf.cosh, quarters(-5, 5), 2e-5),
      // The cpu backend's own is right to 1.5e-7.
      Erf: floats(tf.erf),
      Exp: floats(tf.exp),
      Expm1: floats(tf.expm1),
      Floor: floats(tf.floor),
      Log: floats(tf.log, quarters(0.25, 9)),
      Log1p: floats(tf.log1p, quarters(-0.75, 9)),
      Neg: floats(tf.neg),
      Reciprocal: floats(tf.reciprocal, quartersBut(0, -8, 8)),
      Round: floats(tf.round),
      Rsqrt: floats(tf.rsqrt, quarters(0.25, 9)),
      Sign: floats(tf.sign),
      Sin: floats(tf.sin),
      Sinh: floats(tf.sinh, quarters(-5, 5), 2e-5),
      Sqrt: floats(tf.sqrt, quarters(0.25, 9)),
      Square: floats(tf.square),
      Step: floats((x) => tf.step(x)),
      'Step from -1': floats((x) => tf.step(x, -1)),
      'Step from 0.2': floats((x) => tf.step(x, 0.2)),
      Tan: floats(tf.tan, quarters(-1.25, 1.25)),
      Tanh: floats(tf.tanh),
    },
    8,
  );
});

describe('functions of one operand keep the type of whole numbers', () => {
  itAgreesWithCpu(
    {
      Abs: integers(tf.abs),
      Neg: integers(tf.neg),
      Sign: integers(tf.sign),
      'Square, wrapping around': integers(tf.square, fc.integer({ min: -60_000, max: 60_000 })),
      'Exp, which gives float32': integers(tf.exp),
      Reciprocal: integers(tf.reciprocal, fc.constantFrom(-3, -1, 1, 2)),
      Round: integers(tf.round),
      Step: integers((x) => tf.step(x)),
      Erf: integers(tf.erf),
      IsNan: integers(tf.isNaN),
      IsInf: integers(tf.isInf),
      IsFinite: integers(tf.isFinite),
    },
    4,
  );
});

describe('functions of one operand on special values', () => {
  // Beyond 1e5 the cpu backend and onnxruntime reduce angles in other precisions.
  const small = specials.filter((x) => !(Math.abs(x) > 1e5 && Number.isFinite(x)));
  const rows: readonly (readonly [string, Unary, readonly number[] | undefined])[] = [
    ...Object.entries({
      Abs: tf.abs,
      Ceil: tf.ceil,
      Erf: tf.erf,
      Exp: tf.exp,
      Expm1: tf.expm1,
      Floor: tf.floor,
      Log: tf.log,
      Log1p: tf.log1p,
      Neg: tf.neg,
      Reciprocal: tf.reciprocal,
      Round: tf.round,
    }),
    ...Object.entries({
      Rsqrt: tf.rsqrt,
      Sign: tf.sign,
      Sqrt: tf.sqrt,
      Square: tf.square,
      Tanh: tf.tanh,
      IsNan: tf.isNaN,
      IsInf: tf.isInf,
      IsFinite: tf.isFinite,
      Asinh: tf.asinh,
      Atan: tf.atan,
      Acosh: tf.acosh,
    }),
    ...Object.entries({ Acos: tf.acos, Asin: tf.asin, Atanh: tf.atanh, Cosh: tf.cosh, Sinh: tf.sinh }),
    ...Object.entries({ Cos: tf.cos, Sin: tf.sin, Tan: tf.tan }).map(([name, f]) => [name, f, small] as const),
  ].map(([name, f, values]) => [name, f as Unary, values]);
  it.each(rows)('%s gives what IEEE 754 says', async (name, f, values = specials) => {
    // JavaScript has NaN for the sign of NaN in Math.sign, and TensorFlow.js 0.
    const tried = name === 'Sign' ? values.filter((x) => !Number.isNaN(x)) : values;
    await expectSameAsCpu(f, [specialTensor(tried)], { gradient: false });
  });

  it('Round goes to the even neighbour from half way', async () => {
    await expectSameAsCpu((x) => tf.round(x), [specialTensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 8_388_607.5])], {
      gradient: false,
      tolerance: 0,
    });
  });

  it('Step leaves NaN', async () => {
    await expectSameAsCpu((x) => tf.step(x), [specialTensor()], { gradient: false });
  });

  it('Step is 1 from the smallest normal number on; denormals count as zero, as everywhere in a compiled step', async () => {
    const step = await (await engine('onnx')).compile('step', { x: { shape: [6], dtype: 'float32' } }, ({ x }) => ({ y: tf.step(x) }));
    const y = (await step.run({ x: Float32Array.of(2 ** -126, -(2 ** -126), 2 ** -140, 0, Infinity, -Infinity) }))['y'] ?? [];
    expect([...y]).toEqual([1, 0, 0, 0, 1, 0]);
  });
});

describe('functions of one operand are accurate relative to their result, at every magnitude', () => {
  const anywhere = fc.sample(magnitudes, { numRuns: 2000, seed: 1 });
  it.each<[string, Unary, (x: number) => number, readonly number[]]>([
    ['Exp', tf.exp, Math.exp, between(-87, 88)],
    ['Expm1', tf.expm1, Math.expm1, [...anywhere, ...between(-20, 80)]],
    ['Log', tf.log, Math.log, magnitudesBetween(1e-37, 1e37)],
    ['Log1p', tf.log1p, Math.log1p, [...anywhere.filter((x) => x > -1), ...between(-0.999, 5), ...magnitudesBetween(1e-37, 3e38)]],
    ['Sqrt', tf.sqrt, Math.sqrt, magnitudesBetween(1e-37, 1e37)],
    ['Rsqrt', tf.rsqrt, (x) => 1 / Math.sqrt(x), magnitudesBetween(1e-37, 1e37)],
    ['Tanh', tf.tanh, Math.tanh, anywhere],
  ])('%s, to 5e-7', async (_, f, exact, numbers) => {
    const { error, at } = await accuracyOf(f, exact, numbers);
    expect(error, `at ${String(at)}`).toBeLessThan(5e-7);
  });
});
