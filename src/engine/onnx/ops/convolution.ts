/**
 * Convolutions of NHWC images and their gradients, as Gemms: nothing is transposed between layers, and a filter [H, W, C, F] is stored as
 * the matrix that a Gemm takes. Median ms of the nodes for a batch of 64 on two threads, and in brackets those of onnxruntime's Conv or
 * ConvTranspose with a Transpose before and behind, and of PyTorch 2.15:
 *
 *                                forward             by the image        by the filter, patches included
 *   28 x 28 x 1 -> 64, k4 s2     0.6 (0.5, 2.1)      0.6 (1.6, 3.8)      0.6 (-, 0.3)
 *   14 x 14 x 64 -> 128, k4 s2   3.8 (9.8, 3.1)      4.4 (10.2, 3.3)     5.2 (-, 3.7); 3.8 where the patches are shared
 *   16 x 16 x 64 -> 128, k5 s2   8.9 (15.4, 5.9)     12.1 (16.9, 9.9)    10.4 (-, 7.0); 7.5
 *   16 x 16 x 128 -> 256, k4 s2  21.1 (31.1, 15.3)   24.2 (34.9, 19.1)   27.0 (-, 18.2); 22
 *   32 x 32 x 64 -> 128, k4 s2   29.3 (26.6, 16.2)   31.0 (35.2, 76)     32.4 (-, 18.4); 22.8
 *   64 x 64 x 3 -> 64, k4 s2     4.6 (4.8, 12.1)     6.8 (10.7, 12.4)    6.9 (-, 2.3); 4.8
 *   14 x 14 x 64 -> 64, k3 s1    5.2 (7.1, 3.3)      5.5 (12.2, 3.8)     8.4 (-, 3.3); 5.5
 *   28 x 28 x 64 -> 1, k3 s1     3.1 (8.4, 3.7)      2.2 (28.2, 4.1)     2.3 (-, 4.0)
 *
 * One Gemm for each tap, added up, took 1.3 to 4 times as long as patches; Gemms for each phase of a stride 1.0 to 1.25 times as long as
 * sums of products by the image, and 5 times for few channels.
 */
import type { Graph } from '../graph.js';
import { unsupported, type Kernel, type KernelAttrs, type KernelInputs } from '../kernel.js';
import { sizeOf, type Value } from '../values.js';
import { Elu, LeakyRelu, Prelu, Relu, Relu6, Sigmoid } from './activation.js';
import { geometryOf, meetingsAtInputs, meetingsAtOutputs, range, type Axis, type Geometry, type Meetings } from './convolution-geometry.js';
import { pad } from './layout.js';
import { numbersAttr, operand } from './operand.js';
import { gatherRows, patches } from './patches.js';
import { product } from './product.js';
import { fillOf } from './types.js';

const floats = (g: Graph, inputs: KernelInputs, name: string): Value => g.cast(operand(inputs, name), 'float32');
const isZero = (value: Value): boolean => fillOf(value) === 0;

const outputShape = ({ batch, height, width, outChannels }: Geometry): readonly number[] => [
  batch,
  height.output,
  width.output,
  outChannels,
];
const inputShape = ({ batch, height, width, inChannels }: Geometry): readonly number[] => [batch, height.input, width.input, inChannels];

const numTaps = ({ height, width }: Geometry): number => height.kernel * width.kernel;

/** Strides and the like aside, and with few pixels lost at the border. */
const isDense = ({ height, width }: Geometry): boolean =>
  height.stride * width.stride * height.dilation * width.dilation === 1 && height.input * width.input <= 2 * height.output * width.output;

/**
 * A patch is as deep as what it is made of. Where one side has four times the channels of the other it is better to multiply its pixels
 * first and to move products, or patches of the other: forward from 64 channels to one, 3 x 3, in 3.1 ms instead of 18; by the filter, in
 * 2.3 instead of 20.
 */
const areFew = (channels: number, others: number): boolean => channels * 4 <= others;

export const Conv2D: Kernel = (g, inputs, attrs) => {
  const x = floats(g, inputs, 'x');
  const filter = floats(g, inputs, 'filter');
  const geometry = geometryOf('Conv2D', x.shape, filter.shape, attrs);
  if (isZero(x) || isZero(filter)) return g.uniform(0, outputShape(geometry), 'float32');
  const { batch, height, width, inChannels, outChannels } = geometry;
  if (!isDense(geometry) || !areFew(outChannels, inChannels)) return byPatches(g, x, filter, geometry);
  const pixels = g.reshape(x, [batch, height.input * width.input, inChannels]);
  const taps = g.transpose(g.reshape(filter, [numTaps(geometry), inChannels, outChannels]), [0, 2, 1]);
  return g.reshape(sumProducts(g, pixels, taps, meetingsAtOutputs(geometry)), outputShape(geometry));
};

export const Conv2DBackpropFilter: Kernel = (g, inputs, attrs) => {
  const x = floats(g, inputs, 'x');
  const dy = floats(g, inputs, 'dy');
  const filterShape = numbersAttr(attrs, 'filterShape');
  const geometry = geometryOf('Conv2DBackpropFilter', x.shape, filterShape, attrs);
  if (isZero(x) || isZero(dy)) return g.uniform(0, filterShape, 'float32');
  const { batch, height, width, inChannels, outChannels } = geometry;
  if (!isDense(geometry) || !areFew(outChannels, inChannels)) {
    const slopes = g.reshape(dy, [batch * height.output * width.output, outChannels]);
    // The forward pass's patches are found again, and not made twice.
    return g.reshape(product(g, patches(g, x, geometry), slopes, { a: true, b: false }), filterShape);
  }
  const pixels = g.reshape(x, [batch * height.input * width.input, inChannels]);
  const turned = product(g, pixels, patches(g, dy, turnedRound(geometry)), { a: true, b: false });
  const taps = g.transpose(g.reshape(turned, [inChannels, numTaps(geometry), outChannels]), [1, 0, 2]);
  return g.reshape(backwards(g, taps), filterShape);
};

/** The gradient by the image; also the transposed convolution. */
export const Conv2DBackpropInput: Kernel = (g, inputs, attrs) => {
  const dy = floats(g, inputs, 'dy');
  const filter = floats(g, inputs, 'filter');
  const geometry = geometryOf('Conv2DBackpropInput', numbersAttr(attrs, 'inputShape'), filter.shape, attrs);
  if (isZero(dy) || isZero(filter)) return g.uniform(0, inputShape(geometry), 'float32');
  const { batch, height, width, inChannels, outChannels } = geometry;
  const taps = g.reshape(filter, [numTaps(geometry), inChannels, outChannels]);
  if (isDense(geometry) && !areFew(inChannels, outChannels))
    return byPatches(g, dy, g.transpose(backwards(g, taps), [0, 2, 1]), turnedRound(geometry));
  const slopes = g.reshape(dy, [batch, height.output * width.output, outChannels]);
  return g.reshape(sumProducts(g, slopes, taps, meetingsAtInputs(geometry)), inputShape(geometry));
};

const byPatches = (g: Graph, x: Value, filter: Value, geometry: Geometry): Value => {
  const matrix = g.reshape(filter, [numTaps(geometry) * geometry.inChannels, geometry.outChannels]);
  return g.reshape(product(g, patches(g, x, geometry), matrix, { a: false, b: false }), outputShape(geometry));
};

/** Without strides the gradient by the image is a convolution too, of dy with the filter turned round. */
const turnedRound = ({ batch, height, width, inChannels, outChannels }: Geometry): Geometry => {
  const turn = (axis: Axis): Axis => ({ ...axis, input: axis.output, output: axis.input, before: axis.kernel - 1 - axis.before });
  return { batch, height: turn(height), width: turn(width), inChannels: outChannels, outChannels: inChannels };
};

/** Taps [T, ...] from the last to the first. */
const backwards = (g: Graph, taps: Value): Value => {
  const [count = 0] = taps.shape;
  const rows = g.reshape(taps, [1, count, sizeOf(taps.shape.slice(1))]);
  return g.reshape(
    gatherRows(
      g,
      rows,
      range(count).map((i) => count - 1 - i),
    ),
    taps.shape,
  );
};

/** Each pixel [N, P, K] times each tap [T, M, K], and for each place the sum of what meets there: [N, places, M]. */
const sumProducts = (g: Graph, pixels: Value, taps: Value, meetings: Meetings): Value => {
  const [batch = 0, count = 0, inner = 0] = pixels.shape;
  const [tapCount = 0, outer = 0] = taps.shape;
  const most = meetings.reduce((sofar, met) => Math.max(sofar, met.length), 0);
  if (most === 0) return g.uniform(0, [batch, meetings.length, outer], 'float32');
  const isEven = meetings.every((met) => met.length === most);
  // A tap of zeros, or a pixel of zeros, evens the numbers out: a tap costs arithmetic, a pixel a copy of all pixels.
  const zeros = isEven ? { pixels: 0, taps: 0 } : outer < 32 ? { pixels: 0, taps: 1 } : { pixels: 1, taps: 0 };
  const rows = g.reshape(pad(g, pixels, [0, 0, 0], [0, zeros.pixels, 0], 0), [batch * (count + zeros.pixels), inner]);
  const columns = g.reshape(pad(g, taps, [0, 0, 0], [zeros.taps, 0, 0], 0), [(tapCount + zeros.taps) * outer, inner]);
  const products = g.reshape(product(g, rows, columns, { a: false, b: true }), [
    batch,
    (count + zeros.pixels) * (tapCount + zeros.taps),
    outer,
  ]);
  const zero = zeros.taps > 0 ? tapCount : count * tapCount;
  const placed = (met: number | undefined): number =>
    met === undefined ? zero : Math.floor(met / tapCount) * (tapCount + zeros.taps) + (met % tapCount);
  const terms = range(most).flatMap((n) => meetings.map((met) => placed(met[n])));
  const gathered = gatherRows(g, products, terms);
  if (most === 1) return gathered;
  const shape = [batch, meetings.length, outer];
  const lists = g.reshape(gathered, [batch, most, meetings.length, outer]);
  return g.node('ReduceSum', [lists, g.indices([1])], { keepdims: 0 }, { shape, dtype: 'float32' });
};

/** A convolution with a bias and an activation. */
export const FusedConv2D: Kernel = (g, inputs, attrs) => {
  const y = Conv2D(g, inputs, attrs);
  if (!('id' in y)) throw new Error('a convolution is one value');
  const { bias } = inputs;
  return activated(g, 'FusedConv2D', bias ? g.elementwise('Add', [y, bias]) : y, inputs, attrs);
};

const activated = (
  g: Graph,
  kernel: string,
  x: Value,
  { preluActivationWeights }: KernelInputs,
  attrs: KernelAttrs,
): Value | readonly Value[] => {
  const activation = typeof attrs['activation'] === 'string' ? attrs['activation'] : 'linear';
  if (activation === 'linear') return x;
  const activate = activations[activation];
  if (!activate) throw unsupported(kernel, `with the activation ${activation}`);
  return activate(g, { x, ...(preluActivationWeights ? { alpha: preluActivationWeights } : {}) }, { alpha: attrs['leakyreluAlpha'] });
};

const activations: Readonly<Record<string, Kernel>> = {
  relu: Relu,
  relu6: Relu6,
  elu: Elu,
  sigmoid: Sigmoid,
  leakyrelu: LeakyRelu,
  prelu: Prelu,
};
