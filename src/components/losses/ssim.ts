/**
 * Structural dissimilarity, 1 - SSIM, of images and the means of their reconstructions, averaged over all places of a Gaussian window,
 *
 *   SSIM = (2 m_x m_y + c1) (2 s_xy + c2) / ((m_x^2 + m_y^2 + c1) (s_x^2 + s_y^2 + c2)),   c1 = 0.01^2, c2 = 0.03^2
 *
 * with means m, variances s^2 and the covariance s_xy inside the window, for values from 0 to 1.
 * Source: Wang, Bovik, Sheikh & Simoncelli 2004, "Image quality assessment: from error visibility to structural similarity", equation 13;
 * as a loss, Snell et al. 2017. Shapes: N images, H, W, C.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Facts, Misfit } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { structuralSimilarity } from '../shared/structural-similarity.js';

const misfitOfWindow = (size: number, { data }: Facts): Misfit | null => {
  if (data === null) return null;
  const [height = 0, width = 0] = data.shape;
  if (data.shape.length !== 3)
    return { param: null, message: `compares images, and the data is [${data.shape.join(', ')}]`, help: 'Take `reconstruction`.' };
  if (Math.min(height, width) >= size) return null;
  return {
    param: 'window',
    message: `is ${String(size)}, and images are ${String(height)} x ${String(width)}`,
    help: 'Take a smaller window.',
  };
};

export default defineComponent({
  kind: 'loss',
  name: 'ssim',
  description:
    'One less the structural similarity of images and their reconstructions, from 0 for the same to 2 (Wang et al. 2004); in place of ' +
    '`reconstruction` or beside it, with a weight around the number of pixels. Values are taken to be from 0 to 1.',
  params: {
    window: {
      type: 'integer',
      minimum: 2,
      default: 7,
      examples: [5],
      unit: 'pixels',
      description: 'Side of the window that structure is seen in.',
    },
  },
  build: ({ window }) => ({
    check: (facts) => misfitOfWindow(window, facts),
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['x', 'likelihood'],
        sign: 'non-negative',
        compute: ({ x, likelihood }) => {
          const [numSamples = 1, batch = 1, ...image] = likelihood.mean.shape;
          const means = tf.reshape(likelihood.mean, [numSamples * batch, ...image]);
          return tf.sub(1, structuralSimilarity(tf.tile(x, [numSamples, ...image.map(() => 1)]), means, window));
        },
      },
    ],
  }),
});
