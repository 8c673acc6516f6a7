/**
 * A second VAE, of the codes of the first model, so that codes can be drawn that lie where those of examples do:
 *
 *   u ~ N(0, I),   z|u ~ N(f(u), s^2 I),   q(u|z) Gaussian,   minimised: Z ln s + |z - f(u)|^2 / 2 s^2 + KL(q(u|z) || N(0, I))
 *
 * As codes fill all their directions, its own are what its prior says where those of the first need not be. It is as wide in u as in z, has
 * two hidden layers each way and is trained anew at each moment, by Adam with a rate that falls to zero; all its weights are one vector, which
 * a compiled step takes and gives back.
 * Source: Dai & Wipf 2019, "Diagnosing and Enhancing VAE Models", section 4. Shapes: B batch, Z latent, P weights.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Codes, Draws, FitCodes, Noise, Shape, Studio } from '../../registry/contracts/index.js';
import { adamSlots, adamStep } from './adam.js';
import { createPosterior, klToStandardNormal } from './gaussian.js';
import { initializers } from './initializers.js';
import { numValues } from './shapes.js';

const hidden = 128;
const maxBatch = 100;
/** Samples of a run of the compiled decoder. */
const sampleBatch = 250;
const rate = 2e-3;
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Inputs and outputs of the layers, those of the encoder first; ln s comes behind them. */
const layoutOf = (latent: number): readonly (readonly [inputs: number, outputs: number])[] => [
  [latent, hidden],
  [hidden, hidden],
  [hidden, 2 * latent],
  [latent, hidden],
  [hidden, hidden],
  [hidden, latent],
];

const countWeights = (latent: number): number => layoutOf(latent).reduce((sum, [inputs, outputs]) => sum + (inputs + 1) * outputs, 1);

/** Of standardized codes: where s begins near 1 there is nothing to be had by telling codes apart, and none are. */
const initialLogDeviation = -2;

/** Kernels by Glorot; biases are zero. */
const initialWeights = (latent: number, draws: Draws): Float32Array => {
  const weights = new Float32Array(countWeights(latent));
  let at = 0;
  for (const [inputs, outputs] of layoutOf(latent)) {
    const size = inputs * outputs;
    initializers['glorot-uniform'].kernel(weights.subarray(at, at + size), [inputs, outputs], draws);
    at += size + outputs;
  }
  weights[at] = initialLogDeviation;
  return weights;
};

interface Networks {
  /** [B, Z] to mean and log scale, [B, 2 Z]. */
  readonly encode: (z_BZ: tf.Tensor) => tf.Tensor;
  readonly decode: (u_BZ: tf.Tensor) => tf.Tensor;
  readonly logDeviation: tf.Tensor;
}

const readNetworks = (weights_P: tf.Tensor, latent: number): Networks => {
  let at = 0;
  const take = (shape: Shape): tf.Tensor => {
    const from = at;
    at += numValues(shape);
    return tf.reshape(tf.slice(weights_P, [from], [at - from]), [...shape]);
  };
  const layers = layoutOf(latent).map(([inputs, outputs]) => {
    const [kernel, bias] = [take([inputs, outputs]), take([outputs])];
    return (x: tf.Tensor): tf.Tensor => tf.add(tf.matMul(x, kernel), bias);
  });
  const inTurn = (mine: typeof layers) => (x: tf.Tensor) => mine.reduce((value, layer, i) => layer(i === 0 ? value : tf.relu(value)), x);
  return { encode: inTurn(layers.slice(0, 3)), decode: inTurn(layers.slice(3)), logDeviation: take([]) };
};

/** The negative bound of a batch, without the constant of its density, from one sample of each code. */
const costOf = ({ encode, decode, logDeviation }: Networks, z_BZ: tf.Tensor, noise: Noise): tf.Tensor => {
  const posterior = createPosterior(encode(z_BZ), 'exp');
  const u_BZ = tf.reshape(posterior.sample(noise, 1), [...z_BZ.shape]);
  const far_BZ = tf.div(tf.sub(z_BZ, decode(u_BZ)), tf.exp(logDeviation));
  const cost_B = tf.sum(tf.add(tf.mul(tf.square(far_BZ), 0.5), klToStandardNormal(posterior)), 1);
  return tf.add(tf.mean(cost_B), tf.mul(logDeviation, z_BZ.shape[1] ?? 1));
};

/** Means and deviations of each number of the codes; a number that never changes has the deviation 1. */
const scaleOf = ({ values, size }: Codes): { readonly means: Float64Array; readonly deviations: Float64Array } => {
  const count = values.length / size;
  const [means, squares] = [new Float64Array(size), new Float64Array(size)];
  values.forEach((value, at) => (means[at % size] = (means[at % size] ?? 0) + value / count));
  values.forEach((value, at) => (squares[at % size] = (squares[at % size] ?? 0) + (value - (means[at % size] ?? 0)) ** 2 / count));
  return { means, deviations: squares.map((square) => (square > 0 ? Math.sqrt(square) : 1)) };
};

/** Compiles the second stage of `numCodes` codes; what it returns trains it on codes of that moment. */
export const prepareSecondStage = async (
  { compile, latent }: Pick<Studio, 'compile' | 'latent'>,
  { numCodes, epochs }: { readonly numCodes: number; readonly epochs: number },
): Promise<FitCodes> => {
  const batch = Math.min(maxBatch, numCodes);
  const stepsPerEpoch = Math.floor(numCodes / batch);
  const float = (...shape: readonly number[]) => ({ shape, dtype: 'float32' }) as const;
  const vector = float(countWeights(latent));
  const train = await compile(
    'second-stage',
    { weights: vector, first: vector, second: vector, z: float(batch, latent), learningRate: float(), count: float() },
    ({ weights, first, second, z, learningRate, count }, _, noise) => {
      const gradient = tf.grad((given: tf.Tensor) => costOf(readNetworks(given, latent), z, noise))(weights);
      const [gradientSum, squareSum] = adamSlots;
      const { step, slots } = adamStep(
        { value: weights, gradient, slots: { [gradientSum]: first, [squareSum]: second }, learningRate, count },
        adam,
      );
      return { weights: tf.sub(weights, step), first: slots[gradientSum], second: slots[squareSum] };
    },
  );
  const decode = await compile(
    'second-stage-samples',
    { weights: vector, u: float(sampleBatch, latent), noise: float(sampleBatch, latent) },
    ({ weights, u, noise }) => {
      const networks = readNetworks(weights, latent);
      return { z: tf.add(networks.decode(u), tf.mul(noise, tf.exp(networks.logDeviation))) };
    },
  );
  return async (codes, draws) => {
    const { means, deviations } = scaleOf(codes);
    const standard = codes.values.map((value, at) => (value - (means[at % latent] ?? 0)) / (deviations[at % latent] ?? 1));
    let weights = initialWeights(latent, draws);
    let [first, second] = [new Float32Array(weights.length), new Float32Array(weights.length)];
    const z = new Float32Array(batch * latent);
    const numSteps = epochs * stepsPerEpoch;
    let order = new Int32Array();
    for (let step = 0; step < numSteps; step++) {
      const from = (step % stepsPerEpoch) * batch;
      if (from === 0) order = Int32Array.from(draws.permutation(numCodes));
      order.subarray(from, from + batch).forEach((n, i) => {
        z.set(standard.subarray(n * latent, (n + 1) * latent), i * latent);
      });
      const learningRate = Float32Array.of(0.5 * rate * (1 + Math.cos((Math.PI * step) / numSteps)));
      const next = await train({ weights, first, second, z, learningRate, count: Float32Array.of(step + 1) }, step);
      weights = Float32Array.from(next['weights'] ?? []);
      [first, second] = [Float32Array.from(next['first'] ?? []), Float32Array.from(next['second'] ?? [])];
    }
    return async (out, its) => {
      const [u, noise] = [new Float32Array(out.length), new Float32Array(out.length)];
      its.normal(u);
      its.normal(noise);
      const most = sampleBatch * latent;
      for (let from = 0; from < out.length; from += most) {
        const batchOf = (values: Float32Array): Float32Array => {
          const padded = new Float32Array(most);
          padded.set(values.subarray(from, from + most));
          return padded;
        };
        const { z = new Float32Array() } = await decode({ weights, u: batchOf(u), noise: batchOf(noise) }, 0);
        out.subarray(from, from + most).forEach((_, at) => {
          out[from + at] = (means[at % latent] ?? 0) + (deviations[at % latent] ?? 1) * (z[at] ?? 0);
        });
      }
    };
  };
};
