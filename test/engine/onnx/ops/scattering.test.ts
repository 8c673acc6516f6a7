import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, type Operand } from './against-cpu.js';
import { dtypes, itAgreesWithCpu, shapes, tensors } from './operands.js';

/** A shape, and positions [count, depth] of any of its rows. */
const rows = (
  distinct: boolean,
): fc.Arbitrary<{ readonly shape: readonly number[]; readonly positions: Operand; readonly updates: readonly number[] }> =>
  fc.tuple(shapes({ minRank: 1, maxRank: 4, minSize: 1 }), fc.nat(), fc.nat()).chain(([shape, n, seed]) => {
    const depth = 1 + (n % shape.length);
    const lead = shape.slice(0, depth);
    const size = lead.reduce((product, dim) => product * dim, 1);
    const count = distinct ? seed % (size + 1) : seed % 5;
    const flat = fc.nat({ max: size - 1 });
    return (
      distinct ? fc.uniqueArray(flat, { minLength: count, maxLength: count }) : fc.array(flat, { minLength: count, maxLength: count })
    ).map((places) => ({
      shape,
      positions: { shape: [count, depth], dtype: 'int32' as const, values: places.flatMap((place) => unravel(place, lead)) },
      updates: [count, ...shape.slice(depth)],
    }));
  });

const unravel = (place: number, sizes: readonly number[]): number[] =>
  sizes.map((size, axis) => Math.floor(place / sizes.slice(axis + 1).reduce((product, dim) => product * dim, 1)) % size);

describe('kernels that write by position agree with the cpu backend', () => {
  itAgreesWithCpu({
    ScatterNd: fc
      .tuple(rows(false), fc.constantFrom('float32' as const, 'int32' as const))
      .chain(([{ shape, positions, updates }, dtype]) =>
        fc.record({
          f: fc.constant((at: tf.Tensor, x: tf.Tensor) => tf.scatterND(at, x, [...shape])),
          operands: fc.tuple(fc.constant(positions), tensors(updates, dtype)),
          gradient: fc.constant(!updates.includes(0)),
        }),
      ),
    TensorScatterUpdate: fc.tuple(rows(false), dtypes).chain(([{ shape, positions, updates }, dtype]) =>
      fc.record({
        // Writes into its first operand on the cpu backend.
        f: fc.constant((x: tf.Tensor, at: tf.Tensor, y: tf.Tensor) => tf.tensorScatterUpdate(tf.reverse(tf.reverse(x)), at, y)),
        operands: fc.tuple(tensors(shape, dtype), fc.constant(positions), tensors(updates, dtype)),
        gradient: fc.constant(false),
      }),
    ),
    SparseToDense: fc.tuple(rows(true), dtypes).chain(([{ shape, positions }, dtype]) => {
      const [count = 0, depth = 0] = positions.shape;
      const lead = shape.slice(0, depth);
      return fc.record({
        f: fc.constant((at: tf.Tensor, x: tf.Tensor, other: tf.Tensor) => tf.sparseToDense(at, x, lead as [number], other as tf.Scalar)),
        operands: fc.tuple(fc.constant(positions), tensors([count], dtype), tensors([], dtype)),
        gradient: fc.constant(false),
      });
    }),
    'SparseToDense of one value': fc
      .tuple(tensors([], 'float32'))
      .map((operands) => ({ f: (x) => tf.sparseToDense(tf.tensor1d([1, 3], 'int32'), x, [5], 0), operands, gradient: false })),
  });

  // Segments beyond 256 are added up in another way.
  itAgreesWithCpu(
    Object.fromEntries(
      [4, 300].flatMap((segments) => [
        [
          `UnsortedSegmentSum into ${String(segments)} segments`,
          fc.tuple(shapes({ minRank: 1, maxRank: 4 }), dtypes).chain(([shape, dtype]) =>
            fc.record({
              // The cpu backend answers whole numbers with floats.
              f: fc.constant((x: tf.Tensor, ids: tf.Tensor) => tf.cast(tf.unsortedSegmentSum(x, ids as tf.Tensor1D, segments), 'float32')),
              // An id without a segment drops its row.
              operands: fc.tuple(
                tensors(shape, dtype === 'bool' ? 'int32' : dtype),
                tensors([shape[0] ?? 0], 'int32', fc.integer({ min: -1, max: segments - 1 })),
              ),
              gradient: fc.constant(!shape.includes(0)),
            }),
          ),
        ],
        [
          `UnsortedSegmentSum beyond ${String(segments)} segments`,
          fc.tuple(tensors([4, 2]), tensors([4], 'int32', fc.constantFrom(0, segments, segments + 7))).map((operands) => ({
            f: (x: tf.Tensor, ids: tf.Tensor) => tf.unsortedSegmentSum(x, ids as tf.Tensor1D, segments),
            operands,
          })),
        ],
        [
          `Bincount into ${String(segments)} numbers`,
          fc.tuple(fc.nat({ max: 6 }), fc.boolean()).chain(([count, weighted]) =>
            fc.record({
              f: fc.constant((x: tf.Tensor, weights: tf.Tensor) => tf.bincount(x as tf.Tensor1D, weights as tf.Tensor1D, segments)),
              operands: fc.tuple(tensors([count], 'int32', fc.nat({ max: segments + 1 })), tensors([weighted ? count : 0], 'float32')),
              gradient: fc.constant(false),
            }),
          ),
        ],
        [
          `DenseBincount into ${String(segments)} numbers`,
          fc.tuple(shapes({ minRank: 1, maxRank: 2, minSize: 1 }), fc.constantFrom('counts', 'weights', 'binary')).chain(([shape, what]) =>
            fc.record({
              f: fc.constant((x: tf.Tensor, weights: tf.Tensor) =>
                tf.denseBincount(x as tf.Tensor2D, weights as tf.Tensor2D, segments, what === 'binary'),
              ),
              operands: fc.tuple(
                tensors(shape, 'int32', fc.nat({ max: segments + 1 })),
                tensors(what === 'weights' ? shape : [0], 'float32'),
              ),
              gradient: fc.constant(false),
            }),
          ),
        ],
      ]),
    ),
  );
});

describe('adding by position', () => {
  it('gives the same sums each time, however many rows meet', async () => {
    const [count, segments, width] = [2000, 300, 16];
    const step = await (
      await engine('onnx')
    ).compile('test', { x: { shape: [count, width], dtype: 'float32' }, ids: { shape: [count], dtype: 'int32' } }, ({ x, ids }) => ({
      segments: tf.unsortedSegmentSum(x, ids as tf.Tensor1D, segments),
      scattered: tf.scatterND(tf.reshape(ids, [count, 1]), x, [segments, width]),
    }));
    const feeds = { x: new Float32Array(count * width).fill(1), ids: Int32Array.from({ length: count }, (_, i) => (i * i) % segments) };
    const expected = new Float32Array(segments * width);
    feeds.ids.forEach((id) => expected.fill((expected[id * width] ?? 0) + 1, id * width, (id + 1) * width));
    for (let run = 0; run < 5; run++) {
      const results = await step.run(feeds);
      expect(results['segments']).toEqual(expected);
      expect(results['scattered']).toEqual(expected);
    }
  });

  it('fails where the result has no such place', async () => {
    const step = await (
      await engine('onnx')
    ).compile('test', { at: { shape: [1, 1], dtype: 'int32' } }, ({ at }) => ({ y: tf.scatterND(at, tf.tensor1d([1]), [3]) }));
    await expect(step.run({ at: Int32Array.of(3) })).rejects.toThrow();
  });
});
