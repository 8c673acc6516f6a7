/** A studio that runs what plots compile eagerly, on whichever TensorFlow.js backend is set, with a hand-made model. */
import * as tf from '@tensorflow/tfjs-core';
import { createOffers, type OfferMakers } from '../../src/components/shared/offers.js';
import { numValues } from '../../src/components/shared/shapes.js';
import type {
  Batch,
  Column,
  Data,
  Examples,
  FittedCodes,
  HistoryRow,
  Noise,
  Observation,
  Posterior,
  Studio,
  TensorSpec,
  Values,
} from '../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../src/runner/random/index.js';

export interface StudioSettings {
  readonly data: Data;
  readonly latent: number;
  readonly offers?: (batch: Batch) => OfferMakers;
  readonly columns?: readonly Column[];
  readonly history?: readonly HistoryRow[];
  readonly fittedCodes?: FittedCodes | null;
}

/** Keeps, beside what plots need, the batch shapes that were compiled, by name. */
export interface TestStudio extends Studio {
  readonly compiled: Map<string, Readonly<Record<string, TensorSpec>>>;
}

export const createTestStudio = ({
  data,
  latent,
  offers = () => ({}),
  columns = [],
  history = [],
  fittedCodes = null,
}: StudioSettings): TestStudio => {
  const random = createRandomStreams(7);
  const compiled = new Map<string, Readonly<Record<string, TensorSpec>>>();
  const noiseOf = (name: string, tick: number): Noise => ({
    normal: (stream, shape) => {
      const values = new Float32Array(numValues(shape));
      random.draws(`${name}/${stream}`, tick).normal(values);
      return tf.tensor(values, [...shape]);
    },
    uniform: (stream, shape) => {
      const values = new Float32Array(numValues(shape));
      random.draws(`${name}/${stream}`, tick).uniform(values);
      return tf.tensor(values, [...shape]);
    },
  });
  return {
    data,
    latent,
    random,
    columns,
    history,
    fittedCodes,
    compiled,
    compile: (name, inputs, compute) => {
      compiled.set(name, inputs);
      return Promise.resolve((feeds, tick) => {
        const results = tf.tidy(() => {
          const placed: Record<string, tf.Tensor> = {};
          for (const [key, { shape, dtype }] of Object.entries(inputs)) {
            const values: Values = feeds[key]!;
            if (values.length !== numValues(shape))
              throw new Error(`${name}: ${key} has ${values.length} values, not ${shape.join(' x ')}`);
            placed[key] = tf.tensor(values, [...shape], dtype);
          }
          const outputs = compute(placed as Parameters<typeof compute>[0], (batch) => createOffers(offers(batch)), noiseOf(name, tick));
          return Object.fromEntries(Object.entries(outputs).map(([key, tensor]) => [key, tensor.dataSync<'float32'>().slice()]));
        });
        return Promise.resolve(results);
      });
    },
  };
};

/** One split of examples that are held in memory, as [count, D]. */
const examplesOf = (rows: readonly Float32Array[], labels: readonly number[] | null): Examples => ({
  count: rows.length,
  read: (indices, _epoch, x, out) => {
    for (const [i, index] of indices.entries()) {
      const row = rows[index]!;
      x.set(row, i * row.length);
      if (out !== undefined && labels !== null) out[i] = labels[index]!;
    }
  },
});

/** Data whose three splits are the same examples. */
export const dataOf = (shape: readonly number[], rows: readonly Float32Array[], labels: readonly number[] | null = null): Data => {
  const examples = examplesOf(rows, labels);
  return {
    shape,
    numClasses: labels === null ? null : Math.max(...labels) + 1,
    support: 'unit-interval',
    description: 'examples of a test',
    hashes: {},
    splits: { train: examples, validation: examples, test: examples },
  };
};

const unused = (): never => {
  throw new Error('no plot asks for this');
};

/** A posterior of which only the mean is asked for. */
export const posteriorAt = (mean: tf.Tensor): Posterior => {
  const scale = tf.onesLike(mean);
  return { mean, scale, logScale: tf.zerosLike(mean), sample: unused, logProb: unused };
};

/** Bernoulli values with these means. */
export const bernoulliOf = (mean: tf.Tensor): Observation => ({
  mean,
  logProb: unused,
  sample: (noise) => tf.cast(tf.less(noise.uniform('values', mean.shape), mean), 'float32'),
});

/** The standard normal prior of which only samples are asked for. */
export const priorOf = (latent: number): ReturnType<NonNullable<OfferMakers['prior']>> => ({
  sample: (noise, count) => noise.normal('prior', [count, latent]),
  logProb: unused,
  kl: null,
});
