/**
 * The gradients of everything that a critic under a gradient penalty may hold, and the gradients of those gradients: against finite
 * differences on the cpu backend, and onnx against cpu.
 */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine, type EngineName } from '../../../src/engine/index.js';
import { expectGradient } from '../../support/finite-differences.js';
import { relativeDifference } from '../../support/difference.js';

type Layer = (x: tf.Tensor) => tf.Tensor;
interface Row {
  readonly shape: readonly number[];
  readonly layer: Layer;
}

/** Irregular numbers, so that no unit sits on a kink, and no two are equal. */
const irregular = (shape: readonly number[], seed: number): Float32Array =>
  Float32Array.from({ length: shape.reduce((size, dim) => size * dim, 1) }, (_, i) => Math.sin(1.7 * (i + 1) + seed));
const constant = (shape: readonly number[], seed: number): tf.Tensor => tf.tensor(irregular(shape, seed), [...shape]);
const whole = (values: readonly number[], shape: readonly number[] = [values.length]): tf.Tensor =>
  tf.tensor([...values], [...shape], 'int32');

const row = (layer: Layer, shape: readonly number[] = [3, 4]): Row => ({ shape, layer });
/** Of an image of 5 x 6 pixels with two channels. */
const ofImage = (layer: (x: tf.Tensor4D) => tf.Tensor, shape: readonly number[] = [1, 5, 6, 2]): Row =>
  row((x) => layer(x as tf.Tensor4D), shape);
const positive = (x: tf.Tensor): tf.Tensor => tf.add(tf.square(x), 0.5);
const normalised = (x: tf.Tensor, axes: number[]): tf.Tensor => {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3)));
};
const explicit: [[number, number], [number, number], [number, number], [number, number]] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0, 0],
];
const mirrored: [[number, number], [number, number]] = [
  [1, 2],
  [0, 3],
];

const families: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  activations: {
    relu: row(tf.relu),
    relu6: row((x) => tf.relu6(tf.mul(x, 8))),
    leakyRelu: row((x) => tf.leakyRelu(x, 0.2)),
    prelu: row((x) => tf.prelu(x, constant([4], 1))),
    elu: row(tf.elu),
    selu: row(tf.selu),
    softplus: row(tf.softplus),
    sigmoid: row(tf.sigmoid),
    logSigmoid: row(tf.logSigmoid),
    tanh: row(tf.tanh),
    erf: row(tf.erf),
    gelu: row((x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))),
    swish: row((x) => tf.mul(x, tf.sigmoid(x))),
    softmax: row((x) => tf.softmax(x)),
    logSoftmax: row((x) => tf.logSoftmax(x)),
    logSumExp: row((x) => tf.logSumExp(x, 1)),
  },
  arithmetic: {
    square: row(tf.square),
    abs: row(tf.abs),
    exp: row(tf.exp),
    expm1: row(tf.expm1),
    log: row((x) => tf.log(positive(x))),
    log1p: row((x) => tf.log1p(positive(x))),
    sqrt: row((x) => tf.sqrt(positive(x))),
    rsqrt: row((x) => tf.rsqrt(positive(x))),
    reciprocal: row((x) => tf.reciprocal(positive(x))),
    sin: row(tf.sin),
    cos: row(tf.cos),
    pow: row((x) => tf.pow(positive(x), 1.3)),
    'pow, by the exponent': row((x) => tf.pow(1.5, x)),
    mul: row((x) => tf.mul(x, tf.sum(x, 1, true))),
    div: row((x) => tf.div(x, positive(tf.mean(x, 1, true)))),
    addN: row((x) => tf.addN([x, tf.square(x), tf.mul(x, 2)])),
    maximum: row((x) => tf.maximum(tf.mul(x, 0.3), tf.sub(tf.square(x), 0.2))),
    minimum: row((x) => tf.minimum(tf.mul(x, 0.3), tf.sub(tf.square(x), 0.2))),
    squaredDifference: row((x) => tf.squaredDifference(x, tf.mean(x, 1, true))),
    clipByValue: row((x) => tf.clipByValue(x, -0.53, 0.61)),
    where: row((x) => tf.where(tf.logicalAnd(tf.less(x, 0.52), tf.greaterEqual(x, -0.5)), tf.square(x), tf.mul(x, 2))),
    matMul: row((x) => tf.matMul(x, x, false, true)),
    'fused matMul': row((x) => tf.fused.matMul({ a: x, b: constant([4, 3], 1), activation: 'elu' })),
    einsum: row((x) => tf.einsum('ij,jk->ki', x, constant([4, 2], 1))),
    'einsum of one operand': row((x) => tf.einsum('ij->j', x)),
    'einsum, to a number': row((x) => tf.einsum('ij,ij->', x, tf.square(x))),
    'einsum, both operands': row((x) => tf.einsum('ij,ik->ijk', x, tf.square(x))),
  },
  reductions: {
    sum: row((x) => tf.sum(x, 0)),
    mean: row((x) => tf.mul(tf.mean(x, [0, 1]), 9)),
    max: row((x) => tf.mul(x, tf.max(x, 1, true))),
    min: row((x) => tf.mul(x, tf.min(x, 0, true))),
    prod: row((x) => tf.prod(x, 1)),
    'the euclidean norm': row((x) => tf.norm(x, 'euclidean', 1)),
    'the norm of absolute values': row((x) => tf.norm(x, 1, 0)),
    'the norm of a matrix': row((x) => tf.norm(x, 'euclidean', [0, 1])),
    variance: row((x) => tf.moments(x, 0).variance),
    cumsum: row((x) => tf.cumsum(x, 0)),
    'cumsum, exclusive and reverse': row((x) => tf.cumsum(x, 1, true, true)),
    cumprod: row((x) => tf.cumprod(x, 1)),
    'cumprod, exclusive': row((x) => tf.cumprod(x, 0, true)),
    'cumprod, reverse': row((x) => tf.cumprod(x, 1, false, true)),
    'cumprod, exclusive and reverse': row((x) => tf.cumprod(x, 1, true, true)),
    'cumprod with a zero': row((x) => tf.cumprod(tf.mul(x, tf.tensor([1, 0, 1, 1])), 1)),
  },
  normalisation: {
    'batch norm': row((x) => normalised(x, [0])),
    'layer norm': row((x) => normalised(x, [1])),
    'instance norm': ofImage((x) => normalised(x, [1, 2]), [2, 2, 3, 2]),
    'tf.batchNorm': ofImage(
      (x) => {
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        return tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, constant([2], 1) as tf.Tensor1D, tf.ones([2]), 0.01);
      },
      [2, 2, 2, 2],
    ),
    'tf.batchNorm of kept axes': ofImage(
      (x) => {
        const { mean, variance } = tf.moments(x, [0, 1, 2], true);
        const scale = constant([1, 1, 1, 2], 1) as tf.Tensor4D;
        return tf.batchNorm(x, mean as tf.Tensor4D, variance as tf.Tensor4D, scale, scale, 0.01);
      },
      [2, 2, 2, 2],
    ),
    'tf.batchNorm, by scale and offset': row((x) =>
      tf.batchNorm(
        constant([1, 1, 3, 4], 1) as tf.Tensor4D,
        tf.zeros([4]),
        tf.ones([4]),
        tf.reshape<tf.Rank.R1>(tf.slice(x, [0, 0], [1, 4]), [4]),
        tf.reshape<tf.Rank.R1>(tf.slice(x, [1, 0], [1, 4]), [4]),
      ),
    ),
    'minibatch deviation': row((x) => tf.concat([x, tf.tile(tf.reshape(tf.mean(tf.sqrt(tf.moments(x, 0).variance)), [1, 1]), [3, 1])], 1)),
  },
  moves: {
    reshape: row((x) => tf.reshape(x, [2, 6])),
    transpose: row((x) => tf.transpose(x)),
    concat: row((x) => tf.concat([x, tf.square(x)], 1)),
    stack: row((x) => tf.stack([x, tf.square(x)], 1)),
    unstack: row((x) => tf.mul(tf.unstack(x, 1)[2] ?? x, tf.unstack(x, 1)[0] ?? x)),
    'unstack of one': row((x) => tf.unstack(tf.reshape(x, [1, 12]))[0] ?? x),
    slice: row((x) => tf.slice(x, [1, 0], [2, 3])),
    split: row((x) => tf.mul(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor]))),
    'split into one': row((x) => tf.split(x, 1, 1)[0] ?? x),
    pad: row((x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
        ],
        0.3,
      ),
    ),
    'mirrorPad, symmetric': row((x) => tf.mirrorPad(x, mirrored, 'symmetric')),
    'mirrorPad, reflect': row((x) => tf.mirrorPad(x, mirrored, 'reflect')),
    tile: row((x) => tf.tile(x, [2, 3])),
    'tile of five axes': row((x) => tf.tile(x, [2, 1, 1, 1, 2]), [1, 3, 1, 2, 2]),
    broadcastTo: row((x) => tf.broadcastTo(x, [2, 3, 4])),
    reverse: row((x) => tf.reverse(x, 1)),
    stridedSlice: row((x) => tf.stridedSlice(x, [0, 3], [3, 0], [2, -2])),
    depthToSpace: ofImage((x) => tf.depthToSpace(x, 2), [1, 2, 1, 8]),
    spaceToBatchND: ofImage(
      (x) =>
        tf.spaceToBatchND(
          x,
          [2, 2],
          [
            [0, 1],
            [0, 0],
          ],
        ),
      [1, 3, 4, 1],
    ),
    batchToSpaceND: ofImage(
      (x) =>
        tf.batchToSpaceND(
          x,
          [2, 1],
          [
            [0, 1],
            [0, 0],
          ],
        ),
      [2, 2, 3, 1],
    ),
    diag: row((x) => tf.diag(x), [5]),
  },
  positions: {
    gather: row((x) => tf.gather(x, whole([2, 0, 2]))),
    'gather along the last axis': row((x) => tf.gather(x, whole([3, 3, 1, 0], [2, 2]), 1)),
    'gather along an axis from the end': row((x) => tf.gather(x, whole([1, 0, 1]), -2), [2, 2, 3]),
    'gather in each of a batch': row((x) => tf.gather(x, whole([0, 3, 1, 1, 2, 2], [3, 2]), 1, 1)),
    gatherND: row((x) => tf.gatherND(x, whole([0, 1, 2, 3, 0, 1], [3, 2]))),
    scatterND: row((x) => tf.scatterND(whole([1, 4, 1], [3, 1]), x, [5, 4])),
    unsortedSegmentSum: row((x) => tf.unsortedSegmentSum(x, whole([1, 0, 1]) as tf.Tensor1D, 3)),
    topk: row((x) => tf.topk(x, 2).values),
    'a sort, by topk of all': row((x) => tf.topk(x, 4).values),
    'the element that argMax finds': row((x) => tf.gather(x, tf.argMax<tf.Tensor1D>(x, 1), 1, 1)),
  },
  pooling: {
    maxPool: ofImage((x) => tf.maxPool(x, 2, 2, 'valid')),
    'maxPool, overlapping': ofImage((x) => tf.maxPool(x, 3, [1, 2], 'same')),
    'maxPool, padded by hand': ofImage((x) => tf.maxPool(x, 2, 2, explicit, 'floor')),
    'maxPool, rounded up': ofImage((x) => tf.maxPool(x, 2, 2, 0, 'ceil')),
    avgPool: ofImage((x) => tf.avgPool(x, 2, 2, 'valid')),
    'avgPool, overlapping': ofImage((x) => tf.avgPool(x, 3, [1, 2], 'same')),
    'avgPool, padded by hand': ofImage((x) => tf.avgPool(x, [2, 3], 2, explicit, 'floor')),
    'avgPool, rounded up': ofImage((x) => tf.avgPool(x, 2, 2, 0, 'ceil')),
    'tf.pool, dilated': ofImage((x) => tf.pool(x, 2, 'avg', 'valid', 2)),
    'avgPool of everything': ofImage((x) => tf.mul(tf.avgPool(x, [5, 6], 1, 'valid'), 9)),
  },
  resizing: {
    resizeBilinear: ofImage((x) => tf.image.resizeBilinear(x, [7, 4]), [1, 3, 4, 2]),
    'resizeBilinear, corners aligned': ofImage((x) => tf.image.resizeBilinear(x, [6, 2], true), [1, 3, 4, 2]),
    'resizeBilinear, centres aligned': ofImage((x) => tf.image.resizeBilinear(x, [6, 3], false, true), [1, 3, 4, 2]),
    resizeNearestNeighbor: ofImage((x) => tf.image.resizeNearestNeighbor(x, [7, 3]), [1, 3, 4, 2]),
    'resizeNearestNeighbor to twice the size': ofImage((x) => tf.image.resizeNearestNeighbor(x, [6, 8]), [1, 3, 4, 2]),
    'resizeNearestNeighbor, corners aligned': ofImage((x) => tf.image.resizeNearestNeighbor(x, [6, 2], true), [1, 3, 4, 2]),
    'resizeNearestNeighbor, centres aligned': ofImage((x) => tf.image.resizeNearestNeighbor(x, [2, 5], false, true), [1, 3, 4, 2]),
  },
};

/** A smooth function of the layer's result, with weights that differ from element to element. */
const critic = (layer: Layer, x: tf.Tensor): tf.Tensor => {
  const y = layer(x);
  return tf.sum(tf.mul(tf.sin(y), tf.add(constant(y.shape, 5), 1.5)));
};
/** What a gradient penalty adds: its gradient goes through the gradient of the layer's gradient. */
const penalty = (layer: Layer, x: tf.Tensor): tf.Tensor => tf.sum(tf.square(tf.grad((input) => critic(layer, input))(x)));
const objectives = { 'first gradient': critic, 'second gradient': penalty };

const engines = new Map<EngineName, Engine>();
beforeAll(async () => {
  for (const name of ['onnx', 'cpu'] as const) engines.set(name, await createEngine(name));
});
afterAll(async () => {
  for (const engine of engines.values()) await engine.dispose();
});

const gradientOn = async (name: EngineName, objective: typeof critic, { layer, shape }: Row): Promise<number[]> => {
  const step = await engines
    .get(name)
    ?.compile('test', { x: { shape, dtype: 'float32' } }, ({ x }) => ({ slope: tf.grad((input) => objective(layer, input))(x) }));
  const results = await step?.run({ x: irregular(shape, 0) });
  const slope = [...(results?.['slope'] ?? [])];
  await step?.dispose();
  return slope;
};

describe.each(Object.entries(families))('%s', (_, rows) => {
  describe.each(Object.entries(objectives))('the %s', (order, objective) => {
    it.each(Object.entries(rows))('of %s agrees with finite differences on cpu, and onnx with cpu', async (name, row) => {
      const expected = await gradientOn('cpu', objective, row);
      const size = Math.max(...expected.map(Math.abs));
      expect(size, `${order} of ${name}`).toBeGreaterThan(1e-3);
      await tf.setBackend('cpu');
      const scaled: Layer = (x) => tf.div(objective(row.layer, x), size);
      expectGradient(scaled, [...irregular(row.shape, 0)], row.shape, { step: 0.008, tolerance: 1e-2 });
      expect(relativeDifference(await gradientOn('onnx', objective, row), expected)).toBeLessThan(1e-5);
    });
  });
});
