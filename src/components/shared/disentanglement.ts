/** How single latents stand for single factors. Codes are the means of posteriors, [N, D]; factors are whole numbers, [N] each. */
import type { Factor } from '../../registry/contracts/index.js';
import { createUniforms } from './fixed-uniforms.js';

/** Codes of examples, and what they were made of. */
export interface FactorSample {
  readonly count: number;
  readonly width: number;
  /** By latent, [N] each. */
  readonly latents: readonly Float64Array[];
  readonly factors: readonly (Factor & { readonly values: Int32Array })[];
}

/** From rows [N, D] and labels whose digits are the factors' values. */
export const createFactorSample = (codes: Float32Array, labels: Float32Array, width: number, factors: readonly Factor[]): FactorSample => {
  const count = labels.length;
  const rest = Float64Array.from(labels);
  const digits = factors.toReversed().map((factor) => ({
    ...factor,
    values: Int32Array.from({ length: count }, (_, i) => {
      const value = (rest[i] ?? 0) % factor.numValues;
      rest[i] = ((rest[i] ?? 0) - value) / factor.numValues;
      return value;
    }),
  }));
  const latents = Array.from({ length: width }, (_, j) => Float64Array.from({ length: count }, (_unused, i) => codes[i * width + j] ?? 0));
  // A factor with one value is none.
  return { count, width, latents, factors: digits.toReversed().filter(({ numValues }) => numValues > 1) };
};

/** Numbers, in an array of any kind. */
type Numbers = Iterable<number> & ArrayLike<number>;

const mean = (values: Numbers): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
};

const variance = (values: Numbers): number => {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum / values.length;
};

const entropy = (shares: Iterable<number>): number => {
  let sum = 0;
  for (const p of shares) if (p > 0) sum -= p * Math.log(p);
  return sum;
};

/** The largest of the numbers less the second largest. */
const gap = (values: readonly number[]): number => {
  const [first = 0, second = 0] = values.toSorted((a, b) => b - a);
  return first - second;
};

const numBins = 20;

/** Bins of equal width over the range of a latent. */
const discretize = (values: Float64Array): Int32Array => {
  const [least, largest] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const width = (largest - least) / numBins;
  return Int32Array.from(values, (value) => (width > 0 ? Math.min(numBins - 1, Math.floor((value - least) / width)) : 0));
};

const frequencies = (values: Int32Array, numValues: number): Float64Array => {
  const shares = new Float64Array(numValues);
  for (const value of values) shares[value] = (shares[value] ?? 0) + 1 / values.length;
  return shares;
};

const mutualInformation = (a: Int32Array, numA: number, b: Int32Array, numB: number): number => {
  const joint = frequencies(
    a.map((value, i) => value * numB + (b[i] ?? 0)),
    numA * numB,
  );
  return entropy(frequencies(a, numA)) + entropy(frequencies(b, numB)) - entropy(joint);
};

/** Mean over factors of the gap between the two latents that say most of it, as a share of the factor's entropy. */
export const mutualInformationGap = ({ latents, factors }: FactorSample): number => {
  const bins = latents.map(discretize);
  return mean(
    factors.map(({ values, numValues }) => {
      const total = entropy(frequencies(values, numValues));
      return total === 0 ? 0 : gap(bins.map((latent) => mutualInformation(latent, numBins, values, numValues))) / total;
    }),
  );
};

/** Share of a latent's variance that lies between values of a factor; for a factor with an order, the part that a line explains. */
const explained = (latent: Float64Array, { values, numValues, isOrdered }: FactorSample['factors'][number]): number => {
  const total = variance(latent);
  if (total === 0) return 0;
  const centre = mean(latent);
  if (isOrdered) {
    const middle = mean(values);
    let covariance = 0;
    for (let i = 0; i < values.length; i++) covariance += (((values[i] ?? 0) - middle) * ((latent[i] ?? 0) - centre)) / values.length;
    const spread = variance(values);
    return spread === 0 ? 0 : covariance ** 2 / (spread * total);
  }
  const [sums, counts] = [new Float64Array(numValues), new Float64Array(numValues)];
  values.forEach((value, i) => {
    sums[value] = (sums[value] ?? 0) + (latent[i] ?? 0) - centre;
    counts[value] = (counts[value] ?? 0) + 1;
  });
  const between = sums.reduce((sum, value, k) => sum + ((counts[k] ?? 0) > 0 ? value ** 2 / (counts[k] ?? 1) : 0), 0);
  return between / values.length / total;
};

/** Mean over factors of the gap between the two latents that a factor explains best. */
export const separatedPredictability = ({ latents, factors }: FactorSample): number =>
  mean(factors.map((factor) => gap(latents.map((latent) => explained(latent, factor)))));

const standardize = (values: Numbers): Float64Array => {
  const [centre, deviation] = [mean(values), Math.sqrt(variance(values))];
  return Float64Array.from({ length: values.length }, (_, i) => (deviation === 0 ? 0 : ((values[i] ?? 0) - centre) / deviation));
};

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) / a.length;

/** Weights that minimise mean (target - X w)^2 / 2 + penalty |w|, one after another until they stay, and the share of variance they explain. */
const lasso = (
  gram: readonly (readonly number[])[],
  moments: readonly number[],
  penalty: number,
): { readonly weights: readonly number[]; readonly score: number } => {
  const weights = moments.map(() => 0);
  for (let sweep = 0; sweep < 200; sweep++) {
    let change = 0;
    for (const [j, row] of gram.entries()) {
      const own = row[j] ?? 0;
      if (own === 0) continue;
      const rest = (moments[j] ?? 0) - row.reduce((sum, value, k) => sum + (k === j ? 0 : value * (weights[k] ?? 0)), 0);
      const next = (Math.sign(rest) * Math.max(0, Math.abs(rest) - penalty)) / own;
      change = Math.max(change, Math.abs(next - (weights[j] ?? 0)));
      weights[j] = next;
    }
    if (change < 1e-9) break;
  }
  // Targets have variance 1.
  const fit = weights.reduce((sum, weight, j) => sum + weight * (moments[j] ?? 0), 0);
  const norm = weights.reduce(
    (sum, weight, j) => sum + weight * (gram[j] ?? []).reduce((inner, value, k) => inner + value * (weights[k] ?? 0), 0),
    0,
  );
  return { weights, score: Math.max(0, 2 * fit - norm) };
};

export interface Dci {
  readonly disentanglement: number;
  readonly completeness: number;
  readonly informativeness: number;
}

/** 1 - H / log n of shares that add up to 1 when divided by their sum; 0 where all are 0. */
const concentration = (importances: readonly number[]): number => {
  const total = importances.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  return importances.length < 2 ? 1 : 1 - entropy(importances.map((value) => value / total)) / Math.log(importances.length);
};

/** Importances are the weights of a lasso from all latents to each factor; to each value of one without an order. */
export const dciScores = ({ latents, factors }: FactorSample, penalty: number): Dci => {
  const inputs = latents.map(standardize);
  const gram = inputs.map((a) => inputs.map((b) => dot(a, b)));
  const fits = factors.map(({ values, numValues, isOrdered }) => {
    const targets = isOrdered
      ? [standardize(values)]
      : Array.from({ length: numValues }, (_, k) => standardize(values.map((value) => (value === k ? 1 : 0))));
    const found = targets.map((target) =>
      lasso(
        gram,
        inputs.map((input) => dot(input, target)),
        penalty,
      ),
    );
    return {
      importances: latents.map((_, j) => found.reduce((sum, { weights }) => sum + Math.abs(weights[j] ?? 0), 0)),
      score: mean(found.map(({ score }) => score)),
    };
  });
  const byLatent = latents.map((_, j) => fits.map(({ importances }) => importances[j] ?? 0));
  const sums = byLatent.map((importances) => importances.reduce((sum, value) => sum + value, 0));
  const total = sums.reduce((sum, value) => sum + value, 0);
  return {
    disentanglement:
      total === 0 ? 0 : byLatent.reduce((sum, importances, j) => sum + ((sums[j] ?? 0) / total) * concentration(importances), 0),
    completeness: mean(fits.map(({ importances }) => concentration(importances))),
    informativeness: mean(fits.map(({ score }) => score)),
  };
};

const votesPerFactor = 200;
const examplesPerVote = 64;
/** Latents that vary less are not used, as far as this score goes. */
const leastVariance = 1e-6;

/** Share of votes that the majority of a latent gets right: which factor was held still, by the latent that varied least. */
export const factorVaeScore = ({ latents, factors }: FactorSample): number => {
  const scaled = latents.map((values) => ({ values, total: variance(values) })).filter(({ total }) => total > leastVariance);
  if (scaled.length === 0) return 0;
  const uniform = createUniforms(7);
  const pick = (count: number): number => Math.floor(uniform() * count);
  const votes = scaled.map(() => factors.map(() => 0));
  for (const [k, { values, numValues }] of factors.entries()) {
    const members = Array.from({ length: numValues }, (_, value) => [...values.keys()].filter((i) => values[i] === value)).filter(
      (rows) => rows.length > 1,
    );
    for (let vote = 0; vote < votesPerFactor && members.length > 0; vote++) {
      const rows = members[pick(members.length)] ?? [];
      const chosen = Array.from({ length: examplesPerVote }, () => rows[pick(rows.length)] ?? 0);
      const spreads = scaled.map((latent) => variance(chosen.map((row) => latent.values[row] ?? 0)) / latent.total);
      const least = votes[spreads.indexOf(Math.min(...spreads))];
      if (least !== undefined) least[k] = (least[k] ?? 0) + 1;
    }
  }
  const all = votes.flat().reduce((sum, value) => sum + value, 0);
  return votes.reduce((sum, row) => sum + Math.max(...row), 0) / all;
};
