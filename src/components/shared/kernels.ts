/** Maximum mean discrepancy of two sets of codes. Shapes: N and M codes, Z latent. */
import * as tf from '@tensorflow/tfjs-core';

const kernelNames = ['imq', 'rbf'] as const;
type KernelName = (typeof kernelNames)[number];
export const kernelParam = {
  type: 'string',
  enum: kernelNames,
  default: 'imq',
  description: 'The kernel, of the squared distance d: `imq`, C / (C + d), whose tails still pull at codes far away, or `rbf`, e^(-d / C).',
} as const;

/** Both are 1 where d is 0. */
const kernels: Readonly<Record<KernelName, (d: tf.Tensor, c: number) => tf.Tensor>> = {
  imq: (d, c) => tf.div(c, tf.add(d, c)),
  rbf: (d, c) => tf.exp(tf.div(d, -c)),
};

const squaredDistances = (a_NZ: tf.Tensor, b_MZ: tf.Tensor): tf.Tensor =>
  tf.sum(tf.square(tf.sub(tf.expandDims(a_NZ, 1), tf.expandDims(b_MZ, 0))), 2);

/** Mean over the pairs of different rows. */
const within = (similarity_NN: tf.Tensor): tf.Tensor => {
  const [count = 2] = similarity_NN.shape;
  return tf.div(tf.sub(tf.sum(similarity_NN), count), count * (count - 1));
};

/**
 * The unbiased estimate E k(a, a') + E k(b, b') - 2 E k(a, b) over different pairs, summed over kernels with C = 2 Z scale^2. Of two sets
 * from one distribution it is 0 on average, and may be negative.
 * Source: Gretton et al. 2012, "A kernel two-sample test", lemma 6; the kernels of Tolstikhin et al. 2018, section 4.
 */
export const meanDiscrepancy = (a_NZ: tf.Tensor, b_MZ: tf.Tensor, kernel: KernelName, scales: readonly number[]): tf.Tensor => {
  const width = a_NZ.shape[1] ?? 1;
  const [aa, bb, ab] = [squaredDistances(a_NZ, a_NZ), squaredDistances(b_MZ, b_MZ), squaredDistances(a_NZ, b_MZ)];
  return tf.addN(
    scales.map((scale) => {
      const of = (d: tf.Tensor): tf.Tensor => kernels[kernel](d, 2 * width * scale ** 2);
      return tf.sub(tf.add(within(of(aa)), within(of(bb))), tf.mul(tf.mean(of(ab)), 2));
    }),
  );
};
