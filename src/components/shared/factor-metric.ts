/** What metrics of disentanglement have in common: codes of the examples, and the factors that these were made of. */
import * as tf from '@tensorflow/tfjs-core';
import type { Metric } from '../../registry/contracts/index.js';
import { createFactorSample, type FactorSample } from './disentanglement.js';

/** Keeps codes and labels, which are small, and looks at them at the end. */
export const measureFactors = (
  numColumns: number,
  conclude: (sample: FactorSample) => readonly number[],
): Pick<Metric, 'needs' | 'check' | 'measure' | 'reducer'> => ({
  needs: ['posterior', 'labels'],
  check: ({ data }) =>
    data === null || data.factors !== undefined
      ? null
      : {
          param: null,
          message: 'asks which factors an example was made of, and the data does not know',
          help: 'Take data such as `sprites`, or leave the metric out.',
        },
  measure: ({ posterior, labels }) => ({ codes: posterior.mean, labels: tf.cast(labels, 'float32') }),
  reducer: (latent, { factors = [] }) => {
    const [codes, labels]: [number[], number[]] = [[], []];
    return {
      add: (rows, count) => {
        for (const value of (rows['codes'] ?? new Float32Array()).subarray(0, count * latent)) codes.push(value);
        for (const value of (rows['labels'] ?? new Float32Array()).subarray(0, count)) labels.push(value);
      },
      result: () => {
        const sample = createFactorSample(Float32Array.from(codes), Float32Array.from(labels), latent, factors);
        return sample.count < 2 || sample.factors.length === 0 ? Array.from({ length: numColumns }, () => Number.NaN) : conclude(sample);
      },
    };
  },
});
