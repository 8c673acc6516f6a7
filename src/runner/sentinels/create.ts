/** The sentinels of a run, from its parts. */
import { createEngine } from '../../engine/index.js';
import { compileRound } from '../assemble/services.js';
import type { Parts } from '../assemble/tokens.js';
import type { Round } from '../train/round.js';
import { Variables } from '../train/variables.js';
import { diagnose, type Replica } from './diagnose.js';
import { isWatched, probing, Sentinels } from './index.js';
import { createProbe } from './probe.js';

export interface RunSentinels {
  readonly sentinels: Sentinels;
  /** Where the first NaN of a step began; null where nothing can be said. */
  readonly explain: (step: number) => Promise<string | null>;
}

/** The round once more, on the plain engine. */
const replicate = async (parts: Parts): Promise<Replica> => {
  const { experiment, data, random, plan, graph, figures, readsLabels, classifier } = await parts.get(
    ...(['experiment', 'data', 'random', 'plan', 'graph', 'figures', 'readsLabels', 'classifier'] as const),
  );
  const engine = await createEngine('cpu');
  const variables = new Variables(engine, random);
  const forward = experiment.built.model.component.build(variables.scope(''), data);
  const own = classifier && { ...classifier, forward: classifier.forwardOn(variables) };
  const round: Round = await compileRound(experiment, engine, data, forward, variables, random, plan, graph, figures, readsLabels, own);
  return { engine, variables, round };
};

export const createSentinels = async (parts: Parts): Promise<RunSentinels> => {
  const { experiment, engine, data, averagedForward, random, readsLabels, plan, figures, record, events, progress, variables, batches } =
    await parts.get(
      ...(['experiment', 'engine', 'data', 'averagedForward', 'random', 'readsLabels', 'plan', 'figures'] as const),
      ...(['record', 'events', 'progress', 'variables', 'batches'] as const),
    );
  const actions = experiment.experiment.sentinels;
  const { model, losses } = experiment.built;
  const wanted = new Set(probing.filter((name) => isWatched(actions, name)));
  const look = await createProbe({
    ...{ engine, data, forward: averagedForward, random, withLabels: readsLabels, wanted },
    offers: model.component.offers,
  });
  const sentinels = new Sentinels({
    ...{ actions, look, stepsPerEpoch: plan.stepsPerEpoch },
    updates: figures.map(({ columns }) => columns),
    isLogistic: losses.some(({ component }) => component.isLogistic === true),
    warn: async (warning) => {
      progress.note(`warning: after step ${String(warning.step)}, ${warning.message}`);
      await events.emit('warning', { ...warning });
      await record.update({ warnings: [...record.current.warnings, warning] });
    },
  });
  const explain = (step: number): Promise<string | null> =>
    diagnose({ engine, variables, replicate: () => replicate(parts) }, batches.read(step), step).catch(() => null);
  return { sentinels, explain };
};
