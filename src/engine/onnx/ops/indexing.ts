/**
 * Kernels that read by position. A position that the tensor does not have fails the run; one below zero counts from the end, where TensorFlow.js's cpu
 * backend fails too.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Graph } from '../graph.js';
import type { Kernel } from '../kernel.js';
import { sizeOf, type Value } from '../values.js';
import { axisAttr, numberAttr, operand } from './operand.js';
import { where } from './types.js';

export const GatherV2: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const positions = operand(inputs, 'indices');
  const axis = axisAttr(attrs, 'axis', x.shape.length);
  const given = attrs['batchDims'] === undefined ? 0 : numberAttr(attrs, 'batchDims');
  const batchDims = given < 0 ? given + positions.shape.length : given;
  const shape = [...x.shape.slice(0, axis), ...positions.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
  if (x.origin.kind === 'uniform') return g.uniform(x.origin.fill, shape, x.dtype);
  if (batchDims === 0) return g.node('Gather', [x, positions], { axis }, { shape, dtype: x.dtype });
  const sizes = {
    batch: sizeOf(x.shape.slice(0, batchDims)),
    outer: sizeOf(x.shape.slice(batchDims, axis)),
    dim: x.shape[axis] ?? 0,
    slice: sizeOf(x.shape.slice(axis + 1)),
  };
  return g.reshape(gatherBatches(g, x, positions, sizes), shape);
};

interface GatherSizes {
  readonly batch: number;
  readonly outer: number;
  readonly dim: number;
  readonly slice: number;
}

/** Each batch has positions of its own: GatherND's way, for which the axis must follow the batch. Result [batch, outer, positions, slice]. */
const gatherBatches = (g: Graph, x: Value, positions: Value, { batch, outer, dim, slice }: GatherSizes): Value => {
  const count = sizeOf(positions.shape) / batch;
  const data = g.transpose(g.reshape(x, [batch, outer, dim, slice]), [0, 2, 1, 3]);
  const places = g.reshape(g.cast(positions, 'int64'), [batch, count, 1]);
  return g.transpose(
    g.node('GatherND', [data, places], { batch_dims: 1 }, { shape: [batch, count, outer, slice], dtype: x.dtype }),
    [0, 2, 1, 3],
  );
};

/** The last axis of `indices` holds a position, along as many axes of `params` as it is long. */
export const GatherNd: Kernel = (g, inputs) => {
  const x = operand(inputs, 'params');
  const positions = operand(inputs, 'indices');
  // Refuses shapes that do not fit.
  tf.gather_util.prepareAndValidate(
    { dataId: {}, shape: [...x.shape], dtype: 'float32' },
    { dataId: {}, shape: [...positions.shape], dtype: 'int32' },
  );
  const depth = positions.shape.at(-1) ?? 0;
  const shape = [...positions.shape.slice(0, -1), ...x.shape.slice(depth)];
  if (depth === 0) return g.expand(x, shape);
  if (x.origin.kind === 'uniform') return g.uniform(x.origin.fill, shape, x.dtype);
  return g.node('GatherND', [x, g.cast(positions, 'int64')], {}, { shape, dtype: x.dtype });
};

/** A position out of range gives a row of `offValue`. */
export const OneHot: Kernel = (g, inputs, attrs) => {
  const positions = operand(inputs, 'indices');
  const depth = numberAttr(attrs, 'depth');
  const dtype = attrs['dtype'] === 'float32' || attrs['dtype'] === 'bool' ? attrs['dtype'] : 'int32';
  const classes = g.constant(
    Int32Array.from({ length: depth }, (_, i) => i),
    [depth],
    'int32',
  );
  const hot = g.elementwise('Equal', [g.reshape(g.cast(positions, 'int32'), [...positions.shape, 1]), classes], 'bool');
  const onValue = numberAttr(attrs, 'onValue');
  const offValue = numberAttr(attrs, 'offValue');
  if (onValue === 1 && offValue === 0) return g.cast(hot, dtype);
  return where(g, hot, g.cast(g.scalar(onValue), dtype), g.cast(g.scalar(offValue), dtype));
};
