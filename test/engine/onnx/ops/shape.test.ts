import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, expectSameAsCpu } from './against-cpu.js';
import { anyTensors, dtypes, itAgreesWithCpu, shapes, tensors, type Case, type ShapeOptions } from './operands.js';

/** A random tensor x and a function of it that `make` draws for its shape. */
const of = (options: ShapeOptions, make: (shape: readonly number[]) => fc.Arbitrary<(x: tf.Tensor) => tf.Tensor>): fc.Arbitrary<Case> =>
  fc.tuple(shapes(options), dtypes).chain(([shape, dtype]) => fc.record({ f: make(shape), operands: fc.tuple(anyTensors(shape, dtype)) }));

const permutations = (rank: number): fc.Arbitrary<number[]> => {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return fc.shuffledSubarray(axes, { minLength: rank, maxLength: rank });
};

describe('kernels that give elements another shape or order agree with the cpu backend', () => {
  itAgreesWithCpu({
    'Reshape with one dimension left open': of({ minSize: 1 }, (shape) =>
      permutations(shape.length).map((perm) => (x) => tf.reshape(x, [...perm.slice(1).map((axis) => shape[axis] ?? 1), -1])),
    ),
    'Reshape to the flat tensor and back': of({}, (shape) => fc.constant((x) => tf.reshape(tf.reshape(x, [x.size]), [...shape]))),
    ExpandDims: of({}, (shape) => fc.integer({ min: -shape.length - 1, max: shape.length }).map((axis) => (x) => tf.expandDims(x, axis))),
    Squeeze: of({ maxSize: 2 }, () => fc.constant((x) => tf.squeeze(x))),
    Transpose: of({}, (shape) => permutations(shape.length).map((perm) => (x) => tf.transpose(x, perm))),
    'Transpose twice': of({}, (shape) =>
      fc.tuple(permutations(shape.length), permutations(shape.length)).map(
        ([one, two]) =>
          (x) =>
            tf.transpose(tf.transpose(x, one), two),
      ),
    ),
    'Transpose of a broadcast': of({ minRank: 2, maxRank: 4 }, (shape) =>
      permutations(shape.length).map(
        (perm) => (x) => tf.transpose(tf.broadcastTo(tf.slice(x, 0, Math.min(1, shape[0] ?? 0)), shape as [number]), perm),
      ),
    ),
    Tile: of({ minRank: 1 }, (shape) =>
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: shape.length, maxLength: shape.length }).map((reps) => (x) => tf.tile(x, reps)),
    ),
  });

  itAgreesWithCpu({
    'Tile, not at all': fc.tuple(tensors([2, 3])).map((operands) => ({ f: (x) => tf.tile(x, [0, 2]), operands })),
    'BroadcastTo more axes': fc.tuple(shapes({ maxRank: 2, minSize: 1 }), shapes({ maxRank: 2 })).chain(([own, more]) =>
      fc.record({
        f: fc.constant((x: tf.Tensor) => tf.broadcastTo(x, [...more, ...own.map((dim) => (dim === 1 ? 2 : dim))] as [number])),
        operands: fc.tuple(tensors(own)),
        gradient: fc.constant(!more.includes(0)),
      }),
    ),
    Diag: fc
      .tuple(shapes({ maxRank: 2, minRank: 1 }), dtypes)
      .chain(([shape, dtype]) => anyTensors(shape, dtype))
      .map((x) => ({ f: (t) => tf.diag(t), operands: [x], gradient: !x.shape.includes(0) })),
    DepthToSpace: fc
      .tuple(fc.integer({ min: 2, max: 3 }), shapes({ minRank: 4, maxRank: 4, minSize: 1 }))
      .chain(([block, [n = 1, h = 1, w = 1, c = 1]]) =>
        fc.record({
          f: fc.constant((x: tf.Tensor) => tf.depthToSpace(x as tf.Tensor4D, block)),
          operands: fc.tuple(tensors([n, h, w, c * block ** 2])),
        }),
      ),
    'SpaceToBatchND and its gradient, BatchToSpaceND': fc
      .record({
        counts: fc.tuple(...[1, 2].map((min) => fc.integer({ min, max: 3 }))),
        block: fc.tuple(...[1, 2].map((min) => fc.integer({ min, max: 2 }))),
        before: fc.integer({ min: 0, max: 1 }),
        rest: shapes({ maxRank: 2 }),
      })
      .chain(({ counts, block, before, rest }) => {
        const padded = counts.map((count, i) => count * (block[i] ?? 1));
        const paddings = padded.map((size) => (size > 1 ? [before, 0] : [0, 0]));
        const own = padded.map((size, i) => size - (paddings[i]?.[0] ?? 0));
        return fc.record({
          f: fc.constant((x: tf.Tensor) => tf.spaceToBatchND(x, block, paddings)),
          operands: fc.tuple(tensors([2, ...own, ...rest])),
        });
      }),
    'BatchToSpaceND and its gradient, SpaceToBatchND': fc
      .tuple(shapes({ minRank: 2, maxRank: 4, minSize: 1 }), fc.integer({ min: 0, max: 1 }))
      .chain(([[n = 1, h = 1, ...rest], crop]) =>
        fc.record({
          f: fc.constant((x: tf.Tensor) => tf.batchToSpaceND(x, [2], [[crop, 0]])),
          operands: fc.tuple(tensors([2 * n, h, ...rest])),
        }),
      ),
  });
});

describe('shapes cost nothing where they need not', () => {
  const nodesOf = async (step: (x: tf.Tensor) => tf.Tensor, shape: readonly number[]): Promise<string[]> => {
    const compiled = await (await engine('onnx')).compile('test', { x: { shape, dtype: 'float32' } }, ({ x }) => ({ y: step(x) }));
    const text = compiled.describe() ?? '';
    await compiled.dispose();
    return [...text.matchAll(/= (\w+)\(/g)].map((match) => match[1] ?? '');
  };

  it('repeats an axis of one element only when somebody needs all of it', async () => {
    expect(await nodesOf((x) => tf.add(tf.tile(x, [4, 1]), 1), [1, 3])).toEqual(['Add', 'Expand']);
  });

  it('leaves out a transposition and its inverse', async () => {
    expect(await nodesOf((x) => tf.transpose(tf.transpose(x, [2, 0, 1]), [1, 2, 0]), [2, 3, 4])).toEqual([]);
  });

  it('takes a transposition of axes of one element for a reshape', async () => {
    expect(await nodesOf((x) => tf.transpose(x, [1, 0, 2]), [1, 3, 2])).toEqual(['Reshape']);
  });

  it('keeps what is one number everywhere one number', async () => {
    const moved = (): tf.Tensor =>
      tf.pad(
        tf.concat([tf.tile(tf.slice(tf.ones([4, 2]), [1, 0], [2, 2]), [1, 2]), tf.ones([1, 4])], 0),
        [
          [0, 1],
          [0, 0],
        ],
        1,
      );
    expect(await nodesOf((x) => tf.add(x, moved()), [4, 4])).toEqual(['Add']);
  });

  it('slices what was there before a broadcast', async () => {
    expect(await nodesOf((x) => tf.slice(tf.broadcastTo(x, [5, 3]), [1, 1], [2, 1]), [1, 3])).toEqual(['Slice', 'Expand']);
  });
});

it('agrees with the cpu backend on an empty tensor whose empty axis moves', async () => {
  await expectSameAsCpu((x) => tf.reshape(tf.transpose(x, [1, 0]), [0, 2, 5]), [{ shape: [0, 3], values: [] }], { gradient: false });
});
