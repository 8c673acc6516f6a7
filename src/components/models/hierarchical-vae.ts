/**
 * Two stochastic layers: z1 below, which the decoder sees, and z2 above, which says what z1 is like,
 *
 *   q(z1, z2|x) = q(z1|x) q(z2|z1),   p(x, z1, z2) = p(z2) p(z1|z2) p(x|z1)
 *
 * A code is both, z1 first. All conditionals are diagonal Gaussians, p(z2) is the standard normal.
 * Source: Rezende, Mohamed & Wierstra 2014; as here, Burda et al. 2016, "Importance Weighted Autoencoders", section 2.
 * Shapes: L samples, B batch, Z = Z1 + Z2.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Encoder, Network, Pass, Posterior, PosteriorFamily, Prior } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { createPosterior, standardNormalLogProb } from '../shared/gaussian.js';
import { createOffers } from '../shared/offers.js';
import { createVariational, misfitOfAutoencoder, variationalOffers, variationalParams } from '../shared/variational.js';

const splitAt = (z: tf.Tensor, lower: number): readonly [tf.Tensor, tf.Tensor] => {
  const [below, above] = tf.split(z, [lower, (z.shape.at(-1) ?? 0) - lower], -1);
  if (below === undefined || above === undefined) throw new Error('A tensor split in two gave fewer parts.');
  return [below, above];
};

/** A Gaussian of what a network says of codes with any leading axes: rows are flattened, [..., Z] to [N, Z]. */
const flatten = (z: tf.Tensor): tf.Tensor => tf.reshape(z, [-1, z.shape.at(-1) ?? 1]);
const logProbOf = (conditional: Posterior, z: tf.Tensor): tf.Tensor =>
  tf.reshape(conditional.logProb(tf.expandDims(flatten(z), 0)), z.shape.slice(0, -1));

const createFamily = (upperEncoder: Encoder, lower: number, upper: number): PosteriorFamily => ({
  form: 'other',
  numParameters: () => 2 * lower,
  build: (scope) => {
    const layers = upperEncoder.build(scope, { input: [lower], output: [2 * upper] });
    return (output, form, pass) => {
      const ofX = createPosterior(output, form);
      const above = (z1: tf.Tensor): Posterior => createPosterior(layers.apply(flatten(z1), pass).output, upperEncoder.scale);
      const [mean, scale, logScale] = (() => {
        const ofMean = above(ofX.mean);
        return [
          tf.concat([ofX.mean, ofMean.mean], 1),
          tf.concat([ofX.scale, ofMean.scale], 1),
          tf.concat([ofX.logScale, ofMean.logScale], 1),
        ];
      })();
      return {
        mean,
        scale,
        logScale,
        sample: (noise, numSamples) => {
          const z1 = ofX.sample(noise, numSamples);
          const { mean: m, scale: s } = above(z1);
          const shape = [numSamples, output.shape[0], upper];
          const drawn = noise.normal('posterior-above', shape);
          return tf.concat([z1, tf.add(tf.reshape(m, shape), tf.mul(tf.reshape(s, shape), drawn))], -1);
        },
        logProb: (z) => {
          const [z1, z2] = splitAt(z, lower);
          return tf.add(ofX.logProb(z1), logProbOf(above(z1), z2));
        },
      };
    };
  },
});

const createPrior = (upperDecoder: Network, lower: number, upper: number): Prior => ({
  hasClosedFormKl: false,
  build: (scope) => {
    const layers = upperDecoder.build(scope, { input: [upper], output: [2 * lower] });
    const distribution = (pass: Pass) => {
      const below = (z2: tf.Tensor): Posterior => createPosterior(layers.apply(flatten(z2), pass).output, 'softplus');
      return {
        sample: (noise: Pass['noise'], count: number): tf.Tensor => {
          const z2 = noise.normal('prior-above', [count, upper]);
          const { mean, scale } = below(z2);
          return tf.concat([tf.add(mean, tf.mul(scale, noise.normal('prior', [count, lower]))), z2], 1);
        },
        logProb: (z: tf.Tensor): tf.Tensor => {
          const [z1, z2] = splitAt(z, lower);
          return tf.add(logProbOf(below(z2), z1), standardNormalLogProb(z2));
        },
        kl: null,
      };
    };
    const needsPass = (): never => {
      throw new Error('a prior with a network needs a pass');
    };
    return { sample: needsPass, logProb: needsPass, kl: null, within: (_, pass) => distribution(pass) };
  },
});

/** p(x|z1): the decoder does not see what is above. */
const belowAlone = (decoder: Network, lower: number): Network => ({
  ...decoder,
  refuses: ({ output }) => decoder.refuses?.({ input: [lower], output }) ?? null,
  build: (scope, { output }) => {
    const layers = decoder.build(scope, { input: [lower], output });
    return { numFeatures: layers.numFeatures, apply: (z, pass) => layers.apply(splitAt(z, lower)[0], pass) };
  },
});

export default defineComponent({
  kind: 'model',
  name: 'hierarchical-vae',
  description:
    'A VAE with a second stochastic layer above the first (Rezende et al. 2014); its divergence is estimated: take `kl-monte-carlo` or `iwae`. A ' +
    'code has the lower layer first.',
  params: {
    latent: { ...variationalParams.latent, description: 'Size of the lower layer z1, which the decoder sees.' },
    upper: { type: 'integer', minimum: 1, unit: 'dimensions', examples: [10], description: 'Size of the upper layer z2.' },
    encoder: { ...variationalParams.encoder, description: 'From an example to q(z1|x).' },
    upperEncoder: { component: 'encoder', default: { type: 'mlp', hidden: [100] }, description: 'From z1 to q(z2|z1).' },
    upperDecoder: { component: 'decoder', default: { type: 'mlp', hidden: [100] }, description: 'From z2 to p(z1|z2).' },
    decoder: { ...variationalParams.decoder, description: 'From z1 to the parameters of p(x|z1).' },
    likelihood: variationalParams.likelihood,
    samples: variationalParams.samples,
  },
  build: ({ latent: lower, upper, upperEncoder, upperDecoder, decoder, ...others }) => {
    const parts = {
      ...others,
      latent: lower + upper,
      decoder: belowAlone(decoder, lower),
      posterior: createFamily(upperEncoder, lower, upper),
      prior: createPrior(upperDecoder, lower, upper),
    };
    return {
      players: ['encoder', 'decoder'],
      offers: variationalOffers(parts),
      latent: parts.latent,
      check: (facts) => misfitOfAutoencoder(parts, facts),
      build: (scope, data) => {
        const offersOf = createVariational(scope, data, parts);
        return (batch, pass) => createOffers(offersOf(batch, pass));
      },
    };
  },
});
