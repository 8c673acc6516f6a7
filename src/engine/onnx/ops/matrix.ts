/** Matrix products and sums of products. */
import * as tf from '@tensorflow/tfjs-core';
import type { Graph } from '../graph.js';
import { unsupported, type Kernel } from '../kernel.js';
import { sizeOf, type Value } from '../values.js';
import { Elu, LeakyRelu, Prelu, Relu, Relu6, Sigmoid } from './activation.js';
import { operand, operands } from './operand.js';
import { product } from './product.js';

export const BatchMatMul: Kernel = (g, inputs, attrs) =>
  product(g, operand(inputs, 'a'), operand(inputs, 'b'), { a: attrs['transposeA'] === true, b: attrs['transposeB'] === true });

/** A matrix product with a bias and an activation; the bias joins the Gemm when the whole step is known. */
export const _FusedMatMul: Kernel = (g, inputs, attrs) => {
  const matrix = BatchMatMul(g, inputs, attrs);
  if (!('id' in matrix)) throw new Error('a matrix product is one value');
  const { bias, preluActivationWeights } = inputs;
  const sum = bias ? g.elementwise('Add', [matrix, bias]) : matrix;
  const activation = typeof attrs['activation'] === 'string' ? attrs['activation'] : 'linear';
  if (activation === 'linear') return sum;
  const activate = activations[activation];
  if (!activate) throw unsupported('_FusedMatMul', `with the activation ${activation}`);
  return activate(g, { x: sum, ...(preluActivationWeights ? { alpha: preluActivationWeights } : {}) }, { alpha: attrs['leakyreluAlpha'] });
};

const activations: Readonly<Record<string, Kernel>> = {
  relu: Relu,
  relu6: Relu6,
  elu: Elu,
  sigmoid: Sigmoid,
  leakyrelu: LeakyRelu,
  prelu: Prelu,
};

/** Einstein's summation over one or two tensors, as a (batched) matrix product where there is something to sum over. */
export const Einsum: Kernel = (g, inputs, attrs) => {
  const values = operands(inputs);
  const equation = String(attrs['equation']).replace(/\s/g, '');
  // Refuses what TensorFlow.js does not know: ellipses, diagonals, three tensors.
  tf.backend_util.decodeEinsumEquation(equation, values.length);
  const [left = '', right = ''] = equation.split('->');
  const [first, second] = left.split(',').map((labels, i) => ({ labels, value: values[i] }));
  if (!first?.value) throw new Error('Einsum needs an operand');
  const kept = second ? right + second.labels : right;
  const a = sumOver(g, { labels: first.labels, value: first.value }, kept);
  if (!second?.value) return arrange(g, a, right);
  return arrange(g, multiply(g, a, sumOver(g, { labels: second.labels, value: second.value }, right + a.labels), right), right);
};

/** A value and one letter for each of its axes. */
interface Labelled {
  readonly labels: string;
  readonly value: Value;
}

/** Sums over the axes whose letters are not in `kept`. */
const sumOver = (g: Graph, { labels, value }: Labelled, kept: string): Labelled => {
  const summed = [...labels].flatMap((label, axis) => (kept.includes(label) ? [] : [axis]));
  if (summed.length === 0) return { labels, value };
  const shape = value.shape.filter((_, axis) => !summed.includes(axis));
  const dtype = value.dtype === 'bool' ? 'int32' : value.dtype;
  const left = labels.replaceAll(/./g, (label) => (kept.includes(label) ? label : ''));
  if (sizeOf(value.shape) === 0) return { labels: left, value: g.uniform(0, shape, dtype) };
  return { labels: left, value: g.node('ReduceSum', [g.cast(value, dtype), g.indices(summed)], { keepdims: 0 }, { shape, dtype }) };
};

const multiply = (g: Graph, a: Labelled, b: Labelled, result: string): Labelled => {
  const both = [...a.labels].filter((label) => b.labels.includes(label));
  for (const label of both) {
    const [sizeA, sizeB] = [...sizesOf(a, label), ...sizesOf(b, label)];
    if (sizeA !== sizeB) throw new Error(`Einsum's axis "${label}" is ${String(sizeA)} in one operand and ${String(sizeB)} in the other`);
  }
  const summed = both.filter((label) => !result.includes(label)).join('');
  const batch = both.filter((label) => result.includes(label)).join('');
  if (summed === '') {
    const aligned = [a, b].map((side) => g.reshape(arrange(g, side, only(result, side.labels)), sizesOf(side, result)));
    return { labels: result, value: g.elementwise('Mul', aligned) };
  }
  const rows = [...a.labels].filter((label) => !both.includes(label)).join('');
  const columns = [...b.labels].filter((label) => !both.includes(label)).join('');
  const matrices = (side: Labelled, from: string, to: string): Value => {
    const count = (labels: string): number => sizeOf(sizesOf(side, labels));
    return g.reshape(arrange(g, side, batch + from + to), [...sizesOf(side, batch), count(from), count(to)]);
  };
  const value = product(g, matrices(a, rows, summed), matrices(b, summed, columns), { a: false, b: false });
  return { labels: batch + rows + columns, value: g.reshape(value, [...sizesOf(a, batch), ...sizesOf(a, rows), ...sizesOf(b, columns)]) };
};

/** Sizes of the axes with these letters; 1 for a letter that the value lacks. */
const sizesOf = ({ labels, value }: Labelled, wanted: string): readonly number[] =>
  [...wanted].map((label) => value.shape[labels.indexOf(label)] ?? 1);

const only = (labels: string, among: string): string => [...labels].filter((label) => among.includes(label)).join('');

const arrange = (g: Graph, { labels, value }: Labelled, wanted: string): Value =>
  g.transpose(
    value,
    [...wanted].map((label) => labels.indexOf(label)),
  );
