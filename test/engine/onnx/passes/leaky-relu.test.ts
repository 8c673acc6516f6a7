import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../src/engine/onnx/graph.js';
import { simplifyLeakyReluGradient } from '../../../../src/engine/onnx/passes/leaky-relu.js';
import { serializeGraph } from '../../../../src/engine/onnx/serialize.js';
import type { Node, Value } from '../../../../src/engine/onnx/values.js';
import { specials } from '../ops/broadcasting.js';

const xs = specials.flatMap((x) => specials.map(() => x));
const dys = specials.flatMap(() => specials);
const spec = { shape: [xs.length], dtype: 'float32' } as const;

const gradientOf = (g: Graph, alpha: number, bound = 0): Value => {
  const x = g.input('x', spec);
  const dy = g.input('dy', spec);
  return g.elementwise(
    'Where',
    [g.elementwise('Greater', [x, g.scalar(bound)], 'bool'), dy, g.elementwise('Mul', [dy, g.scalar(alpha)])],
    'float32',
  );
};
const nodeOf = ({ origin }: Value): Node => {
  if (origin.kind !== 'node') throw new Error('not a node');
  return origin.node;
};

describe('the gradient of leakyRelu', () => {
  it.each([0, 0.1, 0.2])('is the same number everywhere with slope %d, and NaN where x is', async (alpha) => {
    const g = new Graph();
    const before = gradientOf(g, alpha);
    const after = simplifyLeakyReluGradient(g, nodeOf(before));
    if (!after) throw new Error('the gradient was not found');
    expect(nodeOf(after).opType).toBe('Mul');
    const { bytes } = serializeGraph([
      { name: 'before', value: before },
      { name: 'after', value: after },
    ]);
    const session = await InferenceSession.create(bytes);
    const results = await session.run({
      x: new Tensor('float32', Float32Array.from(xs), [xs.length]),
      dy: new Tensor('float32', Float32Array.from(dys), [xs.length]),
    });
    // onnxruntime's Where loses the sign of a zero.
    const unsigned = (name: string): number[] => Array.from((results[name]?.data ?? []) as Float32Array, (value) => value + 0);
    expect(unsigned('after')).toEqual(unsigned('before').map((gradient, i) => (Number.isNaN(xs[i]) ? NaN : gradient)));
    await session.release();
  });

  it.each<[string, number, number]>([
    ['a slope below zero', -0.1, 0],
    ['a slope above one', 1.5, 0],
    ['another bound', 0.1, 1],
  ])('is left alone with %s', (_, alpha, bound) => {
    const g = new Graph();
    expect(simplifyLeakyReluGradient(g, nodeOf(gradientOf(g, alpha, bound)))).toBeNull();
  });
});
