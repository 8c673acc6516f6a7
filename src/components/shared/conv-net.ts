/**
 * Convolutional networks from images and to images. `filters` are counted from the image inwards, so that one list describes both.
 * Images may have any size: a stride of 2 halves it and rounds up, and the way back has the same sizes in reverse.
 * Source: Radford, Metz & Chintala 2016 (DCGAN); the defaults are InfoGAN's network (Chen et al. 2016, appendix C.1).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Network, NetworkSizes, Shape } from '../../registry/contracts/index.js';
import type { Params } from '../../registry/params.js';
import {
  checkedCondition,
  couplingOf,
  createConvolution,
  createDenseLayer,
  createFinish,
  createTransposed,
  inTurn,
  layerParams,
  type LayerOptions,
  type Window,
} from './layers.js';
import { appendDeviation } from './minibatch.js';
import { numValues } from './shapes.js';

export interface ConvOptions extends LayerOptions, Window {
  readonly filters: readonly number[];
  /** Widths of dense layers on the other side of the convolutions. */
  readonly hidden: readonly number[];
  readonly minibatchDeviation?: boolean;
}

export const convParams = {
  filters: {
    type: 'array',
    items: { type: 'integer', minimum: 1 },
    minItems: 1,
    default: [64, 128],
    description: 'Filters of the convolutions, from the image inwards.',
  },
  kernel: { type: 'integer', minimum: 1, default: 4, unit: 'pixels', description: 'Side of the window of each convolution.' },
  stride: { type: 'integer', minimum: 1, default: 2, unit: 'pixels', description: 'By how much each convolution makes the image smaller.' },
  hidden: {
    type: 'array',
    items: { type: 'integer', minimum: 1 },
    default: [1024],
    unit: 'units',
    description: 'Widths of dense layers between the convolutions and the codes, from the image inwards.',
  },
  ...layerParams,
} as const satisfies Params;

const refusal = (shape: Shape): string | null =>
  shape.length === 3 ? null : `convolves images of [height, width, channels], and here are values of [${shape.join(', ')}]`;

/** A model that never asked `refuses` would otherwise convolve [D] as D x 1 pixels. */
const assertImage = (shape: Shape): void => {
  const message = refusal(shape);
  if (message !== null) throw new Error(`the network ${message}`);
};

/** Sizes of the image before each convolution, and behind the last: [H, W] each. */
const sizesOf = ([height = 1, width = 1]: Shape, stride: number, count: number): readonly (readonly [number, number])[] =>
  Array.from({ length: count + 1 }, (_, i) => [Math.ceil(height / stride ** i), Math.ceil(width / stride ** i)]);

/** The same numbers at every place of an image, as further channels: [N, h, w, C] and [N, K] to [N, h, w, C + K]. */
const appendMaps = (image: tf.Tensor, condition: tf.Tensor): tf.Tensor => {
  const [count = 1, h = 1, w = 1] = image.shape;
  const size = condition.shape[1] ?? 1;
  const maps = tf.mul(tf.ones([count, h, w, size]), tf.reshape(condition, [count, 1, 1, size]));
  return tf.concat([image, maps], 3);
};

/**
 * [N, H, W, C] to [N, ...output]. Layers are `convolution-0`, ..., `hidden-0`, ..., `output`.
 * `build` throws an Error where the input is no image.
 */
export const createConvEncoder = ({ filters, hidden, minibatchDeviation = false, ...options }: ConvOptions): Network => ({
  ...(filters.length + hidden.length > 1 ? couplingOf(options) : {}),
  refuses: ({ input }: NetworkSizes) => refusal(input),
  build: (scope, { input, output, condition = 0 }) => {
    assertImage(input);
    const channels = (input[2] ?? 1) + condition;
    const sizes = sizesOf(input, options.stride, filters.length);
    const convolutions = filters.map((count, i) => {
      const inside = scope.child(`convolution-${String(i)}`);
      // Normalizing what comes straight from the image would hide its brightness from a discriminator.
      const own = i === 0 ? { ...options, normalization: 'none' as const } : options;
      return inTurn(createConvolution(inside, filters[i - 1] ?? channels, count, options, options), createFinish(inside, count, own));
    });
    const [h, w] = sizes.at(-1) ?? [1, 1];
    const numFlat = h * w * (filters.at(-1) ?? channels);
    const dense = hidden.map((width, i) => {
      const inside = scope.child(`hidden-${String(i)}`);
      return inTurn(createDenseLayer(inside, hidden[i - 1] ?? numFlat, width, options), createFinish(inside, width, options));
    });
    const numFeatures = (hidden.at(-1) ?? numFlat) + (minibatchDeviation ? 1 : 0);
    const last = createDenseLayer(scope.child('output'), numFeatures, numValues(output), options);
    return {
      numFeatures,
      apply: (x, pass, given) => {
        const image = tf.reshape(x, [-1, ...input]);
        const told = checkedCondition(given, condition);
        const maps = inTurn(...convolutions)(told === null ? image : appendMaps(image, told), pass);
        const hiddenLast = inTurn(...dense)(tf.reshape(maps, [-1, numFlat]), pass);
        const features = minibatchDeviation ? appendDeviation(hiddenLast) : hiddenLast;
        return { output: tf.reshape(last(features, pass), [-1, ...output]), features };
      },
    };
  },
});

/**
 * [N, ...input] to [N, H, W, C]. Layers are `hidden-0`, ..., `start`, `convolution-0`, ..., the last of which is linear.
 * `build` throws an Error where the output is no image.
 */
export const createConvDecoder = ({ filters, hidden, ...options }: ConvOptions): Network => ({
  refuses: ({ output }: NetworkSizes) => refusal(output),
  build: (scope, { input, output, condition = 0 }) => {
    assertImage(output);
    const numInputs = numValues(input) + condition;
    const widths = hidden.toReversed();
    const counts = filters.toReversed();
    const sizes = sizesOf(output, options.stride, filters.length).toReversed();
    const [h, w] = sizes[0] ?? [1, 1];
    const dense = widths.map((width, i) => {
      const inside = scope.child(`hidden-${String(i)}`);
      return inTurn(createDenseLayer(inside, widths[i - 1] ?? numInputs, width, options), createFinish(inside, width, options));
    });
    const [deepest = 1] = counts;
    const start = createDenseLayer(scope.child('start'), widths.at(-1) ?? numInputs, h * w * deepest, options);
    const finishStart = createFinish(scope.child('start'), deepest, options);
    const convolutions = counts.map((from, i) => {
      const inside = scope.child(`convolution-${String(i)}`);
      const [height, width] = sizes[i + 1] ?? [1, 1];
      const to = counts[i + 1];
      const transposed = createTransposed(inside, from, [height, width, to ?? output[2] ?? 1], options, options);
      return { transposed, finish: to === undefined ? null : createFinish(inside, to, options) };
    });
    const [beforeLast = [1, 1]] = sizes.slice(-2);
    const numFeatures = beforeLast[0] * beforeLast[1] * (counts.at(-1) ?? 1);
    return {
      numFeatures,
      apply: (x, pass, given) => {
        const flat = tf.reshape(x, [-1, numValues(input)]);
        const told = checkedCondition(given, condition);
        const codes = told === null ? flat : tf.concat([flat, told], 1);
        const grown = start(inTurn(...dense)(codes, pass), pass);
        let image = finishStart(tf.reshape(grown, [-1, h, w, deepest]), pass);
        let features = image;
        for (const { transposed, finish } of convolutions) {
          features = image;
          image = transposed(image, pass);
          if (finish !== null) image = finish(image, pass);
        }
        return { output: tf.reshape(image, [-1, ...output]), features: tf.reshape(features, [-1, numFeatures]) };
      },
    };
  },
});
