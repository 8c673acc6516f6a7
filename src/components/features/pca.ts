/**
 * Principal components: an example's coordinates along the directions in which the training split varies most,
 *
 *   row = U_q' (x - mean)
 *
 * with U_q the first q eigenvectors of the training split's covariance. Distances stay those of the examples, but for what is left out.
 * Source: Tipping & Bishop 1999, "Probabilistic Principal Component Analysis", section 2.
 */
import { createHash } from 'node:crypto';
import { defineComponent } from '../../registry/define.js';
import { principalComponents } from '../shared/principal-components.js';
import { flattenExamples, numValues } from '../shared/shapes.js';

/** Values of an example up to which a covariance is made: its eigenvectors take minutes beyond. */
const most = 1600;

export default defineComponent({
  kind: 'features',
  name: 'pca',
  description: 'The first principal components of the training split, learned from at most 10,000 of its examples.',
  params: {
    size: { type: 'integer', minimum: 1, default: 32, description: 'How many components; no more than an example has values.' },
  },
  build: ({ size }) => ({
    needs: [],
    check: ({ data }) => {
      if (data === null) return null;
      const width = numValues(data.shape);
      if (width > most)
        return {
          param: null,
          message: `learns from examples of at most ${String(most)} values, and the data has ${String(width)}`,
          help: 'Bring images to a smaller size (transform `resize`), or compare by the features of the `classifier`.',
        };
      if (size <= width) return null;
      return {
        param: 'size',
        message: `asks for ${String(size)} components of ${String(width)} values`,
        help: `Set at most ${String(width)}.`,
      };
    },
    extract: flattenExamples,
    fit: (data) => principalComponents(data, size),
    hash: (data) => createHash('sha256').update(principalComponents(data, size).directions).digest('hex').slice(0, 16),
  }),
});
