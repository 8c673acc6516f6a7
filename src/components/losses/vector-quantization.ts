/**
 * What draws codes and codebook together, sg being what no gradient passes:
 *
 *   mean_b |sg(z_e) - e|^2 + commitment |z_e - sg(e)|^2
 *
 * The first term is left out where the codebook is a moving average.
 * Source: van den Oord, Vinyals & Kavukcuoglu 2017, "Neural discrete representation learning", equation 3.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { stopGradient } from '../shared/stop-gradient.js';

const distance = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.mean(tf.sum(tf.square(tf.sub(a, b)), 1));

export default defineComponent({
  kind: 'loss',
  name: 'vector-quantization',
  description: 'Squared distances between codes and the vectors of the codebook that they are rounded to (van den Oord et al. 2017).',
  params: {
    commitment: { type: 'number', minimum: 0, default: 0.25, description: 'Factor of what moves codes towards their vectors.' },
  },
  build: ({ commitment }) => ({
    terms: [
      {
        players: ['encoder'],
        needs: ['quantization'],
        sign: 'non-negative',
        compute: ({ quantization: { encoded, quantized, isTrained } }) => {
          const committed = tf.mul(distance(encoded, stopGradient(quantized)), commitment);
          return isTrained ? tf.add(committed, distance(stopGradient(encoded), quantized)) : committed;
        },
      },
    ],
  }),
});
