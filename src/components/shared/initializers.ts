/**
 * Initial weights by name. Each keeps the variance of what passes through a layer, in its own approximation; normal
 * ones are not truncated.
 *
 *   glorot  2 / (fanIn + fanOut)   Glorot & Bengio 2010
 *   he      2 / fanIn              He et al. 2015
 *   lecun   1 / fanIn              LeCun et al. 1998
 *   small-normal    0.02^2                 Radford et al. 2016 (DCGAN)
 *   fan-in-uniform  U(-b, b), b = 1 / sqrt(fanIn), for kernel and bias: what PyTorch's Linear does
 */
import type { Initializer, Shape } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';
import { numValues } from './shapes.js';

/** Every initializer, by name. */
export const initializerNames = [
  'glorot-uniform',
  'glorot-normal',
  'he-uniform',
  'he-normal',
  'lecun-normal',
  'fan-in-uniform',
  'small-normal',
] as const;
/** One of them. */
export type InitializerName = (typeof initializerNames)[number];

/** How a layer's weights begin; a bias does not know how many inputs its layer has, so they are said. */
export interface LayerInitializer {
  readonly kernel: Initializer;
  readonly bias: (fanIn: number) => Initializer;
}

interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * Of a kernel [...window, inputs, outputs]. A transposed convolution has the kernel of the convolution that it transposes, and its fans:
 * fanIn counts what the layer gives, fanOut what it is given. So do Keras (Conv2DTranspose) and PyTorch (ConvTranspose2d).
 */
const fansOf = (shape: Shape): Fans => {
  const [inputs = 1, outputs = 1] = shape.slice(-2);
  const window = numValues(shape.slice(0, -2));
  return { fanIn: window * inputs, fanOut: window * outputs };
};

/** Every value 0. */
export const zeros: Initializer = (out) => {
  out.fill(0);
};

/** Every value the same. */
export const filledWith =
  (value: number): Initializer =>
  (out) => {
    out.fill(value);
  };

const uniformWithin =
  (bound: (fans: Fans) => number): Initializer =>
  (out, shape, draws) => {
    const limit = bound(fansOf(shape));
    draws.uniform(out);
    for (let i = 0; i < out.length; i++) out[i] = limit * (2 * (out[i] ?? 0) - 1);
  };

const normalOf =
  (variance: (fans: Fans) => number): Initializer =>
  (out, shape, draws) => {
    const deviation = Math.sqrt(variance(fansOf(shape)));
    draws.normal(out);
    for (let i = 0; i < out.length; i++) out[i] = deviation * (out[i] ?? 0);
  };

/** U(-b, b) has the variance b^2 / 3. */
const uniformOf = (variance: (fans: Fans) => number): Initializer => uniformWithin((fans) => Math.sqrt(3 * variance(fans)));

const glorot = ({ fanIn, fanOut }: Fans): number => 2 / (fanIn + fanOut);
const he = ({ fanIn }: Fans): number => 2 / fanIn;
const lecun = ({ fanIn }: Fans): number => 1 / fanIn;
const withZeroBias = (kernel: Initializer): LayerInitializer => ({ kernel, bias: () => zeros });

/** The initializers as pairs for a layer's kernel [..., inputs, outputs] and its bias [outputs]. */
export const initializers: Readonly<Record<InitializerName, LayerInitializer>> = {
  'glorot-uniform': withZeroBias(uniformOf(glorot)),
  'glorot-normal': withZeroBias(normalOf(glorot)),
  'he-uniform': withZeroBias(uniformOf(he)),
  'he-normal': withZeroBias(normalOf(he)),
  'lecun-normal': withZeroBias(normalOf(lecun)),
  'small-normal': withZeroBias(normalOf(() => 0.02 ** 2)),
  'fan-in-uniform': {
    kernel: uniformWithin(({ fanIn }) => 1 / Math.sqrt(fanIn)),
    bias: (fanIn) => uniformWithin(() => 1 / Math.sqrt(fanIn)),
  },
};

/** Param of networks: how weights begin. */
export const initializerParam = {
  type: 'string',
  enum: initializerNames,
  default: 'glorot-uniform',
  description:
    "How weights begin. Biases begin at zero, but with `fan-in-uniform`, PyTorch's default, at U(-1/sqrt(fanIn), 1/sqrt(fanIn)) as the kernel does.",
} as const satisfies Param;
