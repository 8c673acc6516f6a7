/** A player's part of a loss on given critiques, and the critics and points that theory is worked out for. */
import * as tf from '@tensorflow/tfjs-core';
import { normalQuantile } from '../../../src/components/shared/normal-quantile.js';
import type { Critique, Noise, Offers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { createSeededNoise, createTestOffers } from '../../support/pass.js';

/** The value of a player's part of a loss. */
export const partOf = (loss: unknown, player: string, given: Partial<Offers>, noise: Noise = createSeededNoise()): tf.Tensor => {
  const offers = createTestOffers(given);
  const terms = buildComponent('loss', loss).terms.filter(({ players }) => players.includes(player));
  if (terms.length === 0) throw new Error(`no part for ${player}`);
  return tf.addN(terms.map((term) => term.compute(offers, noise)));
};

export const critique = (logits: tf.Tensor, features: tf.Tensor = tf.expandDims(logits, 1)): Critique => ({ logits, features });

/** Evenly weighted points of N(0, 1). */
export const points = Array.from({ length: 4000 }, (_, i) => normalQuantile((i + 0.5) / 4000));
