/**
 * Pooling of NHWC images and its gradients. onnxruntime pools NCHW only, so each tap of the window is gathered as one image of its own and
 * the taps are put together element by element: 64 x 28 x 28 x 32 in windows of 2 x 2 take 1.8 ms on two threads, where windows that are
 * gathered as rows and then reduced take 5.6.
 */
import type { Graph } from '../graph.js';
import type { Kernel, KernelAttrs } from '../kernel.js';
import { sizeOf, type Shape, type Value } from '../values.js';
import { geometryOf, meetingsAtInputs, range, span, type Axis, type Geometry } from './convolution-geometry.js';
import { pad } from './layout.js';
import { numbersAttr, operand } from './operand.js';
import { constantPositions, gatherRows } from './patches.js';
import { fillOf, where } from './types.js';

/** A window is a filter of each channel. */
const windowsOf = (kernel: string, image: Shape, attrs: KernelAttrs): Geometry => {
  const [height = 1, width = height] = numbersAttr(attrs, 'filterSize');
  return geometryOf(kernel, image, [height, width, image[3] ?? 0, 1], attrs, true);
};

const outputShape = ({ batch, height, width, outChannels }: Geometry): Shape => [batch, height.output, width.output, outChannels];

/** Row or column of each output's k-th tap in an image that is padded in front as the axis says. */
const placesOf = ({ output, stride, before }: Axis, tap: number): readonly number[] =>
  range(output).map((i) => i * stride + tap - Math.min(0, before));

/** One image [N, outputs, C] for each tap, by rows of the window; what lies outside is `fill`. */
const tapsOf = (g: Graph, x: Value, { batch, height, width, inChannels }: Geometry, fill: number): readonly Value[] => {
  const missing = (axis: Axis): number => Math.max(0, span(axis) - axis.before - axis.input);
  const before = [0, Math.max(0, height.before), Math.max(0, width.before), 0];
  const padded = pad(g, x, before, [0, missing(height), missing(width), 0], fill);
  const [, rows = 0, columns = 0] = padded.shape;
  const pixels = g.reshape(padded, [batch, rows * columns, inChannels]);
  return range(height.kernel).flatMap((i) =>
    range(width.kernel).map((j) =>
      gatherRows(
        g,
        pixels,
        placesOf(height, i).flatMap((row) => placesOf(width, j).map((column) => row * columns + column)),
      ),
    ),
  );
};

const floats = (g: Graph, value: Value): Value => g.cast(value, 'float32');

export const MaxPool: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const geometry = windowsOf('MaxPool', x.shape, attrs);
  const largest = tapsOf(g, floats(g, x), geometry, -Infinity).reduce((most, tap) => g.elementwise('Max', [most, tap]));
  return g.cast(g.reshape(largest, outputShape(geometry)), x.dtype);
};

/** Which pixel of the image each window has its largest element at, the first of equals: int32 [N, outputs, C]. */
const positionsOfLargest = (g: Graph, x: Value, geometry: Geometry): Value => {
  const { height, width } = geometry;
  const pixels = (tap: number): Value => {
    const place = (axis: Axis, k: number): readonly number[] => range(axis.output).map((i) => i * axis.stride + k - axis.before);
    const columns = place(width, tap % width.kernel);
    const rows = place(height, Math.floor(tap / width.kernel));
    const positions = rows.flatMap((row) => columns.map((column) => row * width.input + column));
    return g.reshape(constantPositions(g, positions), [positions.length, 1]);
  };
  const [first, ...rest] = tapsOf(g, x, geometry, -Infinity);
  if (!first) throw new Error('a window of no elements');
  // A first tap outside of the image is -Infinity, and no element is smaller.
  return rest.reduce(
    ({ largest, position }, tap, i) => ({
      largest: g.elementwise('Max', [largest, tap]),
      position: where(g, g.elementwise('Greater', [tap, largest], 'bool'), g.expand(pixels(i + 1), tap.shape), position),
    }),
    { largest: first, position: g.expand(pixels(0), first.shape) },
  ).position;
};

/** The second result counts elements of an image, or of all images. */
export const MaxPoolWithArgmax: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const geometry = windowsOf('MaxPoolWithArgmax', x.shape, attrs);
  const { batch, height, width, inChannels } = geometry;
  const [positions, channels] = [positionsOfLargest(g, floats(g, x), geometry), g.scalar(inChannels, 'int32')];
  const channel = constantPositions(g, range(inChannels));
  const inImage = g.elementwise('Add', [g.elementwise('Mul', [positions, channels]), channel]);
  const starts = range(batch).map((n) => n * height.input * width.input * inChannels);
  const firstOfImage = g.reshape(constantPositions(g, starts), [batch, 1, 1]);
  const indices = attrs['includeBatchInIndex'] === true ? g.elementwise('Add', [inImage, firstOfImage]) : inImage;
  const pooled = MaxPool(g, inputs, attrs);
  if (!('id' in pooled)) throw new Error('pooling has one result');
  return [pooled, g.reshape(indices, outputShape(geometry))];
};

/**
 * For each pixel of the image, the windows that see it: as many lists of outputs as most pixels have windows. `none` stands in where a pixel
 * has fewer.
 */
const seenBy = (geometry: Geometry, none: (seeing: readonly number[]) => number): readonly (readonly number[])[] => {
  const taps = geometry.height.kernel * geometry.width.kernel;
  const windows = meetingsAtInputs(geometry).map((met) => met.map((product) => Math.floor(product / taps)));
  const most = windows.reduce((sofar, seeing) => Math.max(sofar, seeing.length), 0);
  return range(most).map((n) => windows.map((seeing) => seeing[n] ?? none(seeing)));
};

const sum = (g: Graph, terms: readonly Value[], shape: Shape): Value =>
  terms.length === 0 ? g.uniform(0, shape, 'float32') : terms.reduce((total, term) => g.elementwise('Add', [total, term]));

/** Each pixel gets what the windows get in which it is the largest. */
export const MaxPoolGrad: Kernel = (g, inputs, attrs) => {
  const x = floats(g, operand(inputs, 'input'));
  const dy = floats(g, operand(inputs, 'dy'));
  const geometry = windowsOf('MaxPoolGrad', x.shape, attrs);
  if (fillOf(dy) === 0 || sizeOf(dy.shape) === 0) return g.uniform(0, x.shape, 'float32');
  const { batch, height, width, inChannels } = geometry;
  const [numPixels, numOutputs] = [height.input * width.input, height.output * width.output];
  const slopes = g.reshape(dy, [batch, numOutputs, inChannels]);
  const positions = positionsOfLargest(g, x, geometry);
  const pixel = g.reshape(constantPositions(g, range(numPixels)), [numPixels, 1]);
  // A window that does not see a pixel has its largest element elsewhere.
  const blind = (seeing: readonly number[]): number => range(numOutputs).find((output) => !seeing.includes(output)) ?? 0;
  const terms = seenBy(geometry, blind).map((outputs) => {
    const isLargest = g.elementwise('Equal', [gatherRows(g, positions, outputs), pixel], 'bool');
    return where(g, isLargest, gatherRows(g, slopes, outputs), g.scalar(0));
  });
  return g.reshape(sum(g, terms, [batch, numPixels, inChannels]), x.shape);
};

/** 1 / how many pixels of the image each window sees: [outputs, 1]. */
const shares = (g: Graph, { height, width }: Geometry): Value => {
  const seen = (axis: Axis): readonly number[] =>
    range(axis.output).map((i) => {
      const start = i * axis.stride - axis.before;
      return Math.min(axis.input, start + axis.kernel) - Math.max(0, start);
    });
  const columns = seen(width);
  const values = seen(height).flatMap((rows) => columns.map((column) => 1 / (rows * column)));
  return g.constant(Float32Array.from(values), [values.length, 1], 'float32');
};

/** What lies outside of the image does not count. */
export const AvgPool: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const geometry = windowsOf('AvgPool', x.shape, attrs);
  const { batch, height, width, inChannels } = geometry;
  const total = sum(g, tapsOf(g, floats(g, x), geometry, 0), [batch, height.output * width.output, inChannels]);
  return g.cast(g.reshape(g.elementwise('Mul', [total, shares(g, geometry)]), outputShape(geometry)), x.dtype);
};

export const AvgPoolGrad: Kernel = (g, inputs, attrs) => {
  const { shape } = operand(inputs, 'input');
  const dy = floats(g, operand(inputs, 'dy'));
  const geometry = windowsOf('AvgPoolGrad', shape, attrs);
  if (fillOf(dy) === 0 || sizeOf(dy.shape) === 0) return g.uniform(0, shape, 'float32');
  const { batch, height, width, inChannels } = geometry;
  const numOutputs = height.output * width.output;
  const lists = seenBy(geometry, () => numOutputs);
  const slopes = g.elementwise('Mul', [g.reshape(dy, [batch, numOutputs, inChannels]), shares(g, geometry)]);
  const isEven = lists.every((outputs) => !outputs.includes(numOutputs));
  const rows = isEven ? slopes : pad(g, slopes, [0, 0, 0], [0, 1, 0], 0);
  const terms = lists.map((outputs) => gatherRows(g, rows, outputs));
  return g.reshape(sum(g, terms, [batch, height.input * width.input, inChannels]), shape);
};
