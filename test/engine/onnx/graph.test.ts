import { describe, expect, it } from 'vitest';
import { describeGraph } from '../../../src/engine/onnx/describe.js';
import { Graph } from '../../../src/engine/onnx/graph.js';
import { serializeGraph } from '../../../src/engine/onnx/serialize.js';
import type { Value } from '../../../src/engine/onnx/values.js';

const g = (): { readonly graph: Graph; readonly x: Value } => {
  const graph = new Graph();
  return { graph, x: graph.input('x', { shape: [2, 3], dtype: 'float32' }) };
};
/** The graph as text, one line for each node. */
const text = (value: Value): string[] =>
  describeGraph(serializeGraph([{ name: 'y', value }]))
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('input'));

describe('a graph merges what is equal', () => {
  it('makes one node of two that are equal', () => {
    const { graph, x } = g();
    expect(graph.elementwise('Exp', [x])).toBe(graph.elementwise('Exp', [x]));
    expect(graph.elementwise('Add', [x, graph.scalar(2)])).toBe(graph.elementwise('Add', [x, graph.scalar(2)]));
  });

  it('keeps apart what differs in operator, operands, attributes or type', () => {
    const { graph, x } = g();
    const exp = graph.elementwise('Exp', [x]);
    expect(graph.elementwise('Log', [x])).not.toBe(exp);
    expect(graph.elementwise('Exp', [exp])).not.toBe(exp);
    expect(graph.elementwise('LeakyRelu', [x], 'float32', { alpha: { float: 0.1 } })).not.toBe(
      graph.elementwise('LeakyRelu', [x], 'float32', { alpha: { float: 0.2 } }),
    );
    expect(graph.scalar(1, 'int32')).not.toBe(graph.scalar(1));
    expect(graph.cast(x, 'int32')).not.toBe(graph.cast(x, 'bool'));
  });

  it('merges small constants, and tells -0 from 0 in them', () => {
    const { graph } = g();
    expect(graph.indices([0, 1])).toBe(graph.indices([0, 1]));
    expect(graph.constant(Float32Array.of(-0), [1], 'float32')).not.toBe(graph.constant(Float32Array.of(0), [1], 'float32'));
    expect(graph.constant(Float32Array.of(1, 0), [2], 'float32')).not.toBe(graph.constant(Float32Array.of(1, -0), [2], 'float32'));
  });
});

describe('numbers that are the same everywhere', () => {
  it('are recognised in host values', () => {
    const { graph } = g();
    expect(graph.constant(new Float32Array(6).fill(0.5), [2, 3], 'float32').origin).toEqual({ kind: 'uniform', fill: 0.5 });
    expect(graph.constant(Float32Array.of(1, 2), [2], 'float32').origin.kind).toBe('constant');
    expect(graph.constant(new Float32Array(2).fill(NaN), [2], 'float32').origin).toEqual({ kind: 'uniform', fill: NaN });
  });

  it('are folded, broadcast and cast without a node', () => {
    const { graph } = g();
    const sum = graph.elementwise('Add', [graph.uniform(0.5, [4, 1], 'float32'), graph.uniform(0.25, [3], 'float32')]);
    expect(sum).toMatchObject({ shape: [4, 3], origin: { kind: 'uniform', fill: 0.75 } });
    expect(graph.cast(sum, 'int32')).toMatchObject({ dtype: 'int32', origin: { fill: 0 } });
    expect(graph.cast(sum, 'bool').origin).toMatchObject({ fill: 1 });
    expect(graph.reshape(sum, [12]).origin).toMatchObject({ fill: 0.75 });
    expect(graph.transpose(sum, [1, 0])).toMatchObject({ shape: [3, 4], origin: { fill: 0.75 } });
    expect(graph.expand(sum, [2, 4, 3])).toMatchObject({ shape: [2, 4, 3], origin: { fill: 0.75 } });
  });

  it('enter an operator as one number', () => {
    const { graph, x } = g();
    expect(text(graph.elementwise('Mul', [x, graph.uniform(2, [2, 3], 'float32')]))).toEqual(['y: float32[2,3] = Mul(x, 2)']);
  });

  it('leave nothing behind where they change nothing', () => {
    const { graph, x } = g();
    expect(graph.elementwise('Add', [x, graph.scalar(0)])).toBe(x);
    expect(graph.elementwise('Mul', [graph.uniform(1, [2, 3], 'float32'), x])).toBe(x);
    expect(graph.elementwise('Div', [x, graph.scalar(1)])).toBe(x);
    expect(graph.elementwise('Sub', [graph.scalar(0), x])).not.toBe(x);
  });

  it('are anything where there are no elements', () => {
    const { graph } = g();
    const none = graph.input('none', { shape: [0, 3], dtype: 'float32' });
    expect(graph.elementwise('Exp', [none])).toMatchObject({ shape: [0, 3], origin: { kind: 'uniform' } });
  });
});

describe('a broadcast', () => {
  it('is put off behind what works element by element', () => {
    const { graph, x } = g();
    const row = graph.node('ReduceSum', [x, graph.indices([0])], { keepdims: 1 }, { shape: [1, 3], dtype: 'float32' });
    const wide = graph.expand(row, [4, 3]);
    const lines = text(graph.elementwise('Exp', [graph.elementwise('Mul', [wide, graph.uniform(2, [4, 3], 'float32')])]));
    expect(lines.map((line) => line.replace(/^\w+: /, ''))).toEqual([
      'float32[1,3] = ReduceSum(x, 0:[1]) keepdims=1',
      'float32[1,3] = Mul(ReduceSum_0, 2)',
      'float32[1,3] = Exp(Mul_1)',
      'float32[4,3] = Expand(Exp_2, [4,3])',
    ]);
  });

  it('is left out where the other operand has the size anyway', () => {
    const { graph, x } = g();
    const row = graph.input('row', { shape: [3], dtype: 'float32' });
    expect(text(graph.elementwise('Add', [x, graph.expand(row, [2, 3])]))).toEqual(['y: float32[2,3] = Add(x, row)']);
  });

  it('to the same shape is nothing, and a second one replaces the first', () => {
    const { graph, x } = g();
    const row = graph.input('row', { shape: [3], dtype: 'float32' });
    expect(graph.expand(x, [2, 3])).toBe(x);
    expect(text(graph.expand(graph.expand(row, [2, 3]), [5, 2, 3]))).toEqual(['y: float32[5,2,3] = Expand(row, [5,2,3])']);
  });

  it('passes a cast and a transposition', () => {
    const { graph } = g();
    const row = graph.input('row', { shape: [3], dtype: 'float32' });
    const wide = graph.expand(row, [2, 3]);
    expect(text(graph.cast(wide, 'int32')).map((line) => line.split(' = ')[1])).toEqual(['Cast(row) to=6', 'Expand(Cast_0, [2,3])']);
    expect(text(graph.transpose(wide, [1, 0])).some((line) => line.includes('Transpose'))).toBe(false);
  });
});

describe('a reshape', () => {
  it('replaces the one before, and there and back is nothing', () => {
    const { graph, x } = g();
    expect(text(graph.reshape(graph.reshape(x, [6]), [3, 2]))).toEqual(['y: float32[3,2] = Reshape(x, [3,2])']);
    expect(graph.reshape(graph.reshape(x, [6]), [2, 3])).toBe(x);
  });

  it('of one element that was broadcast is a broadcast', () => {
    const { graph } = g();
    const one = graph.input('one', { shape: [], dtype: 'float32' });
    expect(text(graph.reshape(graph.expand(one, [2, 3]), [6]))).toEqual(['y: float32[6] = Expand(one, 6:[1])']);
  });
});

describe('a transposition', () => {
  it('undoes the one before', () => {
    const { graph, x } = g();
    expect(graph.transpose(graph.transpose(x, [1, 0]), [1, 0])).toBe(x);
  });
});
