/**
 * Inverse autoregressive flows behind a Gaussian: each number of a code is mixed with one that a masked network makes of the numbers before
 * it and of a context h from the encoder,
 *
 *   z'_i = s_i z_i + (1 - s_i) m_i,   (m, s) = masked network (z, h), s through a sigmoid;   log |det| = sum_i ln s_i
 *
 * so that the determinant is a product. The order of the numbers is turned around from flow to flow.
 * Source: Kingma et al. 2016, "Improved variational inference with inverse autoregressive flow", algorithm 1; the masks, Germain et al. 2015
 * (MADE), equations 8 and 9. Shapes: L samples, B batch, Z latent, H hidden.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scope } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { carry, chain, type Flow } from '../shared/flow.js';
import { createPosterior } from '../shared/gaussian.js';
import { initializers, zeros } from '../shared/initializers.js';

/** With it a flow begins close to leaving codes as they are. */
const keepAtFirst = 1.5;

/** Hidden unit k may see numbers up to this one, counted from 1; the last number is seen by none. */
const degreeOf = (unit: number, latent: number): number => (unit % (latent - 1)) + 1;

const mask = (rows: number, columns: number, sees: (row: number, column: number) => boolean): tf.Tensor =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, (_, at) => Number(sees(Math.floor(at / columns), at % columns))),
    [rows, columns],
  );

/** The variables of one flow, and the flow with a context [B, Z]. */
const createStep = (scope: Scope, latent: number, hidden: number): ((context: tf.Tensor) => Flow) => {
  const { kernel } = initializers['glorot-uniform'];
  const input = scope.variable('input', [latent, hidden], kernel);
  const told = scope.variable('context', [latent, hidden], kernel);
  const bias = scope.variable('bias', [hidden], zeros);
  const outputs = (['shift', 'gate'] as const).map((name) => ({
    kernel: scope.variable(`${name}-kernel`, [hidden, latent], kernel),
    bias: scope.variable(`${name}-bias`, [latent], zeros),
  }));
  return (context) => (z) => {
    const seesInput = mask(latent, hidden, (i, k) => i + 1 <= degreeOf(k, latent));
    const seesHidden = mask(hidden, latent, (k, i) => degreeOf(k, latent) < i + 1);
    const flat = tf.reshape(z, [-1, latent]);
    const ofContext = tf.tile(tf.matMul(context, told), [z.shape[0], 1]);
    const inside = tf.elu(tf.add(tf.add(tf.matMul(flat, tf.mul(input, seesInput)), ofContext), bias));
    const [shift, gate] = outputs.map((output) => tf.add(tf.matMul(inside, tf.mul(output.kernel, seesHidden)), output.bias));
    if (shift === undefined || gate === undefined) throw new Error('Two outputs gave fewer.');
    const open = tf.add(gate, keepAtFirst);
    const s = tf.sigmoid(open);
    const mixed = tf.add(tf.mul(s, flat), tf.mul(tf.sub(1, s), shift));
    // ln sigmoid(a) = -softplus(-a)
    const logDeterminant = tf.neg(tf.sum(tf.softplus(tf.neg(open)), 1));
    return { z: tf.reshape(mixed, z.shape), logDeterminant: tf.reshape(logDeterminant, z.shape.slice(0, 2)) };
  };
};

const turnAround: Flow = (z) => ({ z: tf.reverse(z, 2), logDeterminant: tf.zeros(z.shape.slice(0, 2)) });

export default defineComponent({
  kind: 'posterior',
  name: 'inverse-autoregressive-flow',
  description:
    'A Gaussian behind which masked networks mix the numbers of a code with those before them (Kingma et al. 2016). The divergence is ' +
    'estimated: take `kl-monte-carlo` or `iwae`.',
  params: {
    steps: { type: 'integer', minimum: 1, default: 2, unit: 'flows', description: 'How many flows follow each other.' },
    hidden: { type: 'integer', minimum: 1, default: 64, unit: 'units', description: 'Width of the masked network in each flow.' },
  },
  build: ({ steps, hidden }) => ({
    form: 'other',
    numParameters: (latent) => 3 * latent,
    refuses: (latent) => {
      if (latent < 2) return `is ${String(latent)}, and a flow from number to number needs 2 or more`;
      return hidden < latent - 1
        ? `is ${String(latent)}, and masks with ${String(hidden)} hidden units need ${String(hidden + 1)} or fewer`
        : null;
    },
    build: (scope, latent) => {
      const flows = Array.from({ length: steps }, (_, i) => createStep(scope.child(`flow-${String(i)}`), latent, hidden));
      return (output, form) => {
        const [gaussian, context] = tf.split(output, [2 * latent, latent], 1);
        if (gaussian === undefined || context === undefined) throw new Error('A tensor split in two gave fewer parts.');
        return carry(createPosterior(gaussian, form), chain(flows.flatMap((flow, i) => [...(i === 0 ? [] : [turnAround]), flow(context)])));
      };
    },
  }),
});
