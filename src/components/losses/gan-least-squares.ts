/**
 * Least squares on the discriminator's unbounded output:
 *
 *   discriminator: E (D(x) - b)^2 / 2 + E (D(G(z)) - a)^2 / 2        generator: E (D(G(z)) - c)^2 / 2
 *
 * With fixed fakes the optimum is D* = (b p + a g) / (p + g). Source: Mao et al. 2017, equation 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { adversarialLoss } from '../shared/adversarial.js';

const halfSquare = (logits: tf.Tensor, target: number): tf.Tensor => tf.mul(tf.square(tf.sub(logits, target)), 0.5);
const target = (value: number, whose: string) => ({ type: 'number', default: value, description: `What ${whose}.` }) as const;

export default defineComponent({
  kind: 'loss',
  name: 'gan-least-squares',
  description: 'Least squares in place of cross entropy (Mao et al. 2017).',
  params: {
    a: target(0, 'the discriminator is to say of fakes'),
    b: target(1, 'the discriminator is to say of real examples'),
    c: target(1, 'the generator wants the discriminator to say of fakes'),
  },
  build: ({ a, b, c }) =>
    adversarialLoss(
      (real, fake) => tf.add(halfSquare(real, b), halfSquare(fake, a)),
      (fake) => halfSquare(fake, c),
      { discriminator: 'non-negative', generator: 'non-negative' },
    ),
});
