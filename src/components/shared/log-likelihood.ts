/**
 * Estimates of log p(x) from many samples, in chunks: memory holds one chunk's images, whatever the number of samples.
 * Shapes: B batch, C samples of a chunk, K of all, Z latent.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Noise } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';
import type { Reducer } from '../../registry/contracts/index.js';
import { prefixNoise } from './named-noise.js';
import { createMeans, createVariances, joinReducers } from './reducers.js';

export const samplesParam = (byDefault: number) =>
  ({
    type: 'integer',
    minimum: 1,
    default: byDefault,
    unit: 'samples',
    description: 'Samples of the code for each example, K.',
  }) as const satisfies Param;

export const chunkParam = {
  type: 'integer',
  minimum: 1,
  default: 25,
  unit: 'samples',
  description:
    'Samples that are decoded at a time: more are faster and take more memory; the draws are others, their distribution is the same.',
} as const satisfies Param;

/** Log weights [K, B] of all samples; `draw` gives those of a chunk, [count, B], from noise of its own. */
export const inChunks = (numSamples: number, chunk: number, noise: Noise, draw: (noise: Noise, count: number) => tf.Tensor): tf.Tensor => {
  const parts: tf.Tensor[] = [];
  for (let from = 0; from < numSamples; from += chunk)
    parts.push(draw(prefixNoise(noise, `chunk-${String(parts.length)}`), Math.min(chunk, numSamples - from)));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : tf.concat(parts, 0);
};

/** log 1/K sum_k exp(w_k): [B] of log weights [K, B]. */
export const logMeanExp = (logWeights_KB: tf.Tensor): tf.Tensor => tf.sub(tf.logSumExp(logWeights_KB, 0), Math.log(logWeights_KB.shape[0]));

/** Mean over the examples of `name`'s values [B], and its standard error: the deviation of the examples by the root of their number. */
export const createMeanWithError = (name: string): Reducer => {
  let numExamples = 0;
  const folded = joinReducers([createMeans(name, 1), createVariances(name, 1)]);
  return {
    add: (rows, count) => {
      numExamples += count;
      folded.add(rows, count);
    },
    result: () => {
      const [mean = NaN, variance = NaN] = folded.result();
      // Divided by n - 1, as an estimate wants it; of one example nothing is known.
      return [mean, numExamples < 2 ? NaN : Math.sqrt(variance / (numExamples - 1))];
    },
  };
};
