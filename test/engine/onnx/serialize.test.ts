import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/engine/onnx/graph.js';
import { nodesOf, serializeGraph, type GraphOutput } from '../../../src/engine/onnx/serialize.js';
import type { Value } from '../../../src/engine/onnx/values.js';

const vector = { shape: [2], dtype: 'float32' } as const;

const open = async (outputs: readonly GraphOutput[]): Promise<InferenceSession> => InferenceSession.create(serializeGraph(outputs).bytes);

describe('a graph written as ONNX', () => {
  it('computes what was recorded', async () => {
    const g = new Graph();
    const x = g.input('x', vector);
    const session = await open([
      { name: 'y', value: g.elementwise('Add', [g.elementwise('Mul', [x, x]), g.constant(Float32Array.of(1, 2), [2], 'float32')]) },
    ]);
    expect((await session.run({ x: new Tensor('float32', Float32Array.of(3, 4), [2]) }))['y']?.data).toEqual(Float32Array.of(10, 18));
    await session.release();
  });

  it('names its inputs, outputs, shapes and types', async () => {
    const g = new Graph();
    const session = await open([
      {
        name: 'flags',
        value: g.elementwise(
          'Greater',
          [g.input('x', { shape: [3, 1, 2], dtype: 'float32' }), g.input('y', { shape: [], dtype: 'float32' })],
          'bool',
        ),
      },
    ]);
    expect(session.inputNames).toEqual(['x', 'y']);
    expect(session.outputNames).toEqual(['flags']);
    expect(session.inputMetadata[0]).toMatchObject({ type: 'float32', shape: [3, 1, 2] });
    expect(session.inputMetadata[1]).toMatchObject({ shape: [] });
    expect(session.outputMetadata[0]).toMatchObject({ type: 'bool', shape: [3, 1, 2] });
    await session.release();
  });

  it('has no nodes and inputs that no output needs', () => {
    const g = new Graph();
    const [x, unused] = [g.input('x', vector), g.input('unused', vector)];
    g.elementwise('Exp', [unused]);
    const { nodes, inputs } = serializeGraph([{ name: 'y', value: g.elementwise('Exp', [x]) }]);
    expect(nodes.map((node) => node.opType)).toEqual(['Exp']);
    expect(inputs).toEqual([x]);
  });

  it('writes equal expressions once', () => {
    const g = new Graph();
    const x = g.input('x', vector);
    const [one, two] = [g.elementwise('Exp', [x]), g.elementwise('Exp', [x])];
    expect(one).toBe(two);
    expect(serializeGraph([{ name: 'y', value: g.elementwise('Mul', [one, two]) }]).nodes.length).toBe(2);
  });

  it('copies what cannot be named: inputs, constants, and a value that is fetched twice', async () => {
    const g = new Graph();
    const x = g.input('x', vector);
    const double = g.elementwise('Add', [x, x]);
    const values: Readonly<Record<string, Value>> = {
      x,
      fives: g.uniform(5, [2, 2], 'int32'),
      table: g.constant(Uint8Array.of(1, 0), [2], 'bool'),
      double,
      again: double,
    };
    const session = await open(Object.entries(values).map(([name, value]) => ({ name: `out_${name}`, value })));
    const results = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [2]) });
    expect(Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data]))).toEqual({
      out_x: Float32Array.of(1, 2),
      out_fives: Int32Array.of(5, 5, 5, 5),
      out_table: Uint8Array.of(1, 0),
      out_double: Float32Array.of(2, 4),
      out_again: Float32Array.of(2, 4),
    });
    await session.release();
  });

  it('writes every kind of attribute', async () => {
    const g = new Graph();
    const x = g.input('x', { shape: [2, 3], dtype: 'float32' });
    const leaky = g.node('LeakyRelu', [x], { alpha: { float: 0.25 } }, x);
    const turned = g.node('Transpose', [leaky], { perm: [1, 0] }, { shape: [3, 2], dtype: 'float32' });
    const padded = g.node('Pad', [turned, g.indices([0, 0, 0, 1]), g.scalar(9)], { mode: 'constant' }, { shape: [3, 3], dtype: 'float32' });
    const session = await open([
      { name: 'y', value: g.node('Softmax', [padded], { axis: 0 }, padded) },
      { name: 'padded', value: padded },
    ]);
    const results = await session.run({ x: new Tensor('float32', Float32Array.of(-4, 1, 2, 3, -8, 4), [2, 3]) });
    expect(results['padded']?.data).toEqual(Float32Array.of(-1, 3, 9, 1, -2, 9, 2, 4, 9));
    const columns = results['y']?.data as Float32Array;
    expect((columns[2] ?? 0) + (columns[5] ?? 0) + (columns[8] ?? 0)).toBeCloseTo(1, 6);
    await session.release();
  });

  it('orders a chain that is deeper than any call stack', () => {
    const g = new Graph();
    const x = g.input('x', vector);
    let value = x;
    for (let depth = 0; depth < 20_000; depth++) value = g.elementwise('Add', [value, x]);
    const nodes = nodesOf([value]);
    expect(nodes.length).toBe(20_000);
    expect(nodes[0]?.inputs).toEqual([x, x]);
    expect(nodes.at(-1)?.outputs[0]).toBe(value);
  });

  it('keeps signed zeros, NaN and infinities', async () => {
    const g = new Graph();
    const odd = [-0, NaN, Infinity, -Infinity].map((fill) => ({
      name: `c${String(fill)}${Object.is(fill, -0) ? 'negative' : ''}`,
      value: g.uniform(fill, [2], 'float32'),
    }));
    const session = await open([...odd, { name: 'zero', value: g.uniform(0, [2], 'float32') }]);
    const results = await session.run({});
    expect(Object.values(results).map((tensor) => tensor.data)).toEqual(
      [-0, NaN, Infinity, -Infinity, 0].map((fill) => Float32Array.of(fill, fill)),
    );
    await session.release();
  });
});
