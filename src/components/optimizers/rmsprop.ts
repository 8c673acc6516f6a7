/**
 * RMSprop: gradients over the root of their mean square, v <- a v + (1 - a) g^2, w <- w - lr g / (sqrt(v) + eps). Centered, the
 * square of the mean gradient is taken off v; with momentum, the quotients gather in a velocity first. As in PyTorch.
 *
 * The slots hold V = v / (1 - a) and G = m / (1 - a), which saves a pass over memory each: with c = sqrt(1 - a), sqrt(v) + eps is
 * c (sqrt(V) + eps / c), and v - m^2 is c^2 (V - c^2 G^2).
 * Source: Tieleman & Hinton 2012, lecture 6.5; centered: Graves 2013, "Generating Sequences with Recurrent Neural Networks".
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { epsilonParam, learningRateParam, slotOf } from '../shared/optimizer.js';

export default defineComponent({
  kind: 'optimizer',
  name: 'rmsprop',
  description: 'Gradients divided by the root of their mean square (Tieleman and Hinton 2012).',
  params: {
    learningRate: learningRateParam(0.01),
    decay: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.99,
      description: 'How much of the mean squared gradient is kept from update to update.',
    },
    epsilon: epsilonParam,
    momentum: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0,
      description: 'How much of the velocity is kept from update to update; 0 for none.',
    },
    centered: { type: 'boolean', default: false, description: 'Whether gradients are divided by their standard deviation instead.' },
  },
  build: ({ learningRate, decay, epsilon, momentum, centered }) => {
    const unit = Math.sqrt(1 - decay);
    return {
      learningRate,
      slots: ['square-sum', ...(centered ? ['gradient-sum'] : []), ...(momentum > 0 ? ['velocity'] : [])],
      update: ({ value, gradient, slots, learningRate: rate }) => {
        const next: Record<string, tf.Tensor> = {};
        const squareSum = tf.add(tf.mul(slotOf(slots, 'square-sum'), decay), tf.square(gradient));
        next['square-sum'] = squareSum;
        let spread = squareSum;
        if (centered) {
          const gradientSum = tf.add(tf.mul(slotOf(slots, 'gradient-sum'), decay), gradient);
          next['gradient-sum'] = gradientSum;
          // Positive by Jensen's inequality, but not after rounding.
          spread = tf.relu(tf.sub(squareSum, tf.mul(tf.square(gradientSum), unit * unit)));
        }
        let direction = tf.div(gradient, tf.add(tf.sqrt(spread), epsilon / unit));
        if (momentum > 0) {
          direction = tf.add(tf.mul(slotOf(slots, 'velocity'), momentum), direction);
          next['velocity'] = direction;
        }
        return { value: tf.sub(value, tf.mul(direction, tf.div(rate, unit))), slots: next };
      },
    };
  },
});
