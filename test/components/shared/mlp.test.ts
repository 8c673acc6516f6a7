import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDense, createMlp, linearOptions } from '../../../src/components/shared/mlp.js';
import { expectGradients } from '../../support/finite-differences.js';
import { applyOf, createPass, createTestScope, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

describe('a dense layer', () => {
  it('is x W + b', () => {
    const scope = createTestScope();
    const layer = createDense(scope, 2, 3, 'glorot-uniform');
    scope.set('kernel', [1, 2, 3, 4, 5, 6]);
    scope.set('bias', [10, 20, 30]);
    expect(
      valuesOf(
        layer(
          tf.tensor2d([
            [1, -1],
            [2, 0.5],
          ]),
        ),
      ),
    ).toEqual([7, 17, 27, 14, 26.5, 39]);
  });
});

describe('a dense network', () => {
  const sizes = { input: [2, 2, 1], output: [3, 1] };

  it('names its variables by layer, and sizes them', () => {
    const scope = createTestScope();
    createMlp({ ...linearOptions('he-normal'), hidden: [5, 4], activation: 'relu' }).build(scope.child('encoder'), sizes);
    expect([...scope.variables].map(([path, { shape }]) => [path, shape])).toEqual([
      ['encoder/hidden-0/kernel', [4, 5]],
      ['encoder/hidden-0/bias', [5]],
      ['encoder/hidden-1/kernel', [5, 4]],
      ['encoder/hidden-1/bias', [4]],
      ['encoder/output/kernel', [4, 3]],
      ['encoder/output/bias', [3]],
    ]);
  });

  it('ends with a layer that has no activation', () => {
    const scope = createTestScope();
    const apply = applyOf(
      createMlp({ ...linearOptions('glorot-normal'), hidden: [1], activation: 'relu' }).build(scope, { input: [1], output: [1] }),
    );
    scope.set('hidden-0/kernel', [2]);
    scope.set('output/kernel', [-3]);
    expect(valuesOf(apply(tf.tensor2d([[1], [2]]), createPass()))).toEqual([-6, -12]);
  });

  it('has the gradients of its values by every variable', () => {
    const scope = createTestScope(5);
    const apply = applyOf(createMlp({ ...linearOptions('fan-in-uniform'), hidden: [4, 3], activation: 'tanh' }).build(scope, sizes));
    const x = tf.tensor([0.3, -0.8, 1.1, 0.2, -0.5, 0.9, 0.1, -1.2], [2, 2, 2, 1]);
    expectGradients(() => tf.sum(tf.square(apply(x, createPass()))), [...scope.variables.values()]);
  });

  it('treats examples apart: a batch is its examples, one by one', () => {
    const scope = createTestScope();
    const apply = applyOf(createMlp({ ...linearOptions('lecun-normal'), hidden: [6], activation: 'elu' }).build(scope, sizes));
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        (rows) => {
          const together = apply(tf.tensor(rows.flat(), [rows.length, 2, 2, 1]), createPass());
          expect(together.shape).toEqual([rows.length, 3, 1]);
          const alone = rows.flatMap((row) => valuesOf(apply(tf.tensor(row, [1, 2, 2, 1]), createPass())));
          valuesOf(together).forEach((value, i) => expect(value).toBeCloseTo(alone[i]!, 5));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is one linear map without hidden layers', () => {
    const scope = createTestScope();
    const apply = applyOf(
      createMlp({ ...linearOptions('glorot-uniform'), hidden: [], activation: 'relu' }).build(scope, { input: [2], output: [2] }),
    );
    const at = (x: readonly number[]): number[] => valuesOf(apply(tf.tensor2d([...x], [1, 2]), createPass()));
    const sum = at([1, 2]).map((value, i) => value + at([-3, 0.5])[i]!);
    at([-2, 2.5]).forEach((value, i) => expect(value).toBeCloseTo(sum[i]!, 5));
  });
});
