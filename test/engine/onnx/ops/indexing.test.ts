import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, type Operand } from './against-cpu.js';
import { anyTensors, dtypes, itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

const positions = (shape: readonly number[], below: number): fc.Arbitrary<Operand> =>
  tensors(shape, 'int32', fc.nat({ max: Math.max(0, below - 1) }));

/** x [batch..., outer..., axis, rest...] and positions [batch..., any...] along the axis. */
const gathers = (batchDims: number): fc.Arbitrary<Case> =>
  fc
    .record({
      batch: shapes({ minRank: batchDims, maxRank: batchDims, minSize: 1 }),
      outer: shapes({ maxRank: 1 }),
      dim: fc.integer({ min: 1, max: 4 }),
      rest: shapes({ maxRank: 2 }),
      own: shapes({ maxRank: 2 }),
      dtype: dtypes,
    })
    .chain(({ batch, outer, dim, rest, own, dtype }) =>
      fc.record({
        f: fc.constant((x: tf.Tensor, at: tf.Tensor) => tf.gather(x, at, batchDims + outer.length, batchDims)),
        operands: fc.tuple(anyTensors([...batch, ...outer, dim, ...rest], dtype), positions([...batch, ...own], dim)),
        // The cpu backend adds up no rows.
        gradient: fc.constant(![...batch, ...outer, ...rest, ...own].includes(0)),
      }),
    );

describe('kernels that read by position agree with the cpu backend', () => {
  itAgreesWithCpu({
    GatherV2: gathers(0),
    'GatherV2 with one batch dimension': gathers(1),
    'GatherV2 with two batch dimensions': gathers(2),
    'GatherV2 along an axis from the back': fc
      .tuple(tensors([2, 3]), positions([4], 3))
      .map((operands) => ({ f: (x, at) => tf.gather(x, at, -1), operands })),
    'GatherV2 of a broadcast': fc
      .tuple(tensors([1, 3]), positions([2, 2], 4))
      .map((operands) => ({ f: (x, at) => tf.gather(tf.broadcastTo(x, [4, 3]), at), operands })),
    GatherNd: fc
      .tuple(shapes({ minRank: 1, maxRank: 4, minSize: 1 }), shapes({ maxRank: 2 }), fc.nat(), dtypes)
      .chain(([shape, own, n, dtype]) => {
        const depth = 1 + (n % shape.length);
        return fc.record({
          f: fc.constant((x: tf.Tensor, at: tf.Tensor) => tf.gatherND(x, at)),
          operands: fc.tuple(anyTensors(shape, dtype), positions([...own, depth], Math.min(...shape.slice(0, depth)))),
          gradient: fc.constant(!own.includes(0)),
        });
      }),
    OneHot: fc
      .tuple(shapes({ maxRank: 3 }), fc.integer({ min: 2, max: 5 }), fc.constantFrom<[number, number]>([1, 0], [0.5, -2]))
      .chain(([shape, depth, [on, off]]) =>
        fc.record({
          f: fc.constant((at: tf.Tensor) => tf.oneHot(at, depth, on, off, 'float32')),
          // Positions on both sides of the range, too.
          operands: fc.tuple(tensors(shape, 'int32', fc.integer({ min: -2, max: 6 }))),
        }),
      ),
    'OneHot of whole numbers': fc
      .tuple(tensors([2, 3], 'int32'))
      .map((operands) => ({ f: (at) => tf.oneHot(at, 4, 3, -1, 'int32'), operands })),
  });
});

describe('positions out of range', () => {
  const gather = async (at: number): Promise<number | undefined> => {
    const step = await (
      await engine('onnx')
    ).compile('test', { x: { shape: [3], dtype: 'float32' }, at: { shape: [1], dtype: 'int32' } }, ({ x, at }) => ({
      y: tf.gather(x, at as tf.Tensor1D),
    }));
    return (await step.run({ x: Float32Array.of(1, 2, 3), at: Int32Array.of(at) }))['y']?.[0];
  };

  it('fail the run beyond the end', async () => {
    await expect(gather(3)).rejects.toThrow('out of data bounds');
    await expect(gather(-4)).rejects.toThrow('out of data bounds');
  });

  it('count from the end below zero, where the cpu backend fails', async () => {
    expect(await gather(-1)).toBe(3);
  });
});
