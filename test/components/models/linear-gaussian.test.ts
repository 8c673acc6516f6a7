/** pPCA and factor analysis against what is known of them: formulas by hand, exact likelihoods, and the table of MNIST. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { fitFactors } from '../../../src/components/models/factor-analysis.js';
import { fitPpca } from '../../../src/components/shared/ppca.js';
import { trainingMoments, type LinearGaussian } from '../../../src/components/shared/linear-gaussian.js';
import type { Data, Examples } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { buildComponent } from '../../support/build.js';
import { createFixedNoise, createPass, createTestScope, dataFacts, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

const at = (values: ArrayLike<number>, i: number): number => values[i] ?? NaN;

/** Average log-likelihood over data with this covariance: -1/2 [D log 2 pi + log det C + tr(C^-1 S)], with the inverse by elimination. */
const averageLogLikelihood = ({ loadings, noise }: LinearGaussian, covariance: Float64Array): number => {
  const width = noise.length;
  const latent = loadings.length / width;
  const c = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_unused, j) => {
      let sum = i === j ? at(noise, i) : 0;
      for (let k = 0; k < latent; k++) sum += at(loadings, i * latent + k) * at(loadings, j * latent + k);
      return sum;
    }),
  );
  const s = Array.from({ length: width }, (_, i) => Array.from({ length: width }, (_unused, j) => at(covariance, i * width + j)));
  let logDeterminant = 0;
  for (let i = 0; i < width; i++) {
    const pivot = c[i]?.[i] ?? NaN;
    logDeterminant += Math.log(pivot);
    for (let row = 0; row < width; row++) {
      if (row === i) continue;
      const factor = (c[row]?.[i] ?? NaN) / pivot;
      for (let j = 0; j < width; j++) {
        c[row]?.splice(j, 1, (c[row]?.[j] ?? NaN) - factor * (c[i]?.[j] ?? NaN));
        s[row]?.splice(j, 1, (s[row]?.[j] ?? NaN) - factor * (s[i]?.[j] ?? NaN));
      }
    }
  }
  const trace = s.reduce((sum, row, i) => sum + (row[i] ?? NaN) / (c[i]?.[i] ?? NaN), 0);
  return -0.5 * (width * Math.log(2 * Math.PI) + logDeterminant + trace);
};

/** Random positive definite. */
const covarianceOf = (width: number, seed: number): Float64Array => {
  const out = new Float32Array(width * width);
  createRandomStreams(seed).draws('covariance', 0).normal(out);
  return Float64Array.from({ length: width * width }, (_, at_) => {
    const [i, j] = [Math.floor(at_ / width), at_ % width];
    let sum = i === j ? 0.1 : 0;
    for (let k = 0; k < width; k++) sum += at(out, i * width + k) * at(out, j * width + k);
    return sum;
  });
};

describe('pPCA', () => {
  it('is as worked by hand: variances 4, 1 and 3 along the axes, one component', () => {
    const covariance = Float64Array.of(4, 0, 0, 0, 1, 0, 0, 0, 3);
    const { loadings, noise } = fitPpca({ mean: new Float64Array(3), covariance }, 1);
    expect([...noise]).toEqual([2, 2, 2]);
    expect([...loadings].map(Math.abs)).toEqual([expect.closeTo(Math.SQRT2, 12), expect.closeTo(0, 12), expect.closeTo(0, 12)]);
  });

  it('has the likelihood of its formula: -1/2 [D log 2 pi + sum of the logs of the largest + (D - q) log s^2 + D]', () => {
    const covariance = covarianceOf(6, 3);
    const model = fitPpca({ mean: new Float64Array(6), covariance }, 2);
    const variance = at(model.noise, 0);
    const largest = [0, 1].map((k) => {
      let square = variance;
      for (let d = 0; d < 6; d++) square += at(model.loadings, d * 2 + k) ** 2;
      return square;
    });
    const formula = -0.5 * (6 * Math.log(2 * Math.PI) + largest.reduce((sum, l) => sum + Math.log(l), 0) + 4 * Math.log(variance) + 6);
    expect(averageLogLikelihood(model, covariance)).toBeCloseTo(formula, 10);
    // A maximum: what is near is worse.
    for (const factor of [0.98, 1.02]) {
      const other = { ...model, noise: model.noise.map((value) => value * factor) };
      expect(averageLogLikelihood(other, covariance)).toBeLessThan(formula);
    }
  });
});

describe('factor analysis', () => {
  const moments = { mean: new Float64Array(6), covariance: covarianceOf(6, 5) };

  it('begins at pPCA, and rises with each step of EM', () => {
    const likelihoods = [0, 1, 2, 5, 20, 100].map((iterations) =>
      averageLogLikelihood(fitFactors(moments, 2, { iterations, floor: 1e-9 }), moments.covariance),
    );
    expect(likelihoods[0]).toBeCloseTo(averageLogLikelihood(fitPpca(moments, 2), moments.covariance), 10);
    likelihoods.slice(1).forEach((value, i) => expect(value).toBeGreaterThan(at(likelihoods, i)));
  });

  it('finds factors that are there, and turns them so that codes are independent', () => {
    const loadings = Float64Array.of(1, 0.5, -1, 0.5, 1, -1, 0.3, 1, 0.8, -0.6, -0.2, 0.9);
    const noise = Float64Array.of(0.1, 0.4, 0.9, 0.2, 0.3, 0.6);
    const covariance = Float64Array.from({ length: 36 }, (_, i) => {
      const [a, b] = [Math.floor(i / 6), i % 6];
      return at(loadings, 2 * a) * at(loadings, 2 * b) + at(loadings, 2 * a + 1) * at(loadings, 2 * b + 1) + (a === b ? at(noise, a) : 0);
    });
    const found = fitFactors({ mean: new Float64Array(6), covariance }, 2, { iterations: 5000, floor: 1e-9 });
    noise.forEach((value, d) => expect(at(found.noise, d)).toBeCloseTo(value, 3));
    let coupling = 0;
    for (let d = 0; d < 6; d++) coupling += (at(found.loadings, 2 * d) * at(found.loadings, 2 * d + 1)) / at(found.noise, d);
    expect(coupling).toBeCloseTo(0, 8);
  });
});

describe('the model', () => {
  const rows = Float32Array.of(1, 2, 0, 0, 3, 1, -1, 0, 2, 2, 1, -1);
  const examples: Examples = {
    count: 4,
    read: (indices, _, x) => {
      indices.forEach((index, i) => {
        x.set(rows.subarray(3 * index, 3 * index + 3), 3 * i);
      });
    },
  };
  const data: Data = {
    ...dataFacts([3]),
    support: 'real',
    description: 'Four points.',
    splits: { train: examples, validation: examples, test: examples },
    hashes: {},
  };

  it.each(['ppca', { type: 'factor-analysis', iterations: 0 }])('%s offers the exact log p(x), posterior and divergence', (entry) => {
    const model = buildComponent('model', { ...(typeof entry === 'string' ? { type: entry } : entry), latent: 1 });
    const { mean, covariance } = trainingMoments(data);
    const variances = new Map<string, tf.Variable>();
    const scope = createTestScope();
    const forward = model.build(
      {
        ...scope,
        child: (name) => ({
          ...scope.child(name),
          state: (own, shape, initializer) => {
            const made = scope.child(name).state(own, shape, initializer);
            variances.set(`${name}/${own}`, made);
            return made;
          },
        }),
      },
      data,
    );
    for (const [path, values] of model.fit?.(data) ?? []) {
      const variable = variances.get(path);
      variable?.assign(tf.tensor(values, variable.shape));
    }
    const offers = forward({ x: tf.tensor2d(rows, [4, 3]) }, createPass(createFixedNoise({ posterior: [0.3, -1, 0.5, 2] })));
    // Averaged over the training examples it is the closed form of their covariance.
    const evidence = valuesOf(offers.evidence);
    const average = averageLogLikelihood(fitPpca({ mean, covariance }, 1), covariance);
    expect(evidence.reduce((sum, value) => sum + value, 0) / 4).toBeCloseTo(average, 4);
    // Bayes: log p(x|z) + log p(z) - log q(z|x) is log p(x), whatever z is.
    const bayes = tf.add(offers.likelihood.logProb(offers.x), tf.sub(offers.prior.logProb(offers.z), offers.posterior.logProb(offers.z)));
    valuesOf(bayes).forEach((value, i) => expect(value).toBeCloseTo(at(evidence, i), 4));
  });
});

describe.skipIf((process.env['LATENTLAB_DATA'] ?? '') === '')('MNIST, 60,000 images of values from 0 to 1', () => {
  it('has the likelihoods that are known, to a thousandth of a nat', async () => {
    const dataset = buildComponent('dataset', { type: 'mnist', binarization: 'none', validation: 0 });
    const data = await dataset.load({
      random: createRandomStreams(1),
      dataFolder: process.env['LATENTLAB_DATA'] ?? null,
      cacheFolder: '',
      log: () => undefined,
    });
    const moments = trainingMoments(data);
    const width = 784;
    const { loadings, noise } = fitPpca(moments, 50);
    // Of the 50 largest eigenvalues and the mean of the others follow the fits of fewer components.
    const values = Array.from({ length: 50 }, (_, k) => {
      let square = at(noise, 0);
      for (let d = 0; d < width; d++) square += at(loadings, d * 50 + k) ** 2;
      return square;
    });
    const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
    const table = [
      [2, 0.0560958, 12.4277],
      [10, 0.03486734, 182.1547],
      [20, 0.02459713, 299.7584],
      [50, 0.01259605, 507.9054],
    ] as const;
    for (const [latent, expectedVariance, expected] of table) {
      const variance = (sum(values.slice(latent)) + (width - 50) * at(noise, 0)) / (width - latent);
      const logs = sum(values.slice(0, latent).map((value) => Math.log(value)));
      const likelihood = -0.5 * (width * Math.log(2 * Math.PI) + logs + (width - latent) * Math.log(variance) + width);
      expect(variance).toBeCloseTo(expectedVariance, 7);
      expect(Math.abs(likelihood - expected)).toBeLessThan(1e-3);
    }
  }, 180_000);
});
