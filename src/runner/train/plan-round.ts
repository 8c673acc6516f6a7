/** The update graph: who steps in a round, on which batches. */
import type { Optimizer } from '../../registry/contracts/index.js';
import type { Clipping } from './clipping.js';
import type { Part } from './losses.js';

/** One entry of `training.updates`. */
export interface UpdateSpec {
  /** In columns and messages: the players or roles that were named, joined by +. */
  readonly label: string;
  /** They step at once. */
  readonly parts: readonly Part[];
  readonly steps: number;
  /** Whether each step reads batches of its own. */
  readonly isFresh: boolean;
  /** Batches whose gradients are averaged for one step. */
  readonly accumulate: number;
  readonly optimizer: Optimizer;
  readonly clipping: Clipping;
  /** Largest magnitude of a weight after the step (Arjovsky et al. 2017). */
  readonly weightClipping: number | null;
  /** Decoupled from the gradient (Loshchilov & Hutter 2019): each step takes learning rate x this x the weight away. */
  readonly weightDecay: number;
  /** What the moving average of the weights keeps in each step; null: there is none. */
  readonly ema: number | null;
}

export interface PlannedStep {
  readonly update: UpdateSpec;
  /** Which of the update's steps in the round. */
  readonly index: number;
  /** Places in the round's list of batches; their gradients are averaged. */
  readonly batches: readonly number[];
  /** The streams of its noise, one for each batch. Steps on the same batch share it, but a repeated one has draws of its own. */
  readonly noise: readonly string[];
}

export interface RoundPlan {
  readonly numBatches: number;
  readonly steps: readonly PlannedStep[];
}

const streamOf = (batch: number): string => (batch === 0 ? 'model/noise' : `model/noise-${String(batch)}`);

export const planRound = (updates: readonly UpdateSpec[]): RoundPlan => {
  const steps: PlannedStep[] = [];
  let numBatches = 0;
  for (const update of updates) {
    for (let index = 0; index < update.steps; index++) {
      const isNew = update.isFresh || numBatches === 0;
      const batches = isNew ? Array.from({ length: update.accumulate }, (_, i) => numBatches + i) : [numBatches - 1];
      if (isNew) numBatches += update.accumulate;
      const again = !isNew && index > 0 ? `/again-${String(index)}` : '';
      steps.push({ update, index, batches, noise: batches.map((batch) => streamOf(batch) + again) });
    }
  }
  return { numBatches, steps };
};
