/** Positive scales from unbounded outputs. */
import * as tf from '@tensorflow/tfjs-core';
import type { ScaleForm } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';

export const scaleParam = {
  type: 'string',
  enum: ['softplus', 'exp'],
  default: 'softplus',
  description: "How the network's unbounded output u becomes the posterior's standard deviation: `softplus`, ln(1 + e^u), or `exp`, e^u.",
} as const satisfies Param;

export interface Scale {
  readonly scale: tf.Tensor;
  readonly logScale: tf.Tensor;
}

/** Below it softplus(u) is e^u to float32, and its logarithm u. */
const exponentialBelow = -15;

const forms: Readonly<Record<ScaleForm, (u: tf.Tensor) => Scale>> = {
  exp: (u) => ({ scale: tf.exp(u), logScale: u }),
  softplus: (u) => {
    const scale = tf.softplus(u);
    // log(softplus(u)) has an infinite slope where softplus underflows, so that logarithm is not taken there.
    const floor = Math.log1p(Math.exp(exponentialBelow));
    const logScale = tf.where(tf.less(u, exponentialBelow), u, tf.log(tf.maximum(scale, floor)));
    return { scale, logScale };
  },
};

/** The scale and its logarithm, both with finite gradients for every finite u; same shape as u. */
export const toScale = (u: tf.Tensor, form: ScaleForm): Scale => forms[form](u);
