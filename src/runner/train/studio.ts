/** What plots and samplers work with: compiled functions of the model, the data, and what was measured so far. */
import type * as tf from '@tensorflow/tfjs-core';
import { withLabel, type CompiledStep, type Engine, type InputSpecs } from '../../engine/index.js';
import type { Column, Data, FittedCodes, Forward, HistoryRow, RandomStreams, Studio } from '../../registry/contracts/index.js';
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
  readonly fittedCodes: FittedCodes | null;
}

/** The studio of one plot, or of the sampler; `name` is that of its steps and, with the kind, of its random streams. */
export const createStudio = (parts: StudioParts, kind: 'plot' | 'sampler', name: string): Studio => {
  const { engine, data, forward, latent, random, columns, history, fittedCodes } = parts;
  return {
    data,
    latent,
    random,
    columns,
    history,
    fittedCodes,
    compile: async (step, inputs, compute) => {
      const compiled: CompiledStep<InputSpecs> = await engine.compile<InputSpecs>(`${name} ${step}`, inputs, (placed) =>
        withLabel(`${kind} ${name}`, () => {
          const noise = createNoise(random, `${kind}/${name}/${step}`);
          return withPass(false, noise, (pass) =>
            compute(placed as { readonly [N in keyof typeof inputs]: tf.Tensor }, (batch) => forward(batch, pass), noise),
          );
        }),
      );
      return async (feeds, tick) => {
        const results = await compiled.run(feeds, tick);
        return Object.fromEntries(Object.entries(results).map(([key, values]) => [key, values.slice()]));
      };
    },
  };
};
