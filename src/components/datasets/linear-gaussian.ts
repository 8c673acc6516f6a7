/**
 * Points of probabilistic PCA: x = W z + s e with z ~ N(0, I) and e ~ N(0, I), so x ~ N(0, W W' + s^2 I), of which everything is known. The
 * entries of W [D, Z] are drawn from N(0, 1/Z), so that W z has variance 1 in every direction: the smaller s is, the more do codes say of a
 * point. Or the columns of W are orthogonal, of given squared lengths l: then the covariance has the eigenvalues l + s^2 and, in all other
 * directions, s^2. The model `ppca` with as many components is the truth, as far as the training examples tell it.
 * Source: Tipping & Bishop 1999, "Probabilistic Principal Component Analysis", section 2.
 */
import { defineComponent } from '../../registry/define.js';
import { createUniforms } from '../shared/fixed-uniforms.js';
import { normalQuantile } from '../shared/normal-quantile.js';
import { createToyDataset, toyParams } from '../shared/toy-data.js';

/** The same for every run: other seeds draw other points of one distribution. */
const loadingsSeed = 1;

/** Columns of a [size, variances.length], made orthogonal one after another (Gram-Schmidt), with these squared lengths. */
const makeOrthogonal = (a: Float64Array, size: number, variances: readonly number[]): void => {
  const n = variances.length;
  const product = (i: number, j: number): number => {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += (a[d * n + i] ?? 0) * (a[d * n + j] ?? 0);
    return sum;
  };
  variances.forEach((variance, j) => {
    for (let i = 0; i < j; i++) {
      const share = product(i, j) / product(i, i);
      for (let d = 0; d < size; d++) a[d * n + j] = (a[d * n + j] ?? 0) - share * (a[d * n + i] ?? 0);
    }
    const factor = Math.sqrt(variance / product(j, j));
    for (let d = 0; d < size; d++) a[d * n + j] = (a[d * n + j] ?? 0) * factor;
  });
};

export default defineComponent({
  kind: 'dataset',
  name: 'linear-gaussian',
  description:
    'Points of probabilistic PCA with random loadings: what estimates of log p(x) are tried on, as `ppca` knows the truth. They have no labels.',
  params: {
    size: { type: 'integer', minimum: 2, default: 100, unit: 'values', description: 'Values of a point.' },
    codes: {
      anyOf: [
        { type: 'integer', minimum: 1 },
        { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 1 },
      ],
      default: 5,
      unit: 'dimensions',
      examples: [5, [7, 5, 3.5, 2, 1]],
      description:
        'Numbers that a point is made of, less than its values; or the variances that these give to the data, each in a direction of its own.',
    },
    variance: { type: 'number', exclusiveMinimum: 0, default: 0.1, description: 'Variance of the noise in every direction.' },
    ...toyParams,
  },
  build: ({ size, codes, variance, ...splits }) => {
    const numCodes = typeof codes === 'number' ? codes : codes.length;
    const uniform = createUniforms(loadingsSeed);
    const loadings = Float64Array.from({ length: size * numCodes }, () => normalQuantile(uniform()) / Math.sqrt(numCodes));
    if (typeof codes !== 'number') makeOrthogonal(loadings, size, codes);
    const facts = { shape: [size], numClasses: null, support: 'real' } as const;
    const sizes = typeof codes === 'number' ? '' : ` that give variances of ${codes.join(', ')}`;
    const title = `Points of ${String(size)} values by ${String(numCodes)} standard normal codes${sizes}, noise of variance ${String(variance)}`;
    const deviation = Math.sqrt(variance);
    return createToyDataset(
      {
        title,
        facts,
        sample: (draws, x) => {
          draws('noise').normal(x);
          const z = new Float32Array((x.length / size) * numCodes);
          draws('codes').normal(z);
          for (let at = 0; at < x.length; at++) {
            const [row, d] = [Math.floor(at / size), at % size];
            let value = deviation * (x[at] ?? 0);
            for (let k = 0; k < numCodes; k++) value += (loadings[d * numCodes + k] ?? 0) * (z[row * numCodes + k] ?? 0);
            x[at] = value;
          }
        },
      },
      splits,
    );
  },
});
