import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filledWith, initializerNames, initializers, zeros, type InitializerName } from '../../../src/components/shared/initializers.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';

const random = createRandomStreams(3);

const drawKernel = (name: InitializerName, shape: readonly number[], stream = 'kernel'): Float32Array => {
  const out = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
  initializers[name].kernel(out, shape, random.draws(stream, 0));
  return out;
};
const meanOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const varianceOf = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value ** 2, 0) / values.length - meanOf(values) ** 2;

/** By hand, for 300 inputs and 100 outputs. */
const expected: Readonly<Record<InitializerName, { readonly variance: number; readonly bound: number | null }>> = {
  'glorot-uniform': { variance: 2 / 400, bound: Math.sqrt(6 / 400) },
  'glorot-normal': { variance: 2 / 400, bound: null },
  'he-uniform': { variance: 2 / 300, bound: Math.sqrt(6 / 300) },
  'he-normal': { variance: 2 / 300, bound: null },
  'lecun-normal': { variance: 1 / 300, bound: null },
  'fan-in-uniform': { variance: 1 / 900, bound: 1 / Math.sqrt(300) },
  'small-normal': { variance: 0.0004, bound: null },
};

describe.each(initializerNames)('%s', (name) => {
  const { variance, bound } = expected[name];

  it('has the variance of its formula, and no mean', () => {
    const values = drawKernel(name, [300, 100]);
    // 30,000 draws: the variance is known to about 1 %, the mean to 0.6 % of the deviation.
    expect(Math.abs(varianceOf(values) / variance - 1)).toBeLessThan(0.04);
    expect(Math.abs(meanOf(values)) / Math.sqrt(variance)).toBeLessThan(0.03);
  });

  it('stays within its bound, if it has one', () => {
    const largest = drawKernel(name, [300, 100]).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    if (bound === null) expect(largest).toBeGreaterThan(3 * Math.sqrt(variance));
    else {
      expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
      expect(largest).toBeGreaterThan(0.999 * bound);
    }
  });

  it('counts the window of a convolution as inputs and outputs', () => {
    const flat = drawKernel(name, [27, 36]);
    const window = drawKernel(name, [3, 3, 3, 4]);
    expect(varianceOf(window) / varianceOf(flat.subarray(0, window.length))).toBeCloseTo(1, 6);
  });
});

describe('fan-in-uniform', () => {
  it('draws kernel and bias as the linear layer of PyTorch does: U(-b, b), b = 1 / sqrt(inputs)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), (inputs, outputs) => {
        const uniform = new Float32Array(inputs * outputs);
        random.draws('same', 0).uniform(uniform);
        const bound = 1 / Math.sqrt(inputs);
        const kernel = drawKernel('fan-in-uniform', [inputs, outputs], 'same');
        const bias = new Float32Array(outputs);
        initializers['fan-in-uniform'].bias(inputs)(bias, [outputs], random.draws('same', 0));
        kernel.forEach((value, i) => expect(value).toBeCloseTo(bound * (2 * uniform[i]! - 1), 6));
        bias.forEach((value, i) => expect(value).toBeCloseTo(bound * (2 * uniform[i]! - 1), 6));
      }),
      { numRuns: 20 },
    );
  });
});

describe('biases', () => {
  it('are zero with all other initializers', () => {
    for (const name of initializerNames.filter((each) => each !== 'fan-in-uniform')) {
      const bias = new Float32Array(3).fill(7);
      initializers[name].bias(5)(bias, [3], random.draws('bias', 0));
      expect([...bias], name).toEqual([0, 0, 0]);
    }
  });
});

describe('constant initial values', () => {
  it('ignore the draws', () => {
    const out = new Float32Array(2);
    filledWith(1.5)(out, [2], random.draws('x', 0));
    expect([...out]).toEqual([1.5, 1.5]);
    zeros(out, [2], random.draws('x', 0));
    expect([...out]).toEqual([0, 0]);
  });
});
