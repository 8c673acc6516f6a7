/**
 * Classes as an input of networks. Shapes: N examples, K classes.
 * Sources: concatenation, Mirza & Osindero 2014; projection, Miyato & Koyama 2018, "cGANs with Projection Discriminator".
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scope } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';
import { initializers } from './initializers.js';

export const conditioningNames = ['none', 'concatenation', 'embedding', 'projection', 'auxiliary'] as const;
export type ConditioningName = (typeof conditioningNames)[number];

export const conditioningParam = {
  type: 'string',
  enum: conditioningNames,
  default: 'none',
  description:
    'How classes reach the networks: `concatenation` of a one-hot class, `embedding` of learned vectors, `projection` in the ' +
    'discriminator (and an embedding in the generator), or `auxiliary`: the generator is told the class, and the discriminator learns ' +
    'to tell it (ACGAN). All but `none` need labels.',
} as const satisfies Param;

/** Labels, int32 [N], to numbers, [N, size]. */
export interface Condition {
  readonly size: number;
  readonly of: (labels: tf.Tensor) => tf.Tensor;
}

const oneHot = (labels: tf.Tensor, numClasses: number): tf.Tensor => tf.oneHot(tf.cast(labels, 'int32'), numClasses);

/** Rows of a learned table, by class: [N, size]. */
export const createEmbedding = (scope: Scope, numClasses: number, size: number): Condition => {
  const table = scope.variable('table', [numClasses, size], initializers['lecun-normal'].kernel);
  return { size, of: (labels) => tf.matMul(oneHot(labels, numClasses), table) };
};

export const createOneHot = (numClasses: number): Condition => ({ size: numClasses, of: (labels) => oneHot(labels, numClasses) });

/** Where no labels are asked for, codes take the classes in turn. */
export const classesInTurn = (count: number, numClasses: number): tf.Tensor =>
  tf.tensor1d(
    Int32Array.from({ length: count }, (_, i) => i % numClasses),
    'int32',
  );
