/** What sentinels look at after an epoch: the posterior, samples and logits of a few examples, in one compiled pass with draws of its own. */
import * as tf from '@tensorflow/tfjs-core';
import type { Engine, InputSpec } from '../../engine/index.js';
import type { Data, Forward, OfferName, RandomStreams } from '../../registry/contracts/index.js';
import { createBatchBuffers, readForEvaluation } from '../train/batches.js';
import { createNoise, prefixNoise } from '../train/noise.js';
import { withPass } from '../train/pass.js';
import type { SentinelName } from '../config/sentinel-params.js';

export interface ProbeParts {
  readonly engine: Engine;
  readonly data: Data;
  readonly forward: Forward;
  readonly random: RandomStreams;
  readonly withLabels: boolean;
  /** What of it is wanted, and what the model offers. */
  readonly wanted: ReadonlySet<SentinelName>;
  readonly offers: readonly OfferName[];
}

export interface Observed {
  readonly count: number;
  /** [count, ...shape] */
  readonly examples: Float32Array;
  /** Means of the posterior, [count, Z]. */
  readonly means?: ArrayLike<number>;
  /** [count, ...shape] */
  readonly samples?: ArrayLike<number>;
  /** Logits of the discriminator, [count]. */
  readonly real?: ArrayLike<number>;
  readonly fake?: ArrayLike<number>;
}

/** Pairs of so many rows are still compared in no time. */
const most = 128;

/** Null where the model offers nothing of what is wanted. */
export const createProbe = async (parts: ProbeParts): Promise<(() => Promise<Observed>) | null> => {
  const { engine, data, forward, random, withLabels, wanted, offers } = parts;
  const has = (name: SentinelName, ...needs: readonly OfferName[]): boolean =>
    wanted.has(name) && needs.every((need) => offers.includes(need));
  const looks = {
    posterior: has('posteriorCollapse', 'posterior'),
    samples: has('modeCollapse', 'sampleLatent', 'generate'),
    discriminator: has('saturatedDiscriminator', 'discriminator.real', 'discriminator.fake'),
  };
  const count = Math.min(most, data.splits.train.count);
  if (count < 2 || !Object.values(looks).some(Boolean)) return null;
  const buffers = createBatchBuffers(data, count);
  const chosen = random.draws('sentinels/examples', 0).permutation(data.splits.train.count).slice(0, count).sort();
  readForEvaluation(data.splits.train, chosen, 0, buffers);
  const x: InputSpec = { shape: [count, ...data.shape], dtype: 'float32' };
  const inputs: Readonly<Record<string, InputSpec>> = withLabels ? { x, labels: { shape: [count], dtype: 'int32' } } : { x };
  const step = await engine.compile('sentinels', inputs, (placed): Readonly<Record<string, tf.Tensor>> => {
    const batch = { ...(placed['x'] ? { x: placed['x'] } : {}), ...(placed['labels'] ? { labels: placed['labels'] } : {}) };
    return withPass(false, createNoise(random, 'sentinels/noise'), (pass) => {
      const offered = forward(batch, pass);
      return {
        ...(looks.posterior ? { means: tf.clone(offered.posterior.mean) } : {}),
        ...(looks.samples ? { samples: tf.clone(offered.generate(offered.sampleLatent(prefixNoise(pass.noise, 'samples'), count))) } : {}),
        ...(looks.discriminator
          ? { real: tf.clone(offered['discriminator.real'].logits), fake: tf.clone(offered['discriminator.fake'].logits) }
          : {}),
      };
    });
  });
  return async () => {
    const { x: examples, labels } = buffers;
    const results = await step.run(withLabels ? { x: examples, labels } : { x: examples }, 0);
    return { count, examples, ...results };
  };
};
