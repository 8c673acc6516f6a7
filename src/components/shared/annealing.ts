/**
 * Annealed importance sampling of log p(x), with Hamiltonian Monte Carlo: chains go from the prior to the posterior through
 *
 *   f_t(z) = p(z) p(x|z)^beta_t,   0 = beta_0 < beta_1 < ... < beta_T = 1
 *
 * forward, z_0 ~ p(z), and at each t: log w += (beta_t - beta_(t-1)) log p(x|z), then a transition that leaves f_t invariant: E w = p(x), so that
 * log of the mean of w over chains is below log p(x) on average. In reverse from an exact sample of the posterior: E 1/w = 1/p(x), and the
 * bound is above. That holds for any step sizes that are settled before the chains start: pilot chains find them, of each example and
 * temperature, so that about 65 % of proposals are accepted.
 * Sources: Neal 2001, "Annealed importance sampling"; Grosse, Ghahramani & Adams 2015, "Sandwiching the marginal likelihood using bidirectional
 * Monte Carlo"; Wu, Burda, Salakhutdinov & Grosse 2017, "On the quantitative analysis of decoder-based generative models", sections 2 and 3.
 * Shapes: C chains, B batch, Z latent, T temperatures.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Noise, Offers, PriorDistribution, Repetition } from '../../registry/contracts/index.js';
import type { Param, Params } from '../../registry/params.js';
import { transition, type Target, type Transition } from './hamiltonian.js';
import { chunkParam, logMeanExp } from './log-likelihood.js';
import { prefixNoise } from './named-noise.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;

const scheduleNames = ['sigmoid', 'linear'] as const;

export const annealingParams = {
  distributions: {
    type: 'integer',
    minimum: 1,
    default: 200,
    unit: 'distributions',
    description: 'Temperatures between the prior and the posterior, T: what accuracy costs. Thousands make the figure one to report.',
  },
  chains: { type: 'integer', minimum: 1, default: 8, unit: 'chains', description: 'Chains for each example.' },
  leapfrogSteps: { type: 'integer', minimum: 1, default: 10, unit: 'steps', description: 'Leapfrog steps of a transition.' },
  schedule: {
    type: 'string',
    enum: scheduleNames,
    default: 'sigmoid',
    description: 'How temperatures are spaced: `sigmoid` has more of them near both ends, where chains need them.',
  },
  images: { type: 'integer', minimum: 1, default: 100, unit: 'examples', description: 'Examples at most, the first ones of a split.' },
  chunk: {
    ...chunkParam,
    unit: 'chains',
    description: 'Chains that move at a time: more are faster and take more memory; the draws are others, their distribution is the same.',
  } satisfies Param,
} as const satisfies Params;

export interface Annealing {
  readonly distributions: number;
  readonly chains: number;
  readonly leapfrogSteps: number;
  readonly schedule: (typeof scheduleNames)[number];
  readonly chunk: number;
}

/** Half the width of the part of the sigmoid that temperatures follow. */
const sigmoidReach = 4;

/** beta_0 = 0, ..., beta_T = 1. */
export const temperatures = ({ distributions, schedule }: Pick<Annealing, 'distributions' | 'schedule'>): readonly number[] =>
  Array.from({ length: distributions + 1 }, (_, t) => {
    const share = t / distributions;
    // The sigmoid from -a to a, less its start, by its rise; tanh is the same sigmoid, centred.
    return schedule === 'linear' ? share : 0.5 + (0.5 * Math.tanh((sigmoidReach * (2 * share - 1)) / 2)) / Math.tanh(sigmoidReach / 2);
  });

/** Enough for the mean acceptance of an example to say something. */
const pilotChains = 4;
const [firstStep, wantedAcceptance, adaptation] = [0.5, 0.65, 0.3];

/** Noise whose draws for C * B rows are made for each example: [C, B, ...], as rows. */
const perExample = (noise: Noise, chains: number, batch: number): Noise => {
  const drawn =
    (draw: Noise['normal']): Noise['normal'] =>
    (name, shape) =>
      shape[0] === chains * batch
        ? tf.reshape(draw(name, [chains, batch, shape.slice(1).reduce((a, b) => a * b, 1)]), [...shape])
        : draw(name, shape);
  return { normal: drawn((name, shape) => noise.normal(name, shape)), uniform: drawn((name, shape) => noise.uniform(name, shape)) };
};

/** Codes of the prior for each chain of each example, [C, B, Z]. @throws Error where codes are classes, which have no gradient. */
export const drawCodes = (prior: PriorDistribution, noise: Noise, chains: number, batch: number): tf.Tensor => {
  if (prior.isDiscrete === true)
    throw new Error('moves codes along gradients, and codes of this prior are one-hot: take importance-bound or prior-monte-carlo');
  const codes = prior.sample(perExample(noise, chains, batch), chains * batch);
  return tf.reshape(codes, [chains, batch, codes.shape.at(-1) ?? 1]);
};

/** What all runs begin with. The step sizes are [T + 1, B]. */
export const beginAnnealing = ({ prior, x }: Pick<Offers, 'prior' | 'x'>, noise: Noise, { distributions, chains }: Annealing): Tensors => {
  const [batch = 1] = x.shape;
  return {
    pilot: drawCodes(prior, prefixNoise(noise, 'pilot'), pilotChains, batch),
    step: tf.fill([batch], firstStep),
    steps: tf.fill([distributions + 1, batch], firstStep),
    codes: drawCodes(prior, prefixNoise(noise, 'chains'), chains, batch),
    logWeights: tf.zeros([chains, batch]),
    acceptance: tf.zeros([batch]),
  };
};

/** @throws Error where it is not there. */
export const stateOf = (tensors: Tensors, name: string): tf.Tensor => {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`a chain has no "${name}"`);
  return tensor;
};

const targetOf = ({ prior, decode }: Pick<Offers, 'prior' | 'decode'>, x: tf.Tensor, beta: tf.Tensor): Target => ({
  logPrior: (z) => prior.logProb(z),
  logLikelihood: (z) => decode(z).logProb(x),
  beta,
});

/** Which row of the step sizes is that of a temperature: [T + 1, 1], one of them 1. */
const rowMask = (index: tf.Tensor, numRows: number): tf.Tensor =>
  tf.reshape(tf.cast(tf.less(tf.abs(tf.sub(tf.range(0, numRows, 1, 'float32'), index)), 0.5), 'float32'), [numRows, 1]);

/** Chains that are moved chunk by chunk. */
const moveInChunks = (
  target: Target,
  z_CBZ: tf.Tensor,
  stepSize: tf.Tensor,
  { leapfrogSteps, chunk }: Annealing,
  noise: Noise,
): Transition => {
  const [chains = 1, batch = 1, latent = 1] = z_CBZ.shape;
  const parts: Transition[] = [];
  for (let from = 0; from < chains; from += chunk) {
    const codes = chunk >= chains ? z_CBZ : tf.slice(z_CBZ, [from, 0, 0], [Math.min(chunk, chains - from), batch, latent]);
    parts.push(transition(target, codes, stepSize, leapfrogSteps, prefixNoise(noise, `chunk-${String(parts.length)}`)));
  }
  const join = (tensors: readonly tf.Tensor[]): tf.Tensor => (tensors.length === 1 && tensors[0] ? tensors[0] : tf.concat([...tensors], 0));
  return {
    z: join(parts.map(({ z }) => z)),
    acceptance: join(parts.map(({ acceptance }) => acceptance)),
    logLikelihood: join(parts.map(({ logLikelihood }) => logLikelihood)),
  };
};

/** Where chains find the examples: those of the batch, or others that are kept in the state. */
export type ExamplesOf = (offers: Offers, state: Tensors) => tf.Tensor;

/** Finds the step sizes of each temperature and example, and does nothing else that lasts. */
export const createPilot = (annealing: Annealing, examplesOf: ExamplesOf): Repetition => {
  const betas = temperatures(annealing);
  return {
    runs: annealing.distributions,
    now: (run) => ({ index: run + 1, beta: betas[run + 1] ?? 1 }),
    step: (offers, state, now, noise) => {
      const [step, steps] = [stateOf(state, 'step'), stateOf(state, 'steps')];
      const target = targetOf(offers, examplesOf(offers, state), stateOf(now, 'beta'));
      const { z, acceptance } = transition(target, stateOf(state, 'pilot'), step, annealing.leapfrogSteps, noise);
      const next = tf.mul(step, tf.exp(tf.mul(tf.sub(tf.mean(acceptance, 0), wantedAcceptance), adaptation)));
      const mask = rowMask(stateOf(now, 'index'), annealing.distributions + 1);
      return { pilot: z, step: next, steps: tf.add(steps, tf.mul(mask, tf.sub(next, steps))) };
    },
  };
};

/** What chains are called in the state, and which way they go. */
export interface ChainsOf {
  readonly codes: string;
  readonly logWeights: string;
  /** Mean probability of acceptance along the chains, [B]. */
  readonly acceptance: string;
  readonly isReverse: boolean;
}

/** The chains themselves; `bound` makes figures [B] of the log weights [C, B]. */
export const createChains = (
  annealing: Annealing,
  examplesOf: ExamplesOf,
  { codes, logWeights, acceptance, isReverse }: ChainsOf,
  conclude: (logWeights: tf.Tensor, state: Tensors) => Tensors,
): Repetition => {
  const betas = temperatures(annealing);
  const { distributions } = annealing;
  return {
    runs: distributions,
    now: (run) => {
      const t = isReverse ? distributions - run : run + 1;
      const index = isReverse ? t - 1 : t;
      return { change: (betas[t] ?? 1) - (betas[t - 1] ?? 0), index, beta: betas[index] ?? 1 };
    },
    step: (offers, state, now, noise) => {
      const mask = rowMask(stateOf(now, 'index'), distributions + 1);
      const stepSize = tf.sum(tf.mul(mask, stateOf(state, 'steps')), 0);
      const target = targetOf(offers, examplesOf(offers, state), stateOf(now, 'beta'));
      const moved = moveInChunks(target, stateOf(state, codes), stepSize, annealing, noise);
      const weights = tf.add(stateOf(state, logWeights), tf.mul(stateOf(now, 'change'), moved.logLikelihood));
      const accepted = tf.add(stateOf(state, acceptance), tf.div(tf.mean(moved.acceptance, 0), distributions));
      return { [codes]: moved.z, [logWeights]: weights, [acceptance]: accepted, ...conclude(weights, state) };
    },
  };
};

/** The bound of forward chains, and that of reverse ones. */
export const lowerBound = (logWeights_CB: tf.Tensor): tf.Tensor => logMeanExp(logWeights_CB);
export const upperBound = (logWeights_CB: tf.Tensor): tf.Tensor => tf.neg(logMeanExp(tf.neg(logWeights_CB)));
