/**
 * Engines agree: the first updates of each smoke config on the compiled engine and on the numerical reference give the same losses,
 * the same weights and optimizer state, and the same figures.
 */
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/engine/index.js';
import { temporaryFolder } from '../components/shared/temporary.js';
import { relativeDifference } from '../support/difference.js';
import { smokeNames, trainSteps, type Trained } from '../support/smoke.js';

const numSteps = 5;
/** Relative to the largest loss of the steps; measured were at most 1.2e-7 on onnx and 2.4e-7 on wasm: float32's last place. */
const ofLosses = 5e-6;
/**
 * By engine, relative to each variable's largest magnitude. Adam divides gradients by their own size: where one is close to nothing, its
 * rounding is as large as an update. Measured were at most 5e-6 and 6e-5.
 */
const ofVariables = { onnx: 5e-5, wasm: 5e-4 } as const satisfies Partial<Record<EngineName, number>>;

const folder = temporaryFolder();
/** See `undetermined`. */
const overridesOf = (name: string): readonly string[] =>
  undetermined[name] === undefined ? [] : ['training.optimizer={ type: sgd, learningRate: 1e-2 }'];

const references = new Map<string, Promise<Trained>>();
const referenceOf = (name: string): Promise<Trained> => {
  const reference = references.get(name) ?? trainSteps(name, folder, 'cpu', numSteps, overridesOf(name));
  references.set(name, reference);
  return reference;
};

const byTerm = ({ losses }: Trained): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(Object.keys(losses[0] ?? {}).map((term) => [term, losses.map((step) => step[term] ?? NaN)]));

/**
 * Weights whose gradient is zero but for rounding, which Adam would make steps of; these configs descend plainly here: a bias that every score has in common, where scores are
 * only compared, biases that batch
 * normalization takes away, and running means that are as small as the rounding of what they are means of.
 */
const sharedBias = /discriminator\/output\/bias/;
const undetermined: Readonly<Record<string, RegExp>> = {
  ...{ relativistic: sharedBias, 'toy-grid': sharedBias, 'toy-roll': sharedBias, wgan: sharedBias, 'wgan-gp': sharedBias },
  ...{ dcgan: /(hidden-\d|start|convolution-\d)\/bias|running-mean/, 'sn-hinge': /generator\/hidden-0\/bias/ },
};

/** By a formula, without losses. */
const fitted: readonly string[] = ['annealing', 'factor-analysis', 'ppca'];

/** Of columns that are small differences of large figures, which keep fewer places. */
const ofDifferences = 1e-3;

const compare = async (name: string, engine: keyof typeof ofVariables): Promise<void> => {
  const expected = await referenceOf(name);
  const actual = await trainSteps(name, folder, engine, numSteps, overridesOf(name));
  const [actualLosses, expectedLosses] = [byTerm(actual), byTerm(expected)];
  expect(Object.keys(actualLosses)).toEqual(Object.keys(expectedLosses));
  expect(Object.keys(expectedLosses).length > 1).toBe(!fitted.includes(name));
  for (const [term, values] of Object.entries(expectedLosses))
    expect(relativeDifference(actualLosses[term] ?? [], values), term).toBeLessThan(ofLosses);
  expect([...actual.variables.keys()]).toEqual([...expected.variables.keys()]);
  for (const [path, values] of expected.variables) {
    if (undetermined[name]?.test(path) === true) continue;
    expect(relativeDifference(actual.variables.get(path) ?? [], values), path).toBeLessThan(ofVariables[engine]);
  }
  for (const [column, value] of Object.entries(expected.validation))
    expect(relativeDifference([actual.validation[column] ?? NaN], [value ?? NaN]), column).toBeLessThan(
      column.includes('.gap') ? ofDifferences : ofLosses,
    );
};

describe('five updates on onnx are those on cpu', () => {
  it.each(smokeNames)('for %s', (name) => compare(name, 'onnx'));
});

describe('five updates on wasm are those on cpu', () => {
  it('for vae-mlp', () => compare('vae-mlp', 'wasm'));
});
