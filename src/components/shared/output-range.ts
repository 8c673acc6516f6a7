/** From a generator's linear output to values that data can have. */
import * as tf from '@tensorflow/tfjs-core';
import type { Support } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';

export const outputNames = ['auto', 'linear', 'sigmoid'] as const;
export type OutputName = (typeof outputNames)[number];

export const outputParam = {
  type: 'string',
  enum: outputNames,
  default: 'auto',
  description: "What follows the generator's last, linear layer; `auto` is `sigmoid` for data from 0 to 1 and `linear` for real values.",
} as const satisfies Param;

/** [...] to [...], element by element. */
export const toRange = (output: tf.Tensor, name: OutputName, support: Support): tf.Tensor => {
  const isBounded = name === 'sigmoid' || (name === 'auto' && support !== 'real');
  return isBounded ? tf.sigmoid(output) : output;
};
