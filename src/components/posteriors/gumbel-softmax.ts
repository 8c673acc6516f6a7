/**
 * One-hot codes: each group of K numbers is a class, drawn by the Gumbel trick and softened so that gradients pass,
 *
 *   z = softmax((logits + g) / temperature),   g = -ln(-ln u)
 *
 * While the model is measured, draws are one-hot themselves, so that bounds are those of the discrete model. `logProb` is the mass
 * sum z ln q, exact for one-hot codes and their relaxation for soft ones.
 * Source: Jang, Gu & Poole 2017, "Categorical reparameterization with Gumbel-softmax"; Maddison, Mnih & Teh 2017.
 * Shapes: L samples, B batch, G groups, K classes.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { stopGradient } from '../shared/stop-gradient.js';

/** Draws of exactly 0 would win by an infinite margin. */
const leastDraw = 1e-7;

const oneHotOfLargest = (x: tf.Tensor, classes: number): tf.Tensor => tf.oneHot(tf.argMax(x, -1), classes, 1, 0, 'float32');

export default defineComponent({
  kind: 'posterior',
  name: 'gumbel-softmax',
  description:
    'Groups of one-hot numbers, drawn with Gumbel noise and softened while training (Jang et al. 2017); for the prior `categorical` with as ' +
    'many classes.',
  params: {
    classes: {
      type: 'integer',
      minimum: 2,
      default: 10,
      examples: [2],
      description: "Classes of each group; the model's `latent` is a multiple of it.",
    },
    temperature: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.67,
      description: 'How soft draws are: near 0 they are one-hot and gradients noisy, at 1 and above smooth and biased.',
    },
    straightThrough: {
      type: 'boolean',
      default: false,
      description: 'Whether the decoder is given one-hot draws while training, too, and gradients go through the soft ones.',
    },
  },
  build: ({ classes, temperature, straightThrough }) => ({
    form: 'categorical',
    classes,
    numParameters: (latent) => latent,
    refuses: (latent) =>
      latent % classes === 0 ? null : `is ${String(latent)}, which is not made of groups of ${String(classes)} classes`,
    build: (_, latent) => (output, _scale, pass) => {
      const [batch] = output.shape;
      const numGroups = latent / classes;
      const logits_BGK = tf.reshape(output, [-1, numGroups, classes]);
      const logProbability_BGK = tf.sub(logits_BGK, tf.logSumExp(logits_BGK, -1, true));
      const flatten = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [...x.shape.slice(0, -2), latent]);
      const mean = flatten(tf.exp(logProbability_BGK));
      const variance = tf.mul(mean, tf.sub(1, mean));
      return {
        mean,
        scale: tf.sqrt(tf.add(variance, 1e-12)),
        logScale: tf.mul(tf.log(tf.add(variance, 1e-12)), 0.5),
        sample: (noise, numSamples) => {
          const u = tf.maximum(noise.uniform('posterior', [numSamples, batch, numGroups, classes]), leastDraw);
          const noisy = tf.sub(logProbability_BGK, tf.log(tf.neg(tf.log(u))));
          if (!pass.training) return flatten(oneHotOfLargest(noisy, classes));
          const soft = tf.softmax(tf.div(noisy, temperature));
          if (!straightThrough) return flatten(soft);
          return flatten(tf.add(soft, stopGradient(tf.sub(oneHotOfLargest(noisy, classes), soft))));
        },
        logProb: (z) => tf.sum(tf.mul(z, flatten(logProbability_BGK)), -1),
      };
    },
  }),
});
