/** Posteriors: samples and densities of their shapes, which belong together, with gradients by all that the encoder says. */
import * as tf from '@tensorflow/tfjs-core';
import type { PosteriorFamily } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { withBench } from '../bench.js';
import { buildSmall } from '../entries.js';
import { Skipped, type Examination } from '../examination.js';
import { meanAndError } from '../integrals.js';
import { examine } from '../probe.js';
import { normalValues } from '../values.js';

const batch = 4;
const numSamples = 3;
const manySamples = 20_000;

/** The first size from 2 on that the family can have. */
const latentOf = ({ refuses }: PosteriorFamily): number => {
  const found = Array.from({ length: 63 }, (_, i) => i + 2).find((latent) => (refuses?.(latent) ?? null) === null);
  if (found === undefined) throw new Error('it refuses codes of 2 to 64 numbers');
  return found;
};

/**
 * Means over samples of r(z) / q(z), where r is a Gaussian about them with half their spread: 1, whatever q is, if q is what the samples
 * come from and covers r.
 */
const shareOf = async (family: PosteriorFamily, latent: number): Promise<readonly number[]> => {
  const { ratio = [] } = await withBench('cpu', 1, (bench) => {
    const read = family.build(bench.variables.scope('posterior'), latent);
    return bench.run({}, false, (_, pass) => {
      const size = family.numParameters(latent);
      const output = tf.mul(tf.tensor(normalValues('output', size), [1, size]), 0.3);
      const posterior = read(output, 'softplus', pass);
      const z = posterior.sample(pass.noise, manySamples);
      const { mean, variance } = tf.moments(z, 0);
      const scale = tf.mul(tf.sqrt(variance), 0.5);
      const standardised = tf.div(tf.sub(z, mean), scale);
      const perLatent = tf.add(tf.add(tf.mul(tf.square(standardised), 0.5), tf.log(scale)), 0.5 * Math.log(2 * Math.PI));
      return { ratio: tf.exp(tf.sub(tf.neg(tf.sum(perLatent, -1)), posterior.logProb(z))) };
    });
  });
  return ratio;
};

export const examinePosterior = async (
  examination: Examination,
  registry: Registry,
  component: AnyComponent<'posterior'>,
): Promise<void> => {
  const family = buildSmall(registry, 'posterior', component);
  const latent = latentOf(family);
  let hasDensity = true;
  const outputs = await examine(examination, {
    what: '',
    feeds: {},
    training: true,
    prepare: (scope) => {
      const read = family.build(scope.child('posterior'), latent);
      const size = family.numParameters(latent);
      const output = scope.child('given').variable('output', [batch, size], (out) => {
        out.set(normalValues('posterior', out.length));
      });
      return (_, pass) => {
        const posterior = read(output, 'softplus', pass);
        const z = posterior.sample(pass.noise, numSamples);
        try {
          return { mean: posterior.mean, z, logProb: posterior.logProb(z) };
        } catch {
          hasDensity = false;
          return { mean: posterior.mean, z };
        }
      };
    },
    differentiates: () => true,
    reachesAll: true,
  });
  if (outputs === null) return;
  await examination.check('gives the sizes of its contract', () => {
    const { mean, z, logProb } = outputs;
    if (mean?.length !== batch * latent) return `mean gives ${String(mean?.length)} numbers, not ${String(batch * latent)}`;
    if (z?.length !== numSamples * batch * latent)
      return `sample gives ${String(z?.length)} numbers, not ${String(numSamples * batch * latent)}`;
    return logProb === undefined || logProb.length === numSamples * batch
      ? null
      : `logProb gives ${String(logProb.length)} numbers, not ${String(numSamples * batch)}: it is summed over the code`;
  });
  await examination.check('its samples follow its density', async () => {
    if (!hasDensity) throw new Skipped('it has no density');
    if (family.form === 'categorical') throw new Skipped('its codes are masses when it is measured');
    const [mean, error] = meanAndError(await shareOf(family, latent));
    return Math.abs(mean - 1) <= 5 * error + 1e-3
      ? null
      : `the mean of r(z) / q(z) over its samples is ${mean.toPrecision(4)} for a Gaussian r, and should be 1`;
  });
};
