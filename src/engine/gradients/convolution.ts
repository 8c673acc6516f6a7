/**
 * Gradients of convolutions that TensorFlow.js lacks: those of its two filter gradients and of the depthwise input gradient, without which
 * no penalty on a critic's slope reaches the critic's filters, and those of dilated convolutions, which it refuses.
 *
 * A convolution, its gradient by the image and its gradient by the filter are one trilinear form with one of three operands left out,
 * so each one's gradients are the other two.
 */
import * as tf from '@tensorflow/tfjs-core';

type Gradient = Omit<tf.GradConfig, 'kernelName'>;
type Attrs = tf.NamedAttrMap;
type Pair = readonly [number, number];

/** Names of the three kernels of one kind of convolution. */
interface Kernels {
  readonly forward: string;
  readonly byFilter: string;
  readonly byImage: string;
}

const run = (kernel: string, inputs: tf.NamedTensorMap, attrs: Attrs): tf.Tensor => tf.engine().runKernel(kernel, inputs, attrs);

/** A kernel of two inputs, which are handed on with dy. */
const gradient = (
  names: readonly [string, string],
  of: (dy: tf.Tensor, first: tf.Tensor, second: tf.Tensor, attrs: Attrs) => readonly [() => tf.Tensor, () => tf.Tensor],
): Gradient => ({
  inputsToSave: [...names],
  gradFunc: (dy, [first, second], attrs) => {
    if (Array.isArray(dy) || !first || !second) throw new Error(`a gradient needs one dy and its saved ${names.join(' and ')}`);
    const [byFirst, bySecond] = of(dy, first, second, attrs);
    return { [names[0]]: byFirst, [names[1]]: bySecond };
  },
});

const dilationsOf = ({ dilations }: Attrs): Pair => {
  const [height, width] = Array.isArray(dilations) ? dilations.map(Number) : [Number(dilations ?? 1)];
  return [height ?? 1, width ?? height ?? 1];
};

/** The filter [H, W, ...] with zeros between its taps. */
const dilate = (filter: tf.Tensor, [down, across]: Pair): tf.Tensor => {
  if (down === 1 && across === 1) return filter;
  const [height = 1, width = 1, ...rest] = filter.shape;
  const depth = rest.reduce((size, dim) => size * dim, 1);
  const columns = tf.pad(tf.reshape(filter, [height, 1, width, 1, depth]), [
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, across - 1],
    [0, 0],
  ]);
  const spread = tf.reshape(columns, [height * down, width * across, depth]);
  const [tall, wide] = [(height - 1) * down + 1, (width - 1) * across + 1];
  return tf.reshape(tf.slice(spread, [0, 0, 0], [tall, wide, depth]), [tall, wide, ...rest]);
};

/** Takes out again what `dilate` put in between. */
const undilate = (filter: tf.Tensor, shape: readonly number[], [down, across]: Pair): tf.Tensor => {
  if (down === 1 && across === 1) return filter;
  const [height = 1, width = 1, ...rest] = shape;
  const depth = rest.reduce((size, dim) => size * dim, 1);
  const [tall = 1, wide = 1] = filter.shape;
  const filled = tf.pad(tf.reshape(filter, [tall, wide, depth]), [
    [0, height * down - tall],
    [0, width * across - wide],
    [0, 0],
  ]);
  const taps = tf.slice(tf.reshape(filled, [height, down, width, across, depth]), [0, 0, 0, 0, 0], [height, 1, width, 1, depth]);
  return tf.reshape(taps, [...shape]);
};

const gradientsOf = ({ forward, byFilter, byImage }: Kernels): Readonly<Record<string, Gradient>> => ({
  // A dilated filter is a larger one with zeros: the cpu backend's gradient kernels overlook dilations, or know of none.
  [forward]: gradient(['x', 'filter'], (dy, x, filter, attrs) => {
    const dilations = dilationsOf(attrs);
    const dense = { ...attrs, dilations: [1, 1] };
    return [
      () => run(byImage, { dy, filter: dilate(filter, dilations) }, { ...dense, inputShape: x.shape }),
      () => {
        const filterShape = dilate(filter, dilations).shape;
        return undilate(run(byFilter, { x, dy }, { ...dense, filterShape }), filter.shape, dilations);
      },
    ];
  }),
  [byFilter]: gradient(['x', 'dy'], (ddFilter, x, dy, attrs) => [
    () => run(byImage, { dy, filter: ddFilter }, { ...attrs, inputShape: x.shape }),
    () => run(forward, { x, filter: ddFilter }, { dilations: [1, 1], ...attrs }),
  ]),
  [byImage]: gradient(['dy', 'filter'], (ddx, dy, filter, attrs) => [
    () => run(forward, { x: ddx, filter }, { dilations: [1, 1], ...attrs }),
    () => run(byFilter, { x: ddx, dy }, { ...attrs, filterShape: filter.shape }),
  ]),
});

/** By kernel; they replace those that TensorFlow.js has. */
export const convolutionGradients: Readonly<Record<string, Gradient>> = {
  ...gradientsOf({ forward: 'Conv2D', byFilter: 'Conv2DBackpropFilter', byImage: 'Conv2DBackpropInput' }),
  ...gradientsOf({
    forward: 'DepthwiseConv2dNative',
    byFilter: 'DepthwiseConv2dNativeBackpropFilter',
    byImage: 'DepthwiseConv2dNativeBackpropInput',
  }),
};
