/** What plots work with: compiled functions of the model, the data, and what was measured so far. */
import type * as tf from '@tensorflow/tfjs-core';
import { withLabel, type CompiledStep, type Engine, type InputSpecs } from '../../engine/index.js';
import type { Column, Data, Forward, HistoryRow, RandomStreams, Studio } from '../../registry/contracts/index.js';
import { createNoise } from './noise.js';
import { withPass } from './pass.js';

export interface StudioParts {
  readonly engine: Engine;
  readonly data: Data;
  readonly forward: Forward;
  readonly latent: number;
  readonly random: RandomStreams;
  readonly columns: readonly Column[];
  /** Grows while training goes on. */
  readonly history: readonly HistoryRow[];
}

/** The studio of one plot; `plot` names its steps and its random streams. */
export const createStudio = (parts: StudioParts, plot: string): Studio => {
  const { engine, data, forward, latent, random, columns, history } = parts;
  return {
    data,
    latent,
    random,
    columns,
    history,
    compile: async (name, inputs, compute) => {
      const step: CompiledStep<InputSpecs> = await engine.compile<InputSpecs>(`${plot} ${name}`, inputs, (placed) =>
        withLabel(`plot ${plot}`, () => {
          const noise = createNoise(random, `plot/${plot}/${name}`);
          return withPass(false, noise, (pass) =>
            compute(placed as { readonly [N in keyof typeof inputs]: tf.Tensor }, (batch) => forward(batch, pass), noise),
          );
        }),
      );
      return async (feeds, tick) => {
        const results = await step.run(feeds, tick);
        return Object.fromEntries(Object.entries(results).map(([key, values]) => [key, values.slice()]));
      };
    },
  };
};
