/** Kernels that give the same elements another shape or order, or repeat them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Graph } from '../graph.js';
import { unsupported, type Kernel } from '../kernel.js';
import { sizeOf, type Value } from '../values.js';
import { pad, slice } from './layout.js';
import { axisAttr, numberAttr, numbersAttr, operand, pairsAttr } from './operand.js';

/** One dimension may be -1: what is left. */
export const Reshape: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  return g.reshape(x, tf.util.inferFromImplicitShape([...numbersAttr(attrs, 'shape')], sizeOf(x.shape)));
};

export const ExpandDims: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'input');
  const axis = axisAttr(attrs, 'dim', x.shape.length + 1);
  return g.reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
};

export const Transpose: Kernel = (g, inputs, attrs) => g.transpose(operand(inputs, 'x'), numbersAttr(attrs, 'perm'));

/** TensorFlow.js broadcasts by Tile too, and repeating an axis of size 1 is a broadcast, which costs nothing yet. */
export const Tile: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const repeats = numbersAttr(attrs, 'reps');
  const shape = x.shape.map((dim, axis) => dim * (repeats[axis] ?? 1));
  if (x.origin.kind === 'uniform') return g.uniform(x.origin.fill, shape, x.dtype);
  const copied = repeats.map((times, axis) => (x.shape[axis] === 1 ? 1 : times));
  if (copied.every((times) => times === 1)) return g.expand(x, shape);
  const tiled = x.shape.map((dim, axis) => dim * (copied[axis] ?? 1));
  return g.expand(g.node('Tile', [x, g.indices(copied)], {}, { shape: tiled, dtype: x.dtype }), shape);
};

export const BroadcastTo: Kernel = (g, inputs, attrs) => g.expand(operand(inputs, 'x'), numbersAttr(attrs, 'shape'));

/**
 * A square matrix of zeros with x on its diagonal: element i lies at i * (n + 1), so each element is followed by n zeros and the
 * last zeros are cut off.
 */
export const Diag: Kernel = (g, inputs) => {
  const x = operand(inputs, 'x');
  const n = sizeOf(x.shape);
  const rows = pad(g, g.reshape(x, [n, 1]), [0, 0], [0, n], 0);
  const elements = slice(g, g.reshape(rows, [n * (n + 1)]), { starts: [0], sizes: [n * n] });
  return g.reshape(elements, [...x.shape, ...x.shape]);
};

export const DepthToSpace: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const block = numberAttr(attrs, 'blockSize');
  if (attrs['dataFormat'] !== 'NHWC') throw unsupported('DepthToSpace', 'in NCHW');
  const [n = 0, h = 0, w = 0, channels = 0] = x.shape;
  const depth = channels / block ** 2;
  const blocks = g.reshape(x, [n, h, w, block, block, depth]);
  return g.reshape(g.transpose(blocks, [0, 1, 3, 2, 4, 5]), [n, h * block, w * block, depth]);
};

export const SpaceToBatchND: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const block = numbersAttr(attrs, 'blockShape');
  const paddings = pairsAttr(attrs, 'paddings');
  const padded = pad(g, x, perAxis(x, paddings, 0), perAxis(x, paddings, 1), 0);
  const [batch = 1, ...sizes] = padded.shape;
  const m = block.length;
  const rest = sizes.slice(m);
  const counts = block.map((size, i) => (sizes[i] ?? 0) / size);
  const split = g.reshape(padded, [batch, ...block.flatMap((size, i) => [counts[i] ?? 0, size]), ...rest]);
  const offsets = block.map((_, i) => 2 + 2 * i);
  const places = block.map((_, i) => 1 + 2 * i);
  const moved = g.transpose(split, [...offsets, 0, ...places, ...rest.map((_, i) => 1 + 2 * m + i)]);
  return g.reshape(moved, [batch * sizeOf(block), ...counts, ...rest]);
};

export const BatchToSpaceND: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const block = numbersAttr(attrs, 'blockShape');
  const crops = pairsAttr(attrs, 'crops');
  const [blocks = 0, ...counts] = x.shape;
  const m = block.length;
  const batch = blocks / sizeOf(block);
  const rest = counts.slice(m);
  const split = g.reshape(x, [...block, batch, ...counts]);
  const interleaved = block.flatMap((_, i) => [m + 1 + i, i]);
  const moved = g.transpose(split, [m, ...interleaved, ...rest.map((_, i) => 2 * m + 1 + i)]);
  const whole = g.reshape(moved, [batch, ...block.map((size, i) => size * (counts[i] ?? 0)), ...rest]);
  return crop(g, whole, perAxis(whole, crops, 0), perAxis(whole, crops, 1));
};

/** Numbers that are given for the axes after the batch, filled up with zeros for all axes. */
const perAxis = (x: Value, pairs: readonly (readonly [number, number])[], side: 0 | 1): readonly number[] =>
  x.shape.map((_, axis) => pairs[axis - 1]?.[side] ?? 0);

const crop = (g: Graph, x: Value, before: readonly number[], after: readonly number[]): Value =>
  slice(g, x, { starts: before, sizes: x.shape.map((dim, i) => dim - (before[i] ?? 0) - (after[i] ?? 0)) });
