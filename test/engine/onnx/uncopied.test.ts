import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/engine/onnx/graph.js';
import { serializeGraph } from '../../../src/engine/onnx/serialize.js';
import { runUncopied } from '../../../src/engine/onnx/uncopied.js';

const open = async (): Promise<InferenceSession> => {
  const g = new Graph();
  const x = g.input('x', { shape: [2], dtype: 'float32' });
  const outputs = [
    { name: 'double', value: g.elementwise('Add', [x, x]) },
    { name: 'square', value: g.elementwise('Mul', [x, x]) },
  ];
  return InferenceSession.create(serializeGraph(outputs, { uncopied: true }).bytes);
};
const vector = (...values: readonly number[]): Tensor => new Tensor('float32', Float32Array.from(values), [values.length]);

describe('a run whose results are not copied', () => {
  it('fills the arrays that it was given, each time anew', async () => {
    const session = await open();
    const [double, square] = [vector(0, 0), vector(0, 0)];
    for (const [a, b] of [
      [1, 2],
      [3, -4],
    ] as const) {
      await runUncopied(session, { x: vector(a, b) }, { double, square });
      expect(double.data).toEqual(Float32Array.of(2 * a, 2 * b));
      expect(square.data).toEqual(Float32Array.of(a * a, b * b));
    }
    await session.release();
  });

  it('still says what is wrong with a run', async () => {
    const session = await open();
    await expect(runUncopied(session, { x: vector(1, 2, 3) }, { double: vector(0, 0) })).rejects.toThrow(/dimension/i);
    await session.release();
  });
});
