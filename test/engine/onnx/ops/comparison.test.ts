import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, expectSameAsCpu } from './against-cpu.js';
import { pairs, specialPair } from './broadcasting.js';
import { dtypes, itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const comparisons: Readonly<Record<string, Binary>> = {
  Equal: tf.equal,
  NotEqual: tf.notEqual,
  Greater: tf.greater,
  GreaterEqual: tf.greaterEqual,
  Less: tf.less,
  LessEqual: tf.lessEqual,
};
const few = fc.integer({ min: 0, max: 1 });
const drawn = (f: Binary, operands: ReturnType<typeof pairs>): fc.Arbitrary<Case> =>
  operands.map((pair) => ({ f, operands: pair, gradient: false }));

describe('comparisons and logic agree with the cpu backend', () => {
  itAgreesWithCpu(
    {
      ...Object.fromEntries(Object.entries(comparisons).map(([name, f]) => [name, dtypes.chain((dtype) => drawn(f, pairs(dtype, few)))])),
      LogicalAnd: drawn(tf.logicalAnd, pairs('bool')),
      LogicalOr: drawn(tf.logicalOr, pairs('bool')),
      LogicalXor: drawn(tf.logicalXor, pairs('bool')),
      LogicalNot: shapes().chain((shape) => fc.tuple(tensors(shape, 'bool')).map((operands) => ({ f: (x) => tf.logicalNot(x), operands }))),
    },
    8,
  );

  it.each(Object.entries(comparisons))('%s of NaN, infinities and signed zeros', async (_, f) => {
    await expectSameAsCpu(f, specialPair(), { gradient: false });
  });
});

describe('Select', () => {
  const chosen = (condition: readonly number[], values: readonly number[], dtype: 'float32' | 'int32' | 'bool'): fc.Arbitrary<Case> =>
    fc.tuple(tensors(condition, 'bool'), tensors(values, dtype), tensors(values, dtype)).map((operands) => ({ f: tf.where, operands }));
  itAgreesWithCpu(
    {
      'chooses element by element, and sends the gradient to where the element came from': fc
        .tuple(shapes(), dtypes)
        .chain(([shape, dtype]) => chosen(shape, shape, dtype)),
      'broadcasts the condition': shapes({ minRank: 1, minSize: 1 }).chain((shape) => chosen(shape.slice(1), shape, 'float32')),
      'raises int32 to float32': fc
        .tuple(tensors([4], 'bool'), tensors([4], 'int32'), tensors([4]))
        .map((operands) => ({ f: tf.where, operands, gradient: false })),
    },
    10,
  );

  it('chooses rows by a condition of rank 1, of which the cpu backend takes the wrong elements', async () => {
    // tf.where broadcasts its condition first; only the kernel itself sees rank 1.
    const select = (condition: tf.Tensor, t: tf.Tensor, e: tf.Tensor): tf.Tensor => tf.engine().runKernel('Select', { condition, t, e });
    const specs = {
      c: { shape: [2], dtype: 'bool' },
      t: { shape: [2, 2], dtype: 'float32' },
      e: { shape: [2, 2], dtype: 'float32' },
    } as const;
    const step = await (await engine('onnx')).compile('rows', specs, ({ c, t, e }) => ({ y: select(c, t, e) }));
    const results = await step.run({ c: Uint8Array.of(0, 1), t: Float32Array.of(1, 2, 3, 4), e: Float32Array.of(5, 6, 7, 8) });
    expect([...(results['y'] ?? [])]).toEqual([5, 6, 3, 4]);
  });

  it('needs no node where the condition is known while recording', async () => {
    const step = await (
      await engine('onnx')
    ).compile('known', { x: { shape: [3], dtype: 'float32' } }, ({ x }) => ({
      y: tf.where(tf.cast(tf.onesLike(x), 'bool'), tf.neg(x), x),
    }));
    expect(step.describe()).toContain('output_y: float32[3] = Neg(input_x)');
  });
});
