/** Priors: a density that integrates to one, samples that follow it, and a divergence that is what its integral says. */
import * as tf from '@tensorflow/tfjs-core';
import { createPosterior } from '../../components/shared/gaussian.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Pass, Posterior, Prior, PriorDistribution, Scope } from '../../registry/contracts/index.js';
import type { Registry } from '../../registry/registry.js';
import { withBench } from '../bench.js';
import { buildSmall } from '../entries.js';
import { Skipped, type Examination } from '../examination.js';
import { grid, integrate, meanAndError, momentOf } from '../integrals.js';
import { examine } from '../probe.js';
import { normalValues } from '../values.js';

const latent = 3;
const batch = 4;

/** One posterior per case, as mean and logarithm of the scale. */
const cases = [
  { mean: 0, logScale: 0 },
  { mean: 1.2, logScale: -0.7 },
  { mean: -0.5, logScale: 0.4 },
] as const;

const points = grid(-16, 16, 6401);

/** Priors that are made of posteriors are made of Gaussians around their own examples here. */
const encodeAround = (x: tf.Tensor): Posterior => createPosterior(tf.concat([x, tf.fill(x.shape, -0.3)], 1), 'exp');

/** Its variables; then, inside a step, the distribution. */
const create = (prior: Prior, scope: Scope, size: number): ((pass: Pass) => PriorDistribution) => {
  const built = prior.build(scope, size, { shape: [size], numClasses: null, support: 'real' });
  return (pass) => built.within?.(encodeAround, pass) ?? built;
};

/** log p at the points, for a prior over one latent. */
const densityOf = async (prior: Prior): Promise<readonly number[]> => {
  const feeds = { z: { shape: [points.length, 1], values: Float32Array.from(points) } };
  const { logProb = [] } = await withBench('cpu', 1, (bench) => {
    const distribution = create(prior, bench.variables.scope('prior'), 1);
    return bench.run(feeds, false, ({ z = tf.zeros([1, 1]) }, pass) => ({ logProb: distribution(pass).logProb(z) }));
  });
  return logProb;
};

const samplesOf = async (prior: Prior): Promise<readonly number[]> => {
  const { sample = [] } = await withBench('cpu', 1, (bench) => {
    const distribution = create(prior, bench.variables.scope('prior'), 1);
    return bench.run({}, false, (_, pass) => ({ sample: distribution(pass).sample(pass.noise, 20_000) }));
  });
  return sample;
};

/** The closed form for each case. */
const divergencesOf = async (prior: Prior): Promise<readonly number[]> => {
  const output = { shape: [cases.length, 2], values: Float32Array.from(cases.flatMap(({ mean, logScale }) => [mean, logScale])) };
  const { kl = [] } = await withBench('cpu', 1, (bench) => {
    const distribution = create(prior, bench.variables.scope('prior'), 1);
    return bench.run({ output }, false, ({ output: given = tf.zeros([1, 2]) }, pass) => ({
      kl: distribution(pass).kl?.(createPosterior(given, 'exp')) ?? tf.zeros([0]),
    }));
  });
  return kl;
};

const logNormal = (z: number, mean: number, logScale: number): number =>
  -0.5 * ((z - mean) / Math.exp(logScale)) ** 2 - logScale - 0.5 * Math.log(2 * Math.PI);

const misfitOfDivergence = (closed: readonly number[], density: readonly number[]): string | null => {
  for (const [i, { mean, logScale }] of cases.entries()) {
    const got = closed[i] ?? Number.NaN;
    const expected = integrate(points, (z, at) => {
      const logQ = logNormal(z, mean, logScale);
      return Math.exp(logQ) * (logQ - (density[at] ?? 0));
    });
    const scale = Math.exp(logScale).toFixed(2);
    if (!(Math.abs(got - expected) < 2e-3 * (1 + Math.abs(expected))))
      return `for a posterior of mean ${String(mean)} and scale ${scale} its \`kl\` is ${got.toPrecision(5)}, and the integral of q (log q - log p) is ${expected.toPrecision(5)}`;
  }
  return null;
};

/** Of one group of one-hot numbers: what holds in place of integrals. */
const examineClasses = async (examination: Examination, prior: Prior, classes: number): Promise<void> => {
  const one = (probabilities: tf.Tensor): Posterior => createPosterior(tf.concat([probabilities, probabilities], 1), 'exp');
  const outputs = await examine(examination, {
    what: '',
    feeds: {},
    training: true,
    prepare: (scope) => {
      const distributionIn = create(prior, scope.child('prior'), classes);
      const logits = scope.child('given').variable('logits', [batch, classes], (out) => {
        out.set(normalValues('logits', out.length));
      });
      return (_, pass) => {
        const distribution = distributionIn(pass);
        const probabilities = tf.softmax(logits);
        const logProb = distribution.logProb(tf.eye(classes));
        const expected = tf.sum(tf.mul(probabilities, tf.sub(tf.log(probabilities), logProb)), 1);
        const kl = distribution.kl?.(one(probabilities)) ?? tf.zeros([batch, 1]);
        return { logProb, sample: distribution.sample(pass.noise, batch), kl: tf.sum(kl, 1), expected };
      };
    },
    differentiates: () => true,
    reachesAll: true,
  });
  if (outputs === null) return;
  const { logProb = [], sample = [], kl = [], expected = [] } = outputs;
  await examination.check('its masses sum up to one', () => {
    const mass = logProb.reduce((sum, value) => sum + Math.exp(value), 0);
    return Math.abs(mass - 1) < 1e-4 ? null : `exp(logProb) sums up to ${mass.toPrecision(5)} over the classes`;
  });
  await examination.check('its samples are one-hot', () =>
    sample.length === batch * classes && sample.filter((z) => z === 1).length === batch && sample.filter((z) => z !== 0).length === batch
      ? null
      : 'a sample is not one 1 among zeros',
  );
  await examination.check('its divergence is what its sum says', () => {
    if (!prior.hasClosedFormKl) throw new Skipped('it has none in closed form');
    const wrong = kl.findIndex((value, i) => !(Math.abs(value - (expected[i] ?? Number.NaN)) < 1e-3));
    return wrong < 0 ? null : `its \`kl\` is ${String(kl[wrong])}, and the sum of q (log q - log p) is ${String(expected[wrong])}`;
  });
};

export const examinePrior = async (examination: Examination, registry: Registry, component: AnyComponent<'prior'>): Promise<void> => {
  const prior = buildSmall(registry, 'prior', component);
  if (prior.classes !== undefined) return examineClasses(examination, prior, prior.classes);
  const outputs = await examine(examination, {
    what: '',
    feeds: {},
    training: true,
    prepare: (scope) => {
      const distributionOf = create(prior, scope.child('prior'), latent);
      // Posteriors and codes are variables here, so that gradients by them are looked at as well.
      const output = scope.child('given').variable('output', [batch, 2 * latent], (out) => {
        out.set(normalValues('posterior', out.length));
      });
      const codes = scope.child('given').variable('codes', [2, batch, latent], (out) => {
        out.set(normalValues('codes', out.length));
      });
      return (_, pass) => {
        const distribution = distributionOf(pass);
        const { kl } = distribution;
        return {
          logProb: distribution.logProb(codes),
          sample: distribution.sample(pass.noise, batch),
          ...(kl === null ? {} : { kl: kl(createPosterior(output, 'exp')) }),
        };
      };
    },
    differentiates: (path) => prior.hasClosedFormKl || path !== 'given/output',
    reachesAll: true,
  });
  if (outputs === null) return;
  await examination.check('gives the sizes of its contract', () => {
    const { logProb, sample, kl } = outputs;
    if (logProb?.length !== 2 * batch)
      return `logProb of [2, ${String(batch)}, ${String(latent)}] gives ${String(logProb?.length)} numbers, not ${String(2 * batch)}: it is summed over the last axis`;
    if (sample?.length !== batch * latent) return `sample gives ${String(sample?.length)} numbers, not ${String(batch * latent)}`;
    if ((kl !== undefined) !== prior.hasClosedFormKl) return 'hasClosedFormKl does not say whether it has a `kl`';
    return kl === undefined || kl.length === batch * latent
      ? null
      : `kl gives ${String(kl.length)} numbers, not ${String(batch * latent)}: one per latent`;
  });
  await examination.check('its density integrates to one', async () => {
    const density = await densityOf(prior);
    const mass = integrate(points, (_, at) => Math.exp(density[at] ?? -Infinity));
    return Math.abs(mass - 1) < 2e-3 ? null : `exp(logProb) integrates to ${mass.toPrecision(5)} over one latent from -16 to 16`;
  });
  await examination.check('its samples follow its density', async () => {
    const density = (await densityOf(prior)).map(Math.exp);
    const samples = await samplesOf(prior);
    for (const power of [1, 2]) {
      const [mean, error] = meanAndError(samples.map((z) => z ** power));
      const expected = momentOf(points, density, power);
      if (Math.abs(mean - expected) > 5 * error + 1e-3)
        return `the mean of z^${String(power)} is ${mean.toPrecision(4)} over samples, and ${expected.toPrecision(4)} by the density`;
    }
    return null;
  });
  await examination.check('its divergence is what its integral says', async () => {
    if (!prior.hasClosedFormKl) throw new Skipped('it has none in closed form');
    return misfitOfDivergence(await divergencesOf(prior), await densityOf(prior));
  });
};
