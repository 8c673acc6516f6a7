/** One container per run: who is made from whom. Swap a binding (a clock, a sink, an engine) and everything else stays as it is. */
import 'reflect-metadata';
import { Container } from 'inversify';
import type { Data, DataFacts } from '../../registry/contracts/index.js';
import { createRandomStreams } from '../random/index.js';
import type { LoadedExperiment } from '../config/load.js';
import { systemClock } from '../output/clock.js';
import type { RunLock } from '../output/lock.js';
import { silentProgress, type ProgressSink } from '../output/progress.js';
import { countsOf, type Counts } from '../plan/stand-in.js';
import type { Variables } from '../train/variables.js';
import type { ResumePoint } from '../resume.js';
import { rehearse, type Rehearsal } from './rehearse.js';
import * as services from './services.js';
import { runExperiment, type RunResult } from '../run.js';
import { tokens, type Parts, type RunParts } from './tokens.js';

export interface RunOptions {
  readonly experiment: LoadedExperiment;
  /** Folder that run folders are made in. */
  readonly results: string;
  readonly progress: ProgressSink;
  /** Goes on with a run instead of starting one. */
  readonly resumed?: ResumePoint;
  /** Of the run that is gone on with, taken before it was read. */
  readonly lock?: RunLock;
}

/** What a run of the experiment would compile, and what is wrong with it; nothing is run. */
export const rehearseExperiment = (experiment: LoadedExperiment, facts: DataFacts, counts: Counts): Promise<Rehearsal> => {
  const container = createContainer({ experiment, results: '', progress: silentProgress });
  return rehearse({ container, parts: partsOf(container) }, facts, counts);
};

/** @throws ConfigError with all that cannot be computed. */
const assertComputable = async (experiment: LoadedExperiment, data: Data): Promise<Rehearsal> => {
  const rehearsal = await rehearseExperiment(experiment, data, countsOf(data));
  if (rehearsal.faults.length > 0) throw experiment.toError(rehearsal.faults);
  return rehearsal;
};

/** A run that another one waits for, with parts of its own. */
const runInside = (experiment: LoadedExperiment, results: string, progress: ProgressSink): Promise<RunResult> =>
  runExperiment(partsOf(createContainer({ experiment, results, progress })));

/** Binds every part; nothing is made before it is asked for. */
export const createContainer = ({ experiment, results, progress, resumed, lock }: RunOptions): Container => {
  const container = new Container({ defaultScope: 'Singleton' });
  const t = tokens;
  container.bind(t.experiment).toConstantValue(experiment);
  container.bind(t.results).toConstantValue(results);
  container.bind(t.progress).toConstantValue(progress);
  container.bind(t.resumed).toConstantValue(resumed ?? null);
  container.bind(t.clock).toConstantValue(systemClock);
  container.bind(t.random).toResolvedValue(({ experiment: { seed } }) => createRandomStreams(seed), [t.experiment]);
  container.bind(t.engine).toResolvedValue(services.startEngine, [t.experiment]);
  container.bind(t.data).toResolvedValue(services.loadData, [t.experiment, t.random, t.progress]);
  container.bind(t.rehearsal).toResolvedValue(assertComputable, [t.experiment, t.data]);
  container.bind(t.batches).toResolvedValue(services.createBatches, [t.experiment, t.data, t.random, t.graph]);
  container.bind(t.plan).toResolvedValue(services.createPlan, [t.experiment, t.batches]);
  container.bind(t.variables).toResolvedValue(services.createVariables, [t.engine, t.random]);
  container.bind(t.forward).toResolvedValue(services.createForward, [t.experiment, t.variables, t.data]);
  container.bind(t.readsLabels).toResolvedValue(services.readsLabels, [t.experiment]);
  container.bind(t.graph).toResolvedValue(services.createUpdateGraph, [t.experiment]);
  container.bind(t.figures).toResolvedValue(services.createUpdateFigures, [t.experiment, t.graph, t.plan]);
  container
    .bind(t.round)
    .toResolvedValue(services.compileRound, [
      t.experiment,
      t.engine,
      t.data,
      t.forward,
      t.variables,
      t.random,
      t.plan,
      t.graph,
      t.figures,
      t.readsLabels,
      t.classifier,
    ]);
  container
    .bind(t.classifier)
    .toResolvedValue(
      (loaded: LoadedExperiment, data: Data, variables: Variables, sink: ProgressSink) =>
        services.createClassifier({ loaded, data, variables, progress: sink, run: runInside }),
      [t.experiment, t.data, t.variables, t.progress],
    );
  container
    .bind(t.averagedForward)
    .toResolvedValue(services.createAveragedForward, [t.experiment, t.variables, t.data, t.forward, t.graph, t.classifier]);
  container.bind(t.sampler).toResolvedValue(services.prepareSampler, [t.experiment, t.engine, t.data, t.averagedForward, t.random]);
  container
    .bind(t.evaluator)
    .toResolvedValue(services.createEvaluator, [t.experiment, t.engine, t.data, t.averagedForward, t.random, t.readsLabels, t.sampler]);
  container.bind(t.history).toResolvedValue(services.createHistory, [t.resumed]);
  container.bind(t.directory).toResolvedValue(services.createDirectory, [t.results, t.experiment, t.clock, t.resumed]);
  if (lock === undefined) container.bind(t.lock).toResolvedValue(services.lockRun, [t.directory]);
  else container.bind(t.lock).toConstantValue(lock);
  container.bind(t.record).toResolvedValue(services.createRunRecord, [t.directory, t.clock, t.experiment, t.resumed]);
  container.bind(t.metrics).toResolvedValue(services.createMetrics, [t.directory, t.resumed]);
  container.bind(t.events).toResolvedValue(services.createEvents, [t.directory, t.clock]);
  container.bind(t.pictures).toResolvedValue(services.createPictures, [t.directory, t.plan]);
  container.bind(t.checkpoints).toResolvedValue(services.createCheckpoints, [t.directory]);
  container.bind(t.policy).toResolvedValue(services.createPolicy, [t.experiment, t.plan, t.clock]);
  container.bind(t.tensorboard).toResolvedValue(services.createTensorboard, [t.directory, t.clock]);
  return container;
};

export const partsOf = (container: Container): Parts => ({
  get: async <N extends keyof RunParts>(...names: readonly N[]) => {
    const parts: Partial<RunParts> = {};
    for (const name of names) await fetchPart(container, name, parts);
    return parts as Pick<RunParts, N>;
  },
});

const fetchPart = async <N extends keyof RunParts>(container: Container, name: N, into: Partial<Pick<RunParts, N>>): Promise<void> => {
  into[name] = await container.getAsync<RunParts[N]>(tokens[name]);
};
