/**
 * Factor analysis, fitted by EM on the training split's covariance S: pPCA with a noise of its own for each value. With beta = W' (W W' + Psi)^-1,
 *
 *   W <- S beta' (I - beta W + beta S beta')^-1,   Psi <- diag(S - W beta S)
 *
 * It begins at pPCA, and the likelihood rises with each step.
 * Source: Rubin & Thayer 1982, "EM algorithms for ML factor analysis"; Ghahramani & Hinton 1996, equations 7 and 8.
 */
import { defineComponent } from '../../registry/define.js';
import type { Moments } from '../shared/gaussian-moments.js';
import { createLinearGaussian, trainingMoments, type LinearGaussian } from '../shared/linear-gaussian.js';
import { symmetricEigen } from '../shared/symmetric-eigen.js';
import { fitPpca } from '../shared/ppca.js';

const at = (values: Float64Array, i: number): number => values[i] ?? 0;

/** [a, b] times [b, c]. */
const multiply = (left: Float64Array, right: Float64Array, [a, b, c]: readonly [number, number, number]): Float64Array => {
  const out = new Float64Array(a * c);
  for (let i = 0; i < a; i++)
    for (let k = 0; k < b; k++) {
      const factor = at(left, i * b + k);
      if (factor !== 0) for (let j = 0; j < c; j++) out[i * c + j] = at(out, i * c + j) + factor * at(right, k * c + j);
    }
  return out;
};

const transpose = (values: Float64Array, rows: number, columns: number): Float64Array => {
  const out = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = at(values, i * columns + j);
  return out;
};

/** The inverse of a symmetric positive definite matrix, by its eigenvalues. */
const inverse = (matrix: Float64Array, n: number): Float64Array => {
  const { values, vectors } = symmetricEigen(matrix, n);
  const scaled = vectors.map((value, i) => value / at(values, Math.floor(i / n)));
  return multiply(transpose(vectors, n, n), scaled, [n, n, n]);
};

/** W' Psi^-1 [Z, D]. */
const weigh = ({ loadings, noise }: LinearGaussian, latent: number): Float64Array => {
  const width = noise.length;
  const out = new Float64Array(width * latent);
  for (let d = 0; d < width; d++) for (let k = 0; k < latent; k++) out[k * width + d] = at(loadings, d * latent + k) / at(noise, d);
  return out;
};

/** I + W' Psi^-1 W [Z, Z]. */
const precisionOf = (weighted: Float64Array, { loadings, noise }: LinearGaussian, latent: number): Float64Array => {
  const precision = multiply(weighted, loadings, [latent, noise.length, latent]);
  for (let k = 0; k < latent; k++) precision[k * latent + k] = at(precision, k * latent + k) + 1;
  return precision;
};

const step = (model: LinearGaussian, covariance: Float64Array, latent: number, floor: number): LinearGaussian => {
  const { mean, loadings } = model;
  const width = mean.length;
  const weighted = weigh(model, latent);
  const beta = multiply(inverse(precisionOf(weighted, model, latent), latent), weighted, [latent, latent, width]);
  const crossed = multiply(beta, covariance, [latent, width, width]); // beta S
  const second = multiply(crossed, transpose(beta, latent, width), [latent, width, latent]);
  const explained = multiply(beta, loadings, [latent, width, latent]);
  for (let i = 0; i < second.length; i++) second[i] = at(second, i) - at(explained, i) + (i % (latent + 1) === 0 ? 1 : 0);
  const next = multiply(transpose(crossed, latent, width), inverse(second, latent), [width, latent, latent]);
  const noise = Float64Array.from({ length: width }, (_, d) => {
    let value = at(covariance, d * width + d);
    for (let k = 0; k < latent; k++) value -= at(next, d * latent + k) * at(crossed, k * width + d);
    return Math.max(value, floor);
  });
  return { mean, loadings: next, noise };
};

/** The same model with columns for which W' Psi^-1 W is diagonal, the strongest first. */
const turn = (model: LinearGaussian, latent: number): LinearGaussian => {
  const strength = multiply(weigh(model, latent), model.loadings, [latent, model.noise.length, latent]);
  const { vectors } = symmetricEigen(strength, latent);
  return { ...model, loadings: multiply(model.loadings, transpose(vectors, latent, latent), [model.noise.length, latent, latent]) };
};

/** Of a mean and a covariance. */
export const fitFactors = (
  moments: Pick<Moments, 'mean' | 'covariance'>,
  latent: number,
  { iterations, floor }: { readonly iterations: number; readonly floor: number },
): LinearGaussian => {
  const { covariance } = moments;
  let model = fitPpca(moments, latent);
  model = { ...model, noise: model.noise.map((value) => Math.max(value, floor)) };
  for (let i = 0; i < iterations; i++) model = step(model, covariance, latent, floor);
  return turn(model, latent);
};

export default defineComponent({
  kind: 'model',
  name: 'factor-analysis',
  description:
    'Factor analysis, pPCA with a noise of its own for each value, fitted by EM and not by training: `losses: []` and `training: { steps: 0 }`. Its ' +
    'likelihood is exact.',
  params: {
    latent: { type: 'integer', minimum: 1, unit: 'dimensions', examples: [20], description: 'Size of a code z: factors.' },
    iterations: { type: 'integer', minimum: 0, default: 100, description: 'Steps of EM, from pPCA on.' },
    floor: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1e-4,
      unit: 'squared data units',
      description: 'Variances of the noise stay above it: of values that never change the density would grow without bound.',
    },
  },
  build: ({ latent, iterations, floor }) =>
    createLinearGaussian(latent, (data) => fitFactors(trainingMoments(data), latent, { iterations, floor })),
});
