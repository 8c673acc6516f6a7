import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, expectSameAsCpu } from './against-cpu.js';
import { itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

const sizes = fc.integer({ min: 0, max: 4 });
type BatchesOf = (batch: readonly number[]) => fc.Arbitrary<readonly [readonly number[], readonly number[]]>;

/** Matrices with batch dimensions that `batchesOf` makes of a drawn shape, stored either way. */
const products = (batchesOf: BatchesOf, gradient: boolean, dtype: 'float32' | 'int32' = 'float32'): fc.Arbitrary<Case> =>
  fc
    .tuple(shapes({ maxRank: 3, minSize: 1 }).chain(batchesOf), sizes, sizes, sizes, fc.boolean(), fc.boolean())
    .chain(([[batchA, batchB], m, k, n, transposeA, transposeB]) =>
      fc.record({
        f: fc.constant((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, transposeA, transposeB)),
        operands: fc.tuple(
          tensors([...batchA, ...(transposeA ? [k, m] : [m, k])], dtype),
          tensors([...batchB, ...(transposeB ? [n, k] : [k, n])], dtype),
        ),
        gradient: fc.constant(gradient),
      }),
    );

const same: BatchesOf = (batch) => fc.constant([batch, batch] as const);
/** One side has a single matrix where the other has many. */
const broadcast: BatchesOf = (batch) =>
  fc.constantFrom(
    [batch.map(() => 1), batch] as const,
    [batch, batch.map(() => 1)] as const,
    [batch, batch.slice(1).map(() => 1)] as const,
  );

const equations: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'ij,jk->ik': [
    [2, 3],
    [3, 4],
  ],
  'ij,kj->ki': [
    [2, 3],
    [4, 3],
  ],
  'bij,bjk->bik': [
    [2, 3, 2],
    [2, 2, 4],
  ],
  'bqhd,bkhd->bhqk': [
    [2, 3, 2, 4],
    [2, 3, 2, 4],
  ],
  'i,i->': [[5], [5]],
  'i,j->ji': [[2], [3]],
  'ij,ij->ij': [
    [2, 3],
    [2, 3],
  ],
  'ijk,k->ij': [[2, 3, 4], [4]],
  'ijk,jl->li': [
    [2, 3, 2],
    [3, 4],
  ],
  'ijk->ki': [[2, 3, 4]],
  'ij->': [[2, 3]],
  'ij, j -> i': [[2, 0], [0]],
};

describe('matrix products agree with the cpu backend', () => {
  itAgreesWithCpu(
    {
      BatchMatMul: products(same, true),
      'BatchMatMul of whole numbers': products(same, false, 'int32'),
      'BatchMatMul with batches that broadcast': products(broadcast, true),
      'BatchMatMul of a transposed matrix': fc
        .tuple(tensors([3, 2]), tensors([3, 4]))
        .map((operands) => ({ f: (a, b) => tf.matMul(tf.transpose(a), b), operands })),
      dot: fc.tuple(tensors([3]), tensors([3, 2])).map((operands) => ({ f: (a, b) => tf.dot(a, b), operands })),
      outerProduct: fc
        .tuple(tensors([3]), tensors([2]))
        .map((operands) => ({ f: (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D), operands })),
    },
    25,
  );

  it.each(Object.entries(equations))('Einsum %s', async (equation, operandShapes) => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .constantFrom('float32' as const, 'int32' as const)
          .chain((dtype) => fc.tuple(...operandShapes.map((shape) => tensors(shape, dtype)))),
        async (operands) => {
          await expectSameAsCpu((...xs) => tf.einsum(equation, ...xs), operands, {
            gradient: operands.every(({ shape, dtype }) => dtype === 'float32' && !shape.includes(0)),
          });
        },
      ),
      { numRuns: 5 },
    );
  });

  it.each([
    ['linear', [4]],
    ['relu', [4]],
    ['sigmoid', []],
    ['elu', [1, 4]],
    ['relu6', [3, 4]],
    ['leakyrelu', [4]],
    ['prelu', [4]],
  ] as const)('_FusedMatMul with %s', async (activation, biasShape) => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        tensors([3, 3]),
        tensors([3, 4]),
        tensors(biasShape),
        tensors([4]),
        async (transposeA, a, b, bias, slopes) => {
          await expectSameAsCpu(
            (a, b, bias, slopes) =>
              tf.fused.matMul({
                a,
                b,
                bias,
                transposeA,
                activation,
                leakyreluAlpha: 0.3,
                ...(activation === 'prelu' ? { preluActivationWeights: slopes } : {}),
              }),
            [a, b, bias, slopes],
            { gradient: false },
          );
        },
      ),
      { numRuns: 5 },
    );
  });
});

describe('a matrix product', () => {
  const textOf = async (step: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, a: readonly number[], b: readonly number[]): Promise<string> => {
    const compiled = await (
      await engine('onnx')
    ).compile('test', { a: { shape: a, dtype: 'float32' }, b: { shape: b, dtype: 'float32' } }, ({ a, b }) => ({ y: step(a, b) }));
    const text = compiled.describe() ?? '';
    await compiled.dispose();
    return text;
  };

  it('takes a transposed operand as it was stored', async () => {
    const text = await textOf((a, b) => tf.matMul(tf.transpose(a), b), [3, 2], [3, 4]);
    expect(text).toMatch(/Gemm\(input_a, input_b\) transA=1 transB=0/);
    expect(text).not.toContain('Transpose');
  });

  it('is one tall Gemm where many matrices meet a single one', async () => {
    expect(await textOf((a, b) => tf.matMul(a, b), [5, 2, 3], [1, 3, 4])).toContain('Gemm');
  });

  it('takes up the bias', async () => {
    const text = await textOf((a, b) => tf.add(tf.matMul(a, b), tf.reshape(tf.slice(b, [0, 0], [1, 4]), [4])), [2, 3], [3, 4]);
    expect(text).toMatch(/Gemm\(input_a, input_b, Reshape_\d+\)/);
    expect(text).not.toContain('Add');
  });
});
