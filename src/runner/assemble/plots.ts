/** The plots of a run, with their functions compiled. */
import type { Draw } from '../../registry/contracts/index.js';
import type { Parts } from './tokens.js';
import type { Cadence } from '../train/cadence.js';
import { createStudio } from '../train/studio.js';

export interface PreparedPlot {
  readonly name: string;
  readonly cadence: Cadence;
  readonly draw: Draw;
}

export const preparePlots = async (parts: Parts): Promise<readonly PreparedPlot[]> => {
  const { experiment, evaluator, averagedForward, ...studio } = await parts.get(
    'experiment',
    'evaluator',
    'engine',
    'data',
    'averagedForward',
    'random',
    'history',
  );
  const { built } = experiment;
  const studioParts = { ...studio, forward: averagedForward, latent: built.model.component.latent, columns: evaluator.columns };
  const prepared: PreparedPlot[] = [];
  for (const { name, common, component } of built.plots) {
    prepared.push({ name, cadence: common, draw: await component.prepare(createStudio(studioParts, name)) });
  }
  return prepared;
};
