/** The plots of a run, with their functions compiled. */
import type { Moment, Picture } from '../../registry/contracts/index.js';
import type { Parts } from './container.js';
import { tokens as t } from './tokens.js';
import type { Cadence } from '../train/cadence.js';
import { createStudio } from '../train/studio.js';

export interface PreparedPlot {
  readonly name: string;
  readonly cadence: Cadence;
  readonly draw: (moment: Moment) => Promise<readonly Picture[]>;
}

export const preparePlots = async (parts: Parts): Promise<readonly PreparedPlot[]> => {
  const { built } = await parts.get(t.experiment);
  const studioParts = {
    engine: await parts.get(t.engine),
    data: await parts.get(t.data),
    forward: await parts.get(t.forward),
    latent: built.model.component.latent,
    random: await parts.get(t.random),
    columns: (await parts.get(t.evaluator)).columns,
    history: await parts.get(t.history),
  };
  const prepared: PreparedPlot[] = [];
  for (const { name, common, component } of built.plots) {
    prepared.push({ name, cadence: common, draw: await component.prepare(createStudio(studioParts, name)) });
  }
  return prepared;
};
