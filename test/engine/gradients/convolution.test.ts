import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convolutionGradients } from '../../../src/engine/gradients/convolution.js';
import { createEngine, type Engine, type EngineName, type InputSpecs, type StepFunction } from '../../../src/engine/index.js';
import { expectGradients } from '../../support/finite-differences.js';

/** Irregular numbers, so that no unit sits on a kink. */
const irregular = (shape: readonly number[], seed: number): Float32Array =>
  Float32Array.from({ length: shape.reduce((size, dim) => size * dim, 1) }, (_, i) => 0.7 * Math.sin(1.7 * (i + 1) + seed));

type Layer = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor4D;
interface Row {
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly layer: Layer;
}
const [x, filter] = [
  [2, 5, 4, 2],
  [3, 2, 2, 3],
];
const depthwise = [3, 2, 2, 2];
const rows: Readonly<Record<string, Row>> = {
  'a convolution': { x, filter, layer: (x, w) => tf.conv2d(x, w, 1, 'same') },
  'a convolution with strides': { x, filter, layer: (x, w) => tf.conv2d(x, w, [2, 1], 'same') },
  'a convolution with padding of its own': {
    x,
    filter,
    layer: (x, w) =>
      tf.conv2d(x, w, 2, [
        [0, 0],
        [2, 1],
        [0, 2],
        [0, 0],
      ]),
  },
  'a dilated convolution': { x, filter, layer: (x, w) => tf.conv2d(x, w, 1, 'same', 'NHWC', [2, 3]) },
  'a transposed convolution': {
    x,
    filter: [3, 2, 3, 2],
    layer: (x, w) => tf.conv2dTranspose(x, w, [2, 10, 8, 3], 2, 'same'),
  },
  'a depthwise convolution': { x, filter: depthwise, layer: (x, w) => tf.depthwiseConv2d(x, w, 1, 'same') },
  'a depthwise convolution with strides': { x, filter: depthwise, layer: (x, w) => tf.depthwiseConv2d(x, w, 2, 'valid') },
  'a dilated depthwise convolution': { x, filter: depthwise, layer: (x, w) => tf.depthwiseConv2d(x, w, 1, 'same', 'NHWC', [2, 3]) },
};

/** A smooth critic of the layer's result, with weights that differ from pixel to pixel. */
const critic = (layer: Layer, x: tf.Tensor, filter: tf.Tensor): tf.Tensor => {
  const y = layer(x as tf.Tensor4D, filter as tf.Tensor4D);
  return tf.sum(tf.mul(tf.tanh(y), tf.tensor(irregular(y.shape, 5), y.shape)));
};
/** What WGAN-GP adds: the critic's slope by its image, squared and held at one. */
const penalty = (layer: Layer, x: tf.Tensor, filter: tf.Tensor): tf.Tensor => {
  const slope = tf.grad((image) => critic(layer, image, filter))(x);
  return tf.sum(tf.square(tf.sub(tf.sum(tf.square(slope), [1, 2, 3]), 1)));
};
/** The slope by the filter, whose own gradients are those of the filter gradient. */
const filterPenalty = (layer: Layer, x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
  tf.sum(tf.square(tf.grad((weights) => critic(layer, x, weights))(filter)));

const engines = new Map<EngineName, Engine>();
beforeAll(async () => {
  for (const name of ['cpu', 'onnx'] as const) engines.set(name, await createEngine(name));
  for (const [kernelName, gradient] of Object.entries(convolutionGradients)) tf.registerGradient({ kernelName, ...gradient });
});
afterAll(async () => {
  for (const engine of engines.values()) await engine.dispose();
});

describe.each(Object.entries(rows))('through %s', (_, { x, filter, layer }) => {
  const objectives = { value: critic, 'slope by the image': penalty, 'slope by the filter': filterPenalty };

  it.each(Object.entries(objectives))('the gradient of the %s agrees with finite differences', async (_, objective) => {
    await tf.setBackend('cpu');
    const image = tf.variable(tf.tensor(irregular(x, 0), [...x]));
    const weights = tf.variable(tf.tensor(irregular(filter, 1), [...filter]));
    expectGradients(() => objective(layer, image, weights), [image, weights], { step: 0.01, tolerance: 1e-2 });
    image.dispose();
    weights.dispose();
  });

  it.each(Object.entries(objectives))('the gradient of the %s is the same on onnx as on cpu', async (_, objective) => {
    const specs: InputSpecs = { x: { shape: x, dtype: 'float32' }, filter: { shape: filter, dtype: 'float32' } };
    const step: StepFunction<InputSpecs> = ({ x, filter }) => {
      if (!x || !filter) throw new Error('a step without its inputs');
      const [byImage, byFilter] = tf.grads((image, weights) => objective(layer, image, weights))([x, filter]);
      return { byImage: byImage ?? x, byFilter: byFilter ?? filter };
    };
    const feeds = { x: irregular(x, 0), filter: irregular(filter, 1) };
    const resultsOf = async (name: EngineName): Promise<number[]> => {
      const compiled = await engines.get(name)?.compile('test', specs, step);
      const results = (await compiled?.run(feeds)) ?? {};
      const copies = [...(results['byImage'] ?? []), ...(results['byFilter'] ?? [])];
      await compiled?.dispose();
      return copies;
    };
    const expected = await resultsOf('cpu');
    const found = await resultsOf('onnx');
    const size = Math.max(...expected.map(Math.abs));
    expect(size).toBeGreaterThan(0.01);
    expect(found).toHaveLength(expected.length);
    found.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] ?? NaN)), `element ${String(i)}`).toBeLessThan(1e-5 * (1 + size));
    });
  });
});
