/** Likelihoods: a density (or a mass) of total one over the values that they are for, with the mean and the samples that follow from it. */
import * as tf from '@tensorflow/tfjs-core';
import type { DataFacts, Likelihood, Support } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { withBench, type Numbers } from '../bench.js';
import { buildSmall } from '../entries.js';
import type { Examination } from '../examination.js';
import { grid, integrate, meanAndError } from '../integrals.js';
import { examine } from '../probe.js';
import { binaryFeed, normalValues } from '../values.js';

const batch = 3;
const shape = [2, 2, 1];
/** Decoder outputs that densities are looked at for: each as often as the likelihood asks for per value. */
const settings = [-1.5, 0, 0.6];
const numSamples = 20_000;

interface Ground {
  readonly support: Support;
  readonly points: readonly number[];
  readonly total: (f: (x: number, at: number) => number) => number;
}

const overLine = (support: Support, points: readonly number[]): Ground => ({ support, points, total: (f) => integrate(points, f) });

const overLevels = (levels: number): Ground => {
  const points = Array.from({ length: levels }, (_, level) => level / (levels - 1));
  return { support: 'unit-interval', points, total: (f) => points.reduce((sum, x, at) => sum + f(x, at), 0) };
};

/** What is summed or integrated over: a mass over its levels or over 0 and 1, else a density over the whole line, else one over [0, 1]. */
const groundOf = ({ supports, levels }: Likelihood): Ground => {
  if (levels !== undefined) return overLevels(levels);
  const points = [0, 1];
  if (supports.includes('binary')) return { support: 'binary', points, total: (f) => points.reduce((sum, x, at) => sum + f(x, at), 0) };
  return supports.includes('real') ? overLine('real', grid(-25, 25, 20_001)) : overLine('unit-interval', grid(0, 1, 4001));
};

const factsOf = (likelihood: Likelihood, its: readonly number[]): DataFacts => ({
  shape: its,
  numClasses: null,
  support: groundOf(likelihood).support,
});

/** log p at the ground's points, the mean, and samples, of one value with this setting. */
const observe = (likelihood: Likelihood, setting: number): Promise<Numbers> =>
  withBench('cpu', 1, (bench) => {
    const { points } = groundOf(likelihood);
    const read = likelihood.build(bench.variables.scope('likelihood'), factsOf(likelihood, [1]));
    return bench.run({}, false, (_, { noise }) => {
      const params = (count: number): tf.Tensor => tf.fill([count, likelihood.paramsPerValue], setting);
      return {
        logProb: read(params(points.length)).logProb(tf.tensor2d([...points], [points.length, 1])),
        mean: read(params(1)).mean,
        sample: read(params(numSamples)).sample(noise),
      };
    });
  });

const badTotal = (ground: Ground, setting: number, { logProb = [] }: Numbers): string | null => {
  const total = ground.total((_, at) => Math.exp(logProb[at] ?? -Infinity));
  const verb = ground.support === 'binary' ? 'sums up' : 'integrates';
  return Math.abs(total - 1) < 2e-3
    ? null
    : `for a decoder output of ${String(setting)}, exp(logProb) ${verb} to ${total.toPrecision(5)} over values that are ${ground.support}`;
};

const badMean = (ground: Ground, setting: number, { logProb = [], mean = [] }: Numbers): string | null => {
  const expected = ground.total((x, at) => x * Math.exp(logProb[at] ?? -Infinity));
  const got = mean[0] ?? Number.NaN;
  return Math.abs(got - expected) < 2e-3 * (1 + Math.abs(expected))
    ? null
    : `for a decoder output of ${String(setting)} its mean is ${got.toPrecision(4)}, and by its density ${expected.toPrecision(4)}`;
};

const badSamples = (ground: Ground, setting: number, { logProb = [], sample = [] }: Numbers): string | null => {
  const outside = sample.find((x) =>
    ground.support === 'binary' ? x !== 0 && x !== 1 : ground.support === 'unit-interval' && (x < 0 || x > 1),
  );
  if (outside !== undefined) return `a sample is ${String(outside)}, and values are ${ground.support}`;
  for (const power of [1, 2]) {
    const [mean, error] = meanAndError(sample.map((x) => x ** power));
    const expected = ground.total((x, at) => x ** power * Math.exp(logProb[at] ?? -Infinity));
    if (!(Math.abs(mean - expected) <= 5 * error + 1e-3))
      return `for a decoder output of ${String(setting)} the mean of x^${String(power)} is ${mean.toPrecision(4)} over samples, and ${expected.toPrecision(4)} by the density`;
  }
  return null;
};

export const examineLikelihood = async (
  examination: Examination,
  registry: Registry,
  component: AnyComponent<'likelihood'>,
): Promise<void> => {
  const likelihood = buildSmall(registry, 'likelihood', component);
  const ground = groundOf(likelihood);
  const outputShape = [...shape.slice(0, -1), (shape.at(-1) ?? 1) * likelihood.paramsPerValue];
  const outputs = await examine(examination, {
    what: '',
    feeds: { x: binaryFeed('x', [batch, ...shape]) },
    training: true,
    prepare: (scope) => {
      const read = likelihood.build(scope.child('likelihood'), factsOf(likelihood, shape));
      const params = scope.child('given').variable('params', [2, batch, ...outputShape], (out) => {
        out.set(normalValues('params', out.length));
      });
      return ({ x = tf.zeros([0]) }) => {
        const { mean, logProb } = read(params);
        return { mean, logProb: logProb(x) };
      };
    },
    differentiates: () => true,
    reachesAll: true,
  });
  if (outputs === null) return;
  await examination.check('gives the sizes of its contract', () => {
    const { mean, logProb } = outputs;
    if (logProb?.length !== 2 * batch)
      return `logProb gives ${String(logProb?.length)} numbers for [2, ${String(batch)}] distributions: it is summed over the axes of the data`;
    return mean?.length === 2 * batch * 4 ? null : `mean gives ${String(mean?.length)} numbers, not ${String(2 * batch * 4)}`;
  });
  const aspects = [
    ['its density integrates to one', badTotal],
    ['its mean is that of its density', badMean],
    ['its samples follow its density', badSamples],
  ] as const;
  for (const [check, find] of aspects) {
    await examination.check(check, async () => {
      for (const setting of settings) {
        const fault = find(ground, setting, await observe(likelihood, setting));
        if (fault !== null) return fault;
      }
      return null;
    });
  }
};
