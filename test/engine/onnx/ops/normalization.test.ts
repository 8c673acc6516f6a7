import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe } from 'vitest';
import { itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

const deviations = fc.integer({ min: 1, max: 20 }).map((n) => n / 4);

/** x [..., C] and four statistics of its channels, `lead` axes of one element before them. */
const normalised = (lead: number, rank: fc.Arbitrary<number>): fc.Arbitrary<Case> =>
  rank
    .chain((of) => shapes({ minRank: of, maxRank: of, minSize: 1 }))
    .chain((shape) => {
      const statistics = [...Array.from({ length: lead }, () => 1), shape.at(-1) ?? 1];
      return fc.record({
        f: fc.constant((...[x, mean, variance, offset, scale]: tf.Tensor[]) => {
          if (!x || !mean || !variance) throw new Error('batch norm needs its operands');
          return tf.batchNorm(
            x as tf.Tensor4D,
            mean as tf.Tensor1D,
            variance as tf.Tensor1D,
            offset as tf.Tensor1D,
            scale as tf.Tensor1D,
            0.1,
          );
        }),
        operands: fc.tuple(
          tensors(shape),
          tensors(statistics),
          tensors(statistics, 'float32', deviations),
          tensors(statistics),
          tensors(statistics),
        ),
        tolerance: fc.constant(1e-5),
      });
    });

const images = tensors([2, 2, 3, 2]);
const channels = tensors([2]);
const variances = tensors([2], 'float32', deviations);

describe('batch normalisation agrees with the cpu backend', () => {
  itAgreesWithCpu({
    FusedBatchNorm: normalised(0, fc.integer({ min: 2, max: 4 })),
    'FusedBatchNorm by statistics with kept axes': normalised(3, fc.constant(4)),
    // TensorFlow.js cannot differentiate the two below.
    'FusedBatchNorm without scale and offset': fc.tuple(images, channels, variances).map((operands) => ({
      f: (x, mean, variance) => tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D),
      operands,
      gradient: false,
    })),
    'FusedBatchNorm without offset': fc.tuple(images, channels, variances, channels).map((operands) => ({
      f: (x, mean, variance, scale) =>
        tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D, undefined, scale as tf.Tensor1D),
      operands,
      gradient: false,
    })),
  });
});
