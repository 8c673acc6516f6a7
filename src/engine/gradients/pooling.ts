/**
 * Gradients of pooling, of any order. Every window is made to lie in an image that is padded as far as windows reach: TensorFlow.js's
 * gradients forget how sizes are rounded, and its cpu backend divides the slope of an average by all elements of a window, where the
 * average itself leaves out those outside of the image.
 */
import * as tf from '@tensorflow/tfjs-core';
import { geometryOf, span, type Axis, type Geometry } from '../onnx/ops/convolution-geometry.js';
import { gradient, saved, type Gradients } from './gradient.js';

type Attrs = tf.NamedAttrMap;

const run = (kernel: string, inputs: tf.NamedTensorMap, attrs: Attrs): tf.Tensor => tf.engine().runKernel(kernel, inputs, attrs);

const windowsOf = (kernel: string, image: readonly number[], attrs: Attrs): Geometry => {
  const { filterSize } = attrs;
  const [height = 1, width = height] = Array.isArray(filterSize) ? filterSize.map(Number) : [Number(filterSize)];
  return geometryOf(kernel, image, [height, width, image[3] ?? 0, 1], attrs, true);
};

/** What an axis needs in front and behind so that its windows just cover it; less than nothing where it is cut off. */
const margins = (axis: Axis): [number, number] => [axis.before, span(axis) - axis.before - axis.input];

/** x [N, H, W, C] with margins around it, `fill` in them. */
const frame = (x: tf.Tensor, rows: [number, number], columns: [number, number], fill: number): tf.Tensor => {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const grown = (pair: [number, number]): [number, number] => [Math.max(0, pair[0]), Math.max(0, pair[1])];
  const cut = (side: number): number => Math.max(0, -side);
  const inside = [...rows, ...columns].some((side) => side < 0)
    ? tf.slice(
        x,
        [0, cut(rows[0]), cut(columns[0]), 0],
        [batch, height - cut(rows[0]) - cut(rows[1]), width - cut(columns[0]) - cut(columns[1]), channels],
      )
    : x;
  if ([...rows, ...columns].every((side) => side <= 0)) return inside;
  return tf.pad(inside, [[0, 0], grown(rows), grown(columns), [0, 0]], fill);
};

const opposite = ([before, after]: [number, number]): [number, number] => [-before, -after];

/** The gradient by an image, through the same image with margins. */
const throughFrame = ({ height, width }: Geometry, dx: (rows: [number, number], columns: [number, number]) => tf.Tensor): tf.Tensor => {
  const [rows, columns] = [margins(height), margins(width)];
  return frame(dx(rows, columns), opposite(rows), opposite(columns), 0);
};

const valid = ({ filterSize = 1, strides = 1 }: Attrs): Attrs => ({ filterSize, strides, pad: 'valid' });

/** For each window, all its elements over those in the image: [1, H, W, 1]. */
const fullness = ({ height, width }: Geometry): tf.Tensor => {
  const alongAxis = (axis: Axis): readonly number[] =>
    Array.from({ length: axis.output }, (_, i) => {
      const start = i * axis.stride - axis.before;
      return axis.kernel / (Math.min(axis.input, start + axis.kernel) - Math.max(0, start));
    });
  const columns = alongAxis(width);
  const values = alongAxis(height).flatMap((row) => columns.map((column) => row * column));
  return tf.tensor(Float32Array.from(values), [1, height.output, width.output, 1]);
};

const avgPoolGradient = (dy: tf.Tensor, x: tf.Tensor, attrs: Attrs): tf.Tensor => {
  const geometry = windowsOf('AvgPool', x.shape, attrs);
  const [batch = 0, , , channels = 0] = x.shape;
  const { height, width } = geometry;
  const isWhole = [...margins(height), ...margins(width)].every((side) => side <= 0);
  const slopes = isWhole ? dy : tf.mul(dy, fullness(geometry));
  return throughFrame(geometry, () =>
    run('AvgPoolGrad', { dy: slopes, input: tf.zeros([batch, span(height), span(width), channels]) }, valid(attrs)),
  );
};

const maxPoolGradient = (dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor, attrs: Attrs): tf.Tensor =>
  throughFrame(windowsOf('MaxPool', x.shape, attrs), (rows, columns) =>
    run('MaxPoolGrad', { dy, input: frame(x, rows, columns, -Infinity), output: y }, valid(attrs)),
  );

/** What stands in `values` where each window of x has its largest element. */
const atLargest = (values: tf.Tensor, x: tf.Tensor, attrs: Attrs): tf.Tensor => {
  const results: tf.Tensor | tf.Tensor[] = tf.engine().runKernel('MaxPoolWithArgmax', { x }, { ...attrs, includeBatchInIndex: true });
  if (!Array.isArray(results)) throw new Error('MaxPoolWithArgmax has two results');
  const positions = saved(results, 1);
  // The cpu backend's position in a window of NaN is -1.
  const found = tf.gather(tf.reshape(values, [-1]), tf.reshape<tf.Rank.R1>(tf.maximum(positions, tf.scalar(0, 'int32')), [positions.size]));
  return tf.reshape(found, positions.shape);
};

export const poolingGradients: Gradients = {
  AvgPool: gradient(['x'], (dy, inputs, attrs) => [() => avgPoolGradient(dy, saved(inputs, 0), attrs)]),
  // Linear in dy; of its input it reads the shape. Called with windows that lie in the image alone.
  AvgPoolGrad: gradient(['dy', 'input'], (ddx, inputs, attrs) => [
    () => run('AvgPool', { x: ddx }, attrs),
    () => tf.zeros(saved(inputs, 1).shape),
  ]),
  MaxPool: {
    ...gradient(['x'], (dy, tensors, attrs) => [() => maxPoolGradient(dy, saved(tensors, 0), saved(tensors, 1), attrs)]),
    outputsToSave: [true],
  },
  MaxPoolGrad: gradient(['dy', 'input', 'output'], (ddx, inputs, attrs) => [
    () => atLargest(ddx, saved(inputs, 1), attrs),
    () => tf.zeros(saved(inputs, 1).shape),
    () => tf.zeros(saved(inputs, 2).shape),
  ]),
};
