/** Posteriors behind flows: their densities against the Jacobian that finite differences give. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPosterior } from '../../../src/components/shared/gaussian.js';
import type { Noise } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { createFixedNoise, createPass, createSeededNoise, createTestScope, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const latent = 2;
const entries = [
  { type: 'planar-flow', steps: 3 },
  { type: 'inverse-autoregressive-flow', steps: 3, hidden: 4 },
];

const create = (entry: object, values: readonly number[], seed = 1) => {
  const family = buildComponent('posterior', entry);
  const size = family.numParameters(latent);
  const output = tf.tensor2d(
    Array.from({ length: size }, (_, i) => values[i % values.length] ?? 0),
    [1, size],
  );
  return { output, posterior: family.build(createTestScope(seed), latent)(output, 'exp', createPass()) };
};

const determinant = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number => a * d - b * c;

describe.each(entries)('a posterior with $type', (entry) => {
  const told = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 });
  const draw = fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 2, maxLength: 2 });

  it('has the density of its Gaussian over the determinant of its Jacobian', () => {
    fc.assert(
      fc.property(told, draw, fc.integer({ min: 1, max: 50 }), (values, at, seed) => {
        tf.tidy(() => {
          const { output, posterior } = create(entry, values, seed);
          const base = createPosterior(tf.slice(output, [0, 0], [1, 4]), 'exp');
          const noiseAt = (draws: readonly number[]): Noise => createFixedNoise({ posterior: draws });
          const codeAt = (draws: readonly number[]): readonly number[] => valuesOf(posterior.sample(noiseAt(draws), 1));
          const z = posterior.sample(noiseAt(at), 1);
          // dz' / d noise is dz'/dz times the Gaussian's scales.
          const h = 0.01;
          const columns = [0, 1].map((axis) => {
            const moved = (by: number): readonly number[] => codeAt(at.map((value, i) => (i === axis ? value + by : value)));
            const [up, down] = [moved(h), moved(-h)];
            return up.map((value, i) => (value - (down[i] ?? 0)) / (2 * h));
          });
          const jacobian = [columns[0]?.[0] ?? 0, columns[1]?.[0] ?? 0, columns[0]?.[1] ?? 0, columns[1]?.[1] ?? 0];
          const logNoise = -(at[0]! ** 2 + at[1]! ** 2) / 2 - Math.log(2 * Math.PI);
          expect(valueOf(posterior.logProb(z))).toBeCloseTo(logNoise - Math.log(Math.abs(determinant(jacobian))), 2);
          expect(valuesOf(base.mean)).toHaveLength(2);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('has a density of total one: the mean of N(z) / q(z) over its samples', () => {
    const { posterior } = create(entry, [0.3, -0.4, 0.1, 0.5, -0.2]);
    const z = posterior.sample(createSeededNoise(), 50_000);
    const { mean, variance } = tf.moments(z, 0);
    const narrow = createPosterior(tf.concat([mean, tf.log(tf.mul(tf.sqrt(variance), 0.5))], 1), 'exp');
    const ratios = tf.exp(tf.sub(narrow.logProb(z), posterior.logProb(z)));
    expect(valueOf(tf.mean(ratios))).toBeCloseTo(1, 1);
  });

  it('carries the mean of its Gaussian, and knows the density of its own samples alone', () => {
    const { posterior } = create(entry, [0.3, -0.4]);
    const atMean = posterior.sample(createFixedNoise({ posterior: [0, 0] }), 1);
    expect(valuesOf(posterior.mean)).toEqual(valuesOf(atMean));
    expect(() => posterior.logProb(tf.zeros([1, 1, 2]))).toThrow('its own samples alone');
  });
});

describe('a planar flow', () => {
  it('is z + u tanh(w z + b), by hand', () => {
    // Mean 1 and scale 1 in one latent; u = 2, w = 1, b = 0, where w u >= -1: u becomes ln(1 + e^2) - 1.
    const family = buildComponent('posterior', { type: 'planar-flow', steps: 1 });
    const posterior = family.build(createTestScope(), 1)(tf.tensor2d([[1, 0, 2, 1, 0]]), 'exp', createPass());
    const z = posterior.sample(createFixedNoise({ posterior: [0.5] }), 1);
    const u = Math.log1p(Math.exp(2)) - 1;
    expect(valueOf(z)).toBeCloseTo(1.5 + u * Math.tanh(1.5), 4);
    const logDeterminant = Math.log(1 + u * (1 - Math.tanh(1.5) ** 2));
    expect(valueOf(posterior.logProb(z))).toBeCloseTo(-0.125 - 0.5 * Math.log(2 * Math.PI) - logDeterminant, 4);
  });
});

describe('an inverse autoregressive flow', () => {
  it('mixes a code with what masked networks make of the numbers before, by hand', () => {
    // One hidden unit: it sees the first number, and the second alone sees it. The nines and sevens are behind masks.
    const scope = createTestScope();
    const family = buildComponent('posterior', { type: 'inverse-autoregressive-flow', steps: 2, hidden: 1 });
    const read = family.build(scope, 2);
    const set = (flow: number, values: Readonly<Record<string, readonly number[]>>): void => {
      for (const [name, its] of Object.entries(values)) scope.set(`flow-${String(flow)}/${name}`, its);
    };
    const [ln2, ln3] = [Math.LN2, Math.log(3)];
    set(0, { input: [2, 9], context: [0.5, 1], bias: [-1] });
    set(0, { 'shift-kernel': [7, 0.5], 'shift-bias': [0.25, -0.5], 'gate-kernel': [7, -0.5], 'gate-bias': [-1.5, ln3] });
    set(1, { input: [1, 9], context: [0, 0], bias: [-1.75 - ln2] });
    set(1, { 'shift-kernel': [7, 4], 'shift-bias': [0, 0], 'gate-kernel': [7, 2], 'gate-bias': [ln3 - 1.5, -0.5] });
    // Means (1, -1), scales (1, 2), context (1, 0.5); noise (0.5, 1.5): z = (1.5, 2).
    const posterior = read(tf.tensor2d([[1, -1, 0, ln2, 1, 0.5]]), 'exp', createPass());
    const z = posterior.sample(createFixedNoise({ posterior: [0.5, 1.5] }), 1);
    // First flow. Unit: elu(2 * 1.5 + (0.5 + 0.5) - 1) = 3.
    //   m = (0.25, 0.5 * 3 - 0.5) = (0.25, 1);  gates 1.5 + (-1.5, -0.5 * 3 + ln 3) = (0, ln 3), so s = (1/2, 3/4)
    //   z' = (1.5 / 2 + 0.25 / 2, 2 * 3/4 + 1/4) = (0.875, 1.75)
    // Turned around, (1.75, 0.875). Second flow. Unit: elu(1.75 - 1.75 - ln 2) = 1/2 - 1 = -1/2.
    //   m = (0, 4 * -1/2) = (0, -2);  gates 1.5 + (ln 3 - 1.5, 2 * -1/2 - 0.5) = (ln 3, 0), so s = (3/4, 1/2)
    //   z'' = (1.75 * 3/4, 0.875 / 2 - 2 / 2) = (1.3125, -0.5625)
    valuesOf(z).forEach((value, i) => expect(value).toBeCloseTo([1.3125, -0.5625][i]!, 5));
    // ln N(noise) - ln(1 * 2) - ln(1/2 * 3/4) - ln(3/4 * 1/2)
    const logNoise = -(0.25 + 2.25) / 2 - Math.log(2 * Math.PI);
    expect(valueOf(posterior.logProb(z))).toBeCloseTo(logNoise - ln2 - 2 * Math.log(3 / 8), 5);
  });

  it('makes each number of those before it alone', () => {
    const family = buildComponent('posterior', { type: 'inverse-autoregressive-flow', steps: 1, hidden: 9 });
    const read = family.build(createTestScope(), 4);
    const codeAt = (draws: readonly number[]): readonly number[] =>
      valuesOf(read(tf.fill([1, 12], 0.2), 'exp', createPass()).sample(createFixedNoise({ posterior: draws }), 1));
    const start = codeAt([0, 0, 0, 0]);
    [0, 1, 2, 3].forEach((axis) => {
      const moved = codeAt([0, 1, 2, 3].map((i) => (i === axis ? 1 : 0)));
      const changed = moved.flatMap((value, i) => (value === start[i] ? [] : [i]));
      expect(changed[0]).toBe(axis);
      expect(changed.every((i) => i >= axis)).toBe(true);
    });
  });

  it('refuses codes that it has no masks for', () => {
    expect(buildComponent('posterior', 'inverse-autoregressive-flow').refuses?.(1)).toContain('needs 2 or more');
    expect(buildComponent('posterior', { type: 'inverse-autoregressive-flow', hidden: 3 }).refuses?.(5)).toContain('need 4 or fewer');
    expect(buildComponent('posterior', 'inverse-autoregressive-flow').refuses?.(20)).toBeNull();
  });
});
