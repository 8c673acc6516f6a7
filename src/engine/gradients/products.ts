/** Gradients of matrix products, and of Einstein's summation: the same again, with the result in the place of the operand. */
import * as tf from '@tensorflow/tfjs-core';
import { gradient, saved, unbroadcast, type Gradients } from './gradient.js';

/** A tensor and one letter for each of its axes. */
interface Labelled {
  readonly labels: string;
  readonly value: tf.Tensor;
}

/** tf.einsum knows no operand without axes. */
const sumOfProducts = (a: Labelled, b: Labelled | null, labels: string): tf.Tensor => {
  if (!b) return a.labels === labels ? a.value : tf.einsum(`${a.labels}->${labels}`, a.value);
  if (a.labels === '') return tf.mul(a.value, sumOfProducts(b, null, labels));
  if (b.labels === '') return tf.mul(b.value, sumOfProducts(a, null, labels));
  return tf.einsum(`${a.labels},${b.labels}->${labels}`, a.value, b.value);
};

/** By one operand; along an axis that only it has, which was summed up, the slope is the same everywhere. */
const byOperand = (dy: Labelled, own: Labelled, other: Labelled | null): tf.Tensor => {
  const known = dy.labels + (other?.labels ?? '');
  const kept = [...own.labels].filter((label) => known.includes(label)).join('');
  const slopes = sumOfProducts(dy, other, kept);
  const { shape } = own.value;
  const aligned = tf.reshape(
    slopes,
    shape.map((dim, axis) => (kept.includes(own.labels[axis] ?? '') ? dim : 1)),
  );
  return tf.broadcastTo(aligned, shape);
};

/** The two factors of each gradient, and which of them are transposed. */
const productGradients = (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean) =>
  [
    () => (transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB)),
    () => (transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false)),
  ] as const;

export const productsGradients: Gradients = {
  // TensorFlow.js forgets to add up over batches of one matrix that met many.
  BatchMatMul: gradient(['a', 'b'], (dy, inputs, { transposeA, transposeB }) => {
    const [a, b] = [saved(inputs, 0), saved(inputs, 1)];
    const [byA, byB] = productGradients(dy, a, b, transposeA === true, transposeB === true);
    return [() => unbroadcast(byA(), a.shape), () => unbroadcast(byB(), b.shape)];
  }),
  // TensorFlow.js has none.
  Einsum: {
    saveAllInputs: true,
    gradFunc: (dy, inputs, { equation }) => {
      if (Array.isArray(dy)) throw new Error('Einsum has one result');
      if (typeof equation !== 'string') throw new Error('Einsum needs its equation');
      const [left = '', result = ''] = equation.replace(/\s/g, '').split('->');
      const operands = left.split(',').map((labels, i): Labelled => ({ labels, value: saved(inputs, i) }));
      const slope = { labels: result, value: dy };
      return Object.fromEntries(operands.map((own, i) => [i, () => byOperand(slope, own, operands[1 - i] ?? null)]));
    },
  },
};
