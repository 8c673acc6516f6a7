/** Discriminators at work: their word on examples, and passes whose draws have names of their own. */
import * as tf from '@tensorflow/tfjs-core';
import type { Critique, Layers, Pass } from '../../registry/contracts/index.js';
import { prefixNoise } from './named-noise.js';

/** A discriminator's layers, [N, ...shape] to [N, 1], as a critique. */
export const createCritic =
  (layers: Layers) =>
  (x: tf.Tensor, pass: Pass, condition?: tf.Tensor): Critique => {
    const { output, features } = layers.apply(x, pass, condition);
    return { logits: tf.reshape(output, [-1]), features };
  };

/** The same pass, with `<prefix>/` before the names of its draws: for a network that is applied several times. */
export const prefixPass = (pass: Pass, prefix: string): Pass => ({ ...pass, noise: prefixNoise(pass.noise, prefix) });
