/**
 * Distributions that are fitted to the codes of a trained model, on the host, so that any autoencoder can be sampled from.
 * Source: Ghosh et al. 2020, "From variational to deterministic autoencoders", section 4 (ex-post density estimation). Shapes: N codes, Z
 * numbers each, K Gaussians.
 */
import type { Codes, CodeSampler, Draws } from '../../registry/contracts/index.js';

/** Param of every sampler. */
export const codesParam = {
  type: 'integer',
  minimum: 2,
  default: 2000,
  unit: 'examples',
  description: 'Training examples whose codes are fitted, or all of fewer.',
} as const;

interface Gaussian {
  readonly weight: number;
  readonly mean: Float64Array;
  /** Lower triangle of the covariance's Cholesky factor, [Z, Z]. */
  readonly factor: Float64Array;
}

/** Variance beside that of the codes: those of a decoder that leaves latents unused have none there. */
const floor = 1e-6;

/** L with L L' = A. */
const cholesky = (a: Float64Array, size: number): Float64Array => {
  const l = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (l[i * size + k] ?? 0) * (l[j * size + k] ?? 0);
      l[i * size + j] = i === j ? Math.sqrt(Math.max(sum, floor)) : sum / (l[j * size + j] ?? 1);
    }
  }
  return l;
};

/** The Gaussian of codes that count as much as `weights` says. */
const fitGaussian = ({ values, size }: Codes, weights: Float64Array): Gaussian => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  weights.forEach((weight, n) => {
    for (let i = 0; i < size; i++) mean[i] = (mean[i] ?? 0) + (weight * (values[n * size + i] ?? 0)) / total;
  });
  weights.forEach((weight, n) => {
    if (weight === 0) return;
    for (let i = 0; i < size; i++) {
      const far = ((values[n * size + i] ?? 0) - (mean[i] ?? 0)) * (weight / total);
      for (let j = 0; j <= i; j++)
        covariance[i * size + j] = (covariance[i * size + j] ?? 0) + far * ((values[n * size + j] ?? 0) - (mean[j] ?? 0));
    }
  });
  for (let i = 0; i < size; i++) covariance[i * size + i] = (covariance[i * size + i] ?? 0) + floor;
  return { weight: total / weights.length, mean, factor: cholesky(covariance, size) };
};

/** log weight N(x_n; mean, L L'), without the constant that all Gaussians of a size share. */
const logDensity = ({ values, size }: Codes, n: number, { weight, mean, factor }: Gaussian): number => {
  const y = new Float64Array(size);
  let value = Math.log(weight);
  for (let i = 0; i < size; i++) {
    let rest = (values[n * size + i] ?? 0) - (mean[i] ?? 0);
    for (let k = 0; k < i; k++) rest -= (factor[i * size + k] ?? 0) * (y[k] ?? 0);
    const diagonal = factor[i * size + i] ?? 1;
    y[i] = rest / diagonal;
    value -= 0.5 * (y[i] ?? 0) ** 2 + Math.log(diagonal);
  }
  return value;
};

const samplerOf =
  (gaussians: readonly Gaussian[], size: number): CodeSampler =>
  (out, draws) => {
    const chosen = new Float32Array(out.length / size);
    const normal = new Float32Array(out.length);
    draws.uniform(chosen);
    draws.normal(normal);
    chosen.forEach((u, n) => {
      let left = u;
      const { mean, factor } = gaussians.find(({ weight }) => (left -= weight) < 0) ?? gaussians[0] ?? { mean: normal, factor: normal };
      for (let i = 0; i < size; i++) {
        let value = mean[i] ?? 0;
        for (let k = 0; k <= i; k++) value += (factor[i * size + k] ?? 0) * (normal[n * size + k] ?? 0);
        out[n * size + i] = value;
      }
    });
  };

/** One Gaussian with the mean and the whole covariance of the codes. */
export const fitNormal = (codes: Codes): CodeSampler =>
  samplerOf([fitGaussian(codes, new Float64Array(codes.values.length / codes.size).fill(1))], codes.size);

const numRounds = 30;

/** K Gaussians by expectation maximisation, from codes that `draws` picks (Dempster, Laird & Rubin 1977). */
export const fitMixture =
  (numComponents: number) =>
  (codes: Codes, draws: Draws): CodeSampler => {
    const { values, size } = codes;
    const count = values.length / size;
    const whole = fitGaussian(codes, new Float64Array(count).fill(1));
    const first = draws.permutation(count).slice(0, numComponents);
    let gaussians: readonly Gaussian[] = Array.from(first, (n) => ({
      ...{ weight: 1 / first.length, factor: whole.factor },
      mean: Float64Array.from(values.subarray(n * size, (n + 1) * size)),
    }));
    for (let round = 0; round < numRounds; round++) {
      const shares = gaussians.map(() => new Float64Array(count));
      for (let n = 0; n < count; n++) {
        const logs = gaussians.map((gaussian) => logDensity(codes, n, gaussian));
        const largest = Math.max(...logs);
        const total = logs.reduce((sum, log) => sum + Math.exp(log - largest), 0);
        shares.forEach((share, k) => (share[n] = Math.exp((logs[k] ?? -Infinity) - largest) / total));
      }
      // A Gaussian that no code is left to has nothing to be fitted to.
      const kept = shares.filter((share) => share.reduce((sum, each) => sum + each, 0) > 1);
      // Where there is but one code for each, all stay as they are.
      if (kept.length === 0) break;
      gaussians = kept.map((share) => fitGaussian(codes, share));
    }
    const total = gaussians.reduce((sum, { weight }) => sum + weight, 0);
    return samplerOf(
      gaussians.map((gaussian) => ({ ...gaussian, weight: gaussian.weight / total })),
      size,
    );
  };

/** Points between a code and one of its nearest neighbours, as SMOTE makes them (Chawla et al. 2002). */
export const betweenNeighbours =
  (numNeighbours: number) =>
  ({ values, size }: Codes): CodeSampler => {
    const count = values.length / size;
    const known = new Map<number, readonly number[]>();
    const find = (n: number): readonly number[] => {
      const squares = Float64Array.from({ length: count }, (_, other) => {
        let square = 0;
        for (let i = 0; i < size; i++) square += ((values[n * size + i] ?? 0) - (values[other * size + i] ?? 0)) ** 2;
        return square;
      });
      const others = Array.from(squares.keys()).filter((other) => other !== n);
      return others.toSorted((a, b) => (squares[a] ?? 0) - (squares[b] ?? 0)).slice(0, numNeighbours);
    };
    return (out, draws) => {
      const shares = new Float32Array(out.length / size);
      draws.uniform(shares);
      shares.forEach((share, s) => {
        const n = draws.integer(count);
        const nearest = known.get(n) ?? find(n);
        known.set(n, nearest);
        const other = nearest[draws.integer(Math.max(1, nearest.length))] ?? n;
        for (let i = 0; i < size; i++)
          out[s * size + i] = (1 - share) * (values[n * size + i] ?? 0) + share * (values[other * size + i] ?? 0);
      });
    };
  };
