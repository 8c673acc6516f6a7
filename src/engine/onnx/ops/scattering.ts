/**
 * Kernels that write, or add up, by position. As on TensorFlow.js's cpu backend, a position that the result does not have fails the run
 * in ScatterNd, TensorScatterUpdate and SparseToDense, and drops the element in UnsortedSegmentSum and Bincount.
 */
import type { Graph } from '../graph.js';
import { unsupported, type Kernel } from '../kernel.js';
import { sizeOf, type Value } from '../values.js';
import { slice } from './layout.js';
import { numberAttr, numbersAttr, operand } from './operand.js';
import { product } from './product.js';
import { where } from './types.js';

/** Elements that meet in one place are added. */
export const ScatterNd: Kernel = (g, inputs, attrs) => {
  const updates = operand(inputs, 'updates');
  const dtype = updates.dtype === 'bool' ? 'int32' : updates.dtype;
  const zeros = g.uniform(0, numbersAttr(attrs, 'shape'), dtype);
  return g.cast(scatter(g, zeros, operand(inputs, 'indices'), g.cast(updates, dtype), 'add'), updates.dtype);
};

export const TensorScatterUpdate: Kernel = (g, inputs) =>
  scatter(g, operand(inputs, 'tensor'), operand(inputs, 'indices'), operand(inputs, 'updates'), 'none');

export const SparseToDense: Kernel = (g, inputs, attrs) => {
  const positions = operand(inputs, 'sparseIndices');
  const values = operand(inputs, 'sparseValues');
  const data = g.expand(g.cast(operand(inputs, 'defaultValue'), values.dtype), numbersAttr(attrs, 'outputShape'));
  const rows = positions.shape.length === 2 ? positions : g.reshape(positions, [sizeOf(positions.shape), 1]);
  return scatter(g, data, rows, g.expand(values, [rows.shape[0] ?? 0]), 'none');
};

/**
 * By ScatterElements, which takes the updates one after the other, so that the last of several wins. onnxruntime 1.30's ScatterND shares them among
 * threads: where two meet in one place, its sums are wrong now and then.
 */
const scatter = (g: Graph, data: Value, positions: Value, updates: Value, reduction: 'add' | 'none'): Value => {
  if (sizeOf(updates.shape) === 0 || sizeOf(data.shape) === 0) return data;
  const depth = positions.shape.at(-1) ?? 0;
  const [scattered, rest] = [data.shape.slice(0, depth), data.shape.slice(depth)];
  const places = g.reshape(flatPositions(g, positions, scattered), [sizeOf(positions.shape.slice(0, -1)), 1]);
  const [count = 0] = places.shape;
  const rows = g.reshape(updates, [count, sizeOf(rest)]);
  const flat = g.reshape(data, [sizeOf(scattered), sizeOf(rest)]);
  const written = g.node(
    'ScatterElements',
    [flat, g.expand(places, rows.shape), rows],
    { axis: 0, reduction },
    { shape: flat.shape, dtype: data.dtype },
  );
  return g.reshape(written, data.shape);
};

/** Positions [..., depth] among axes of these sizes, as positions [...] among all their elements. */
const flatPositions = (g: Graph, positions: Value, sizes: readonly number[]): Value => {
  const whole = g.cast(positions, 'int32');
  if (sizes.length === 1) return whole;
  const lead = positions.shape.slice(0, -1);
  return sizes.reduce(
    (sum, _, axis) => {
      const part = slice(g, whole, { starts: [...lead.map(() => 0), axis], sizes: [...lead, 1] });
      return g.elementwise('Add', [sum, g.elementwise('Mul', [g.reshape(part, lead), g.scalar(sizeOf(sizes.slice(axis + 1)), 'int32')])]);
    },
    g.uniform(0, lead, 'int32'),
  );
};

export const UnsortedSegmentSum: Kernel = (g, inputs, attrs) => {
  const ids = operand(inputs, 'segmentIds');
  if (ids.shape.length !== 1) throw unsupported('UnsortedSegmentSum', `with segment ids of rank ${String(ids.shape.length)}`);
  return segmentSum(g, operand(inputs, 'x'), ids, numberAttr(attrs, 'numSegments'));
};

/** How often each number below `size` occurs, or what the weights of its occurrences sum up to. */
export const Bincount: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const flat = g.reshape(x, [sizeOf(x.shape)]);
  return segmentSum(g, weightsOf(g, flat, operand(inputs, 'weights')), flat, numberAttr(attrs, 'size'));
};

/** Bincount of each row of x; `binaryOutput` asks only whether a number occurs, and TensorFlow.js heeds it for rank 2 alone. */
export const DenseBincount: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  if (x.shape.length < 2) return Bincount(g, inputs, attrs);
  const [rows = 0] = x.shape;
  const size = numberAttr(attrs, 'size');
  const firstOfRow = g.constant(
    Int32Array.from({ length: rows }, (_, row) => row * size),
    [rows, 1],
    'int32',
  );
  const places = where(g, within(g, x, size), g.elementwise('Add', [x, firstOfRow]), g.scalar(-1, 'int32'));
  const flat = g.reshape(places, [sizeOf(x.shape)]);
  const weights = weightsOf(g, flat, operand(inputs, 'weights'));
  if (attrs['binaryOutput'] !== true) return g.reshape(segmentSum(g, weights, flat, rows * size), [rows, size]);
  const counts = segmentSum(g, g.uniform(1, flat.shape, 'int32'), flat, rows * size);
  return g.cast(g.elementwise('Greater', [g.reshape(counts, [rows, size]), g.scalar(0, 'int32')], 'bool'), weights.dtype);
};

const weightsOf = (g: Graph, flat: Value, weights: Value): Value =>
  sizeOf(weights.shape) === 0 ? g.uniform(1, flat.shape, weights.dtype) : g.reshape(weights, flat.shape);

const within = (g: Graph, x: Value, size: number): Value =>
  g.elementwise(
    'And',
    [g.elementwise('GreaterOrEqual', [x, g.scalar(0, 'int32')], 'bool'), g.elementwise('Less', [x, g.scalar(size, 'int32')], 'bool')],
    'bool',
  );

/** Up to this number of segments a product with the ids as one-hot rows beats adding row by row (4,096 rows of 64: 0.4 against 4.3 ms). */
const mostOneHotSegments = 256;

/** Adds up the rows of x that have the same id; rows without a segment are dropped. */
const segmentSum = (g: Graph, x: Value, ids: Value, count: number): Value => {
  const [rows = 0, ...rest] = x.shape;
  const dtype = x.dtype === 'bool' ? 'int32' : x.dtype;
  const matrix = g.reshape(g.cast(x, dtype), [rows, sizeOf(rest)]);
  const whole = g.cast(ids, 'int32');
  const shape = [count, ...rest];
  if (count <= mostOneHotSegments) {
    const segments = g.constant(
      Int32Array.from({ length: count }, (_, i) => i),
      [count],
      'int32',
    );
    const hot = g.cast(g.elementwise('Equal', [g.reshape(whole, [rows, 1]), segments], 'bool'), dtype);
    return g.cast(g.reshape(product(g, hot, matrix, { a: true, b: false }), shape), x.dtype);
  }
  // What has no segment goes to one that is cut off at the end.
  const places = where(g, within(g, whole, count), whole, g.scalar(count, 'int32'));
  const sums = scatter(g, g.uniform(0, [count + 1, sizeOf(rest)], dtype), g.reshape(places, [rows, 1]), matrix, 'add');
  return g.cast(g.reshape(slice(g, sums, { starts: [0, 0], sizes: [count, sizeOf(rest)] }), shape), x.dtype);
};
