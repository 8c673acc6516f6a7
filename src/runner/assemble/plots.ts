/** The plots of a run, with their functions compiled. */
import type { Column, Draw, Studio } from '../../registry/contracts/index.js';
import type { Parts } from './tokens.js';
import type { Cadence } from '../train/cadence.js';
import { createStudio } from '../train/studio.js';

export interface PreparedPlot {
  readonly name: string;
  readonly cadence: Cadence;
  readonly draw: Draw;
}

/** Makes the studios of a run's plots; `columns` are the metrics'. */
export const studios = async (parts: Parts, columns: readonly Column[]): Promise<(plot: string) => Studio> => {
  const { experiment, averagedForward, sampler, ...studio } = await parts.get(
    'experiment',
    'engine',
    'data',
    'averagedForward',
    'sampler',
    'random',
    'history',
  );
  const { latent } = experiment.built.model.component;
  const { family = '' } = experiment.built.sampler?.component ?? {};
  const fittedCodes = sampler === null ? null : { family, draw: sampler };
  return (plot) => createStudio({ ...studio, forward: averagedForward, latent, columns, fittedCodes }, 'plot', plot);
};

export const preparePlots = async (parts: Parts): Promise<readonly PreparedPlot[]> => {
  const { experiment, evaluator } = await parts.get('experiment', 'evaluator');
  const studioOf = await studios(parts, evaluator.columns);
  const prepared: PreparedPlot[] = [];
  for (const { name, common, component } of experiment.built.plots)
    prepared.push({ name, cadence: common, draw: await component.prepare(studioOf(name)) });
  return prepared;
};
