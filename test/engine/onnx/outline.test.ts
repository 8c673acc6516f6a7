/** What steps cost, against sums that can be done by hand. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutlineEngine, type StepFunction, type StepOutline } from '../../../src/engine/index.js';

const spec = (...shape: readonly number[]) => ({ shape, dtype: 'float32' }) as const;

const outline = async (
  inputs: Readonly<Record<string, ReturnType<typeof spec>>>,
  step: StepFunction<typeof inputs>,
): Promise<StepOutline> => {
  const engine = new OutlineEngine();
  await engine.compile('step', inputs, step);
  const [only] = engine.steps;
  if (only === undefined) throw new Error('no step was recorded');
  return only;
};

const need = (tensor: tf.Tensor | undefined): tf.Tensor => {
  if (tensor === undefined) throw new Error('an input is missing');
  return tensor;
};

describe('the cost of a step', () => {
  it('counts M K N multiply-adds for a product, whichever operand is transposed', async () => {
    const size = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(size, size, size, fc.boolean(), fc.boolean(), async (m, k, n, transposeA, transposeB) => {
        const inputs = { a: transposeA ? spec(k, m) : spec(m, k), b: transposeB ? spec(n, k) : spec(k, n) };
        const { multiplyAdds } = await outline(inputs, ({ a, b }) => ({ y: tf.matMul(need(a), need(b), transposeA, transposeB) }));
        expect(multiplyAdds).toBe(m * k * n);
      }),
      { numRuns: 25 },
    );
  });

  it('counts the products of training a dense net: forward, by the weights, and by what comes from below', async () => {
    const [batch, widths] = [32, [50, 40, 30, 7]];
    const engine = new OutlineEngine();
    const kernels = widths.slice(1).map((width, i) => engine.declare([widths[i] ?? 0, width], true));
    await engine.compile('train', { x: spec(batch, 50) }, ({ x }) => {
      const { value, grads } = tf.variableGrads(() =>
        tf.reshape<tf.Rank.R0>(tf.mean(kernels.reduce<tf.Tensor>((below, kernel) => tf.tanh(tf.matMul(below, kernel)), x)), []),
      );
      for (const kernel of kernels) kernel.assign(tf.sub(kernel, tf.mul(grads[kernel.name] ?? 0, 0.1)));
      return { value };
    });
    for (const kernel of kernels) kernel.dispose();
    const layers = widths.slice(1).map((width, i) => batch * (widths[i] ?? 0) * width);
    const all = layers.reduce((sum, layer) => sum + layer, 0);
    // Nothing is wanted of the data.
    expect(engine.steps[0]?.multiplyAdds).toBe(2 * all + (all - (layers[0] ?? 0)));
  });

  it('counts what a convolution multiplies', async () => {
    const { multiplyAdds } = await outline({ x: spec(2, 8, 8, 3), w: spec(3, 3, 3, 5) }, ({ x, w }) => ({
      y: tf.conv2d(tf.reshape<tf.Rank.R4>(need(x), [2, 8, 8, 3]), tf.reshape<tf.Rank.R4>(need(w), [3, 3, 3, 5]), 1, 'valid'),
    }));
    expect(multiplyAdds).toBe(2 * 6 * 6 * 5 * (3 * 3 * 3));
  });

  it('counts one operation for each element, and what is read and written', async () => {
    const { multiplyAdds, elementOps, bytesMoved } = await outline({ x: spec(10, 100) }, ({ x }) => ({ y: tf.exp(need(x)) }));
    expect({ multiplyAdds, elementOps, bytesMoved }).toEqual({ multiplyAdds: 0, elementOps: 1000, bytesMoved: 8000 });
  });

  it('knows how much is alive at once', async () => {
    // Of a chain two tensors: what is read, and what is written.
    const chain = await outline({ x: spec(1000) }, ({ x }) => ({ y: tf.sin(tf.cos(tf.exp(tf.neg(need(x))))) }));
    expect(chain.peakBytes).toBe(8000);
    const kept = await outline({ x: spec(1000) }, ({ x }) => {
      const a = tf.exp(need(x));
      return { a, b: tf.sin(a), c: tf.cos(a) };
    });
    expect(kept.peakBytes).toBe(12_000);
  });

  it('leaves out what nothing reads', async () => {
    const { multiplyAdds } = await outline({ x: spec(64, 64) }, ({ x }) => {
      tf.matMul(need(x), need(x));
      return { y: need(x) };
    });
    expect(multiplyAdds).toBe(0);
  });
});

describe('an engine that runs nothing', () => {
  it('takes no memory for variables, however large', () => {
    const engine = new OutlineEngine();
    const before = process.memoryUsage().arrayBuffers;
    const variable = engine.declare([1_000_000, 1_000_000], true);
    expect(variable.size).toBe(1e12);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
    variable.dispose();
  });

  it('says which kernel reads a variable first, whatever form it is given', async () => {
    const engine = new OutlineEngine();
    const bias = engine.declare([12], true);
    await engine.compile('forms', { x: spec(5, 3, 4) }, ({ x }) => ({ y: tf.exp(tf.add(x, tf.reshape(bias, [3, 4]))) }));
    expect(engine.steps[0]?.firstUses.get(bias)).toEqual({ kernel: 'Add', shape: [5, 3, 4] });
    bias.dispose();
  });

  it('refuses to run, to read and to write', async () => {
    const engine = new OutlineEngine();
    const step = await engine.compile('never', { x: spec(1) }, ({ x }) => ({ x }));
    await expect(step.run({ x: Float32Array.of(1) })).rejects.toThrow('cannot run');
    expect(() => engine.read()).toThrow('keeps no values');
    expect(() => engine.write()).toThrow('keeps no values');
    expect(() => engine.variable()).toThrow('declare');
  });

  it('leaves no tensor behind', async () => {
    const { numTensors } = tf.memory();
    await outline({ x: spec(3) }, ({ x }) => ({ y: tf.sum(tf.square(need(x))) }));
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
