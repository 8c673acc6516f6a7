/** Gradients of kernels that read, write or rank by position. Positions themselves have no slope. */
import * as tf from '@tensorflow/tfjs-core';
import { axisOf, gradient, saved, sizeOf, type Gradient, type Gradients } from './gradient.js';

const flat = (positions: tf.Tensor): tf.Tensor => tf.zeros(positions.shape);

/** A tensor of positions, for functions whose types tell ranks. */
const list = (positions: tf.Tensor): tf.Tensor1D => tf.reshape(tf.cast(positions, 'int32'), [-1]);

/** 0, step, 2 step, ..., as positions that are added to others. */
const starts = (count: number, step: number): tf.Tensor =>
  tf.tensor(
    Int32Array.from({ length: count }, (_, i) => i * step),
    [count, 1],
    'int32',
  );

/** x [B..., O..., N, I...] at positions [B..., P...] is dy [B..., O..., P..., I...]: what was read is added up where it stood. */
const gatherGradient = (dy: tf.Tensor, x: tf.Tensor, positions: tf.Tensor, attrs: tf.NamedAttrMap): tf.Tensor => {
  const axis = axisOf(attrs['axis'], x.rank);
  const batchDims = axisOf(attrs['batchDims'] ?? 0, positions.rank);
  const [batch, outer] = [sizeOf(x.shape.slice(0, batchDims)), sizeOf(x.shape.slice(batchDims, axis))];
  const [size, inner] = [x.shape[axis] ?? 1, sizeOf(x.shape.slice(axis + 1))];
  const count = positions.size / batch;
  const rows = tf.reshape(tf.transpose(tf.reshape(dy, [batch, outer, count, inner]), [0, 2, 1, 3]), [batch * count, outer * inner]);
  const own = tf.reshape(tf.cast(positions, 'int32'), [batch, count]);
  const ids = list(batch === 1 ? own : tf.add(own, starts(batch, size)));
  const sums = tf.reshape(tf.unsortedSegmentSum(rows, ids, batch * size), [batch, size, outer, inner]);
  return tf.reshape(tf.transpose(sums, [0, 2, 1, 3]), x.shape);
};

/** The k largest of each row of x [..., N] go back to where they were. */
const topKGradient: Gradient = {
  inputsToSave: ['x'],
  outputsToSave: [false, true],
  gradFunc: (dy, tensors) => {
    const [x, positions] = [saved(tensors, 0), saved(tensors, 1)];
    const slopes = Array.isArray(dy) ? saved(dy, 0) : dy;
    const size = x.shape.at(-1) ?? 1;
    const rows = x.size / Math.max(1, size);
    const k = positions.shape.at(-1) ?? 1;
    const places = tf.add(tf.reshape(positions, [rows, k]), starts(rows, size));
    return { x: () => tf.reshape(tf.unsortedSegmentSum(tf.reshape(slopes, [rows * k]), list(places), x.size), x.shape) };
  },
};

export const indexingGradients: Gradients = {
  // TensorFlow.js calls methods that tensors have with its union package only, and gives whole numbers as the slope of the positions.
  GatherV2: gradient(['x', 'indices'], (dy, inputs, attrs) => {
    const [x, positions] = [saved(inputs, 0), saved(inputs, 1)];
    return [() => gatherGradient(dy, x, positions, attrs), () => flat(positions)];
  }),
  GatherNd: gradient(['params', 'indices'], (dy, inputs) => {
    const [x, positions] = [saved(inputs, 0), saved(inputs, 1)];
    const depth = positions.shape.at(-1) ?? 0;
    // The cpu backend's ScatterNd takes one position without rows for none.
    const indices = tf.reshape(positions, [-1, depth]);
    const updates = tf.reshape(dy, [-1, ...x.shape.slice(depth)]);
    return [() => tf.engine().runKernel('ScatterNd', { indices, updates }, { shape: x.shape }), () => flat(positions)];
  }),
  ScatterNd: gradient(['updates', 'indices'], (dy, inputs) => {
    const positions = saved(inputs, 1);
    return [() => tf.gatherND(dy, positions), () => flat(positions)];
  }),
  // What was overwritten has no say; where two updates meet in one place, which of them stays is left to the engine.
  TensorScatterUpdate: gradient(['tensor', 'indices', 'updates'], (dy, inputs) => {
    const [positions, updates] = [saved(inputs, 1), saved(inputs, 2)];
    return [
      () => tf.mul(dy, tf.tensorScatterUpdate(tf.ones(dy.shape), positions, tf.zeros(updates.shape))),
      () => flat(positions),
      () => tf.gatherND(dy, positions),
    ];
  }),
  // A position below zero, or without a segment, is dropped.
  UnsortedSegmentSum: gradient(['x', 'segmentIds'], (dy, inputs) => {
    const [x, ids] = [saved(inputs, 0), saved(inputs, 1)];
    const [count = 0] = dy.shape;
    return [
      () => {
        const isKept = tf.logicalAnd(tf.greaterEqual(ids, 0), tf.less(ids, count));
        const rows = tf.gather(dy, list(tf.clipByValue(ids, 0, Math.max(0, count - 1))));
        return tf.mul(rows, tf.reshape(tf.cast(isKept, 'float32'), [ids.size, ...x.shape.slice(1).map(() => 1)]));
      },
      () => flat(ids),
    ];
  }),
  TopK: topKGradient,
};
