/** How each part of a run is made from the others. The container decides when; nothing here knows it. */
import { prepareFittedCodes, type DrawCodes } from '../../components/shared/fitted-codes.js';
import { createEngine, type Engine } from '../../engine/index.js';
import type { Data, Forward, HistoryRow, Progress, RandomStreams } from '../../registry/contracts/index.js';
import { provideClassifier, withClassifier, type ClassifierParts, type ProvidedClassifier } from '../classifier/provide.js';
import { checkExperiment, metricColumns } from '../config/checks.js';
import { hashExperiment } from '../config/hash.js';
import type { LoadedExperiment } from '../config/load.js';
import { describePlugins } from '../config/plugins.js';
import { checkSession } from '../config/session-checks.js';
import { isFrozen, updatesOf } from '../config/updates.js';
import { dataFolders, threadsOf } from '../folders.js';
import { packageVersion } from '../version.js';
import { RunError } from '../errors.js';
import type { Clock } from '../output/clock.js';
import { createEventLog, type EventSink } from '../output/events.js';
import { createCsvMetrics, type MetricsSink } from '../output/metrics.js';
import { acquireLock, type RunLock } from '../output/lock.js';
import { createPictureFolder, type PictureSink } from '../output/pictures.js';
import type { ProgressSink } from '../output/progress.js';
import { continueRecord, createRecord, type RecordSink } from '../output/record.js';
import { createRunDirectory, openRunDirectory, type RunDirectory } from '../output/run-directory.js';
import { createTensorboardLog, type TensorboardLog } from '../output/tensorboard.js';
import { createCheckpointFolder, type CheckpointSink } from '../output/weights.js';
import type { ResumePoint } from '../resume.js';
import { TrainingBatches } from '../train/batches.js';
import { createCheckpointPolicy, type CheckpointPolicy } from '../train/checkpoint-policy.js';
import { Evaluator } from '../train/evaluate.js';
import { columnsOf, type WeightedLoss } from '../train/losses.js';
import { planRound, type RoundPlan, type UpdateSpec } from '../train/plan-round.js';
import { Round } from '../train/round.js';
import { createStudio } from '../train/studio.js';
import type { UpdateFigures } from '../train/trainer.js';
import { createUpdate } from '../train/update.js';
import { Variables } from '../train/variables.js';

/** How long a run is. */
export interface Plan {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  readonly lastEpoch: number;
  readonly progressAt: (step: number) => Progress;
}

export const startEngine = ({ experiment }: LoadedExperiment): Promise<Engine> => {
  const { type, threads } = experiment.engine;
  return createEngine(type === 'auto' ? 'onnx' : type, { threads: threads ?? threadsOf(process.env) });
};

/** Loads the data and checks what only the data could tell. */
export const loadData = async (loaded: LoadedExperiment, random: RandomStreams, progress: ProgressSink): Promise<Data> => {
  const { data: dataFolder, cache: cacheFolder } = dataFolders(process.env);
  const data = await loaded.built.data.component.load({
    random,
    dataFolder,
    cacheFolder,
    log: (line) => {
      progress.note(line);
    },
  });
  checkData(loaded, data);
  return data;
};

/** @throws ConfigError with what does not fit the data. */
export const checkData = (loaded: LoadedExperiment, data: Data): void => {
  const { built, experiment, registry } = loaded;
  const faults = [...checkExperiment(registry, built, experiment.training, data), ...checkSession(experiment, built, data)];
  if (faults.length > 0) throw loaded.toError(faults);
};

const weightedLosses = ({ built }: LoadedExperiment): readonly WeightedLoss[] =>
  built.losses.map(({ name, common, component }) => ({ name, weight: common.weight, loss: component }));

/** The update graph: its steps, and the updates that they are of. */
export interface UpdateGraph extends RoundPlan {
  readonly specs: readonly UpdateSpec[];
}

export const createUpdateGraph = (loaded: LoadedExperiment): UpdateGraph => {
  const specs = updatesOf(loaded.built, loaded.experiment);
  return { ...planRound(specs), specs };
};

export const createBatches = (
  { experiment }: LoadedExperiment,
  data: Data,
  random: RandomStreams,
  { numBatches }: RoundPlan,
): TrainingBatches => {
  const { batchSize } = experiment.training;
  const { count } = data.splits.train;
  if (batchSize > count) throw new RunError('too-few-examples', { batchSize, count });
  // A model that is fitted by a formula has a round without a step.
  return new TrainingBatches(data, batchSize, random, Math.max(1, numBatches));
};

export const createPlan = ({ experiment }: LoadedExperiment, batches: TrainingBatches): Plan => {
  const { epochs, steps } = experiment.training;
  const { stepsPerEpoch } = batches;
  const totalSteps = steps ?? (epochs ?? 0) * stepsPerEpoch;
  return {
    totalSteps,
    stepsPerEpoch,
    lastEpoch: Math.ceil(totalSteps / stepsPerEpoch),
    progressAt: (step) => ({ step, stepsPerEpoch, totalSteps }),
  };
};

export const createForward = ({ built }: LoadedExperiment, variables: Variables, data: Data): Forward =>
  variables.build((scope) => built.model.component.build(scope, data));

export const createClassifier = (parts: Omit<ClassifierParts, 'cache'>): Promise<ProvidedClassifier | null> =>
  provideClassifier({ ...parts, cache: dataFolders(process.env).cache });

/** The model with the moving averages of its weights, where an update keeps them, and the classifier: what metrics and plots use. */
export const createAveragedForward = (
  { built }: LoadedExperiment,
  variables: Variables,
  data: Data,
  forward: Forward,
  { specs }: UpdateGraph,
  classifier: ProvidedClassifier | null,
): Forward => {
  const averaged = specs.flatMap(({ ema, parts }) => (ema === null ? [] : parts)).flatMap(({ player }) => variables.trainableBy(player));
  if (averaged.length === 0) return withClassifier(forward, classifier);
  const shadows = new Map(averaged.map(({ path }) => [path, variables.averageOf(path)]));
  return withClassifier(built.model.component.build(variables.existing('', shadows), data), classifier);
};

/** Whether anything in the experiment reads labels. */
export const readsLabels = ({ built }: LoadedExperiment): boolean =>
  built.model.component.readsLabels === true ||
  [...built.losses.flatMap(({ component }) => component.terms), ...built.metrics.map(({ component }) => component)].some(({ needs }) =>
    needs.includes('labels'),
  );

/** How the figures of the updates are called, and their learning rates. */
export const createUpdateFigures = (loaded: LoadedExperiment, { specs }: UpdateGraph, plan: Plan): readonly UpdateFigures[] =>
  columnsOf(weightedLosses(loaded), specs).map((columns, i) => ({
    columns,
    learningRateAt: (step) => specs[i]?.optimizer.learningRate.at(plan.progressAt(step)) ?? 0,
  }));

export const compileRound = (
  loaded: LoadedExperiment,
  engine: Engine,
  data: Data,
  forward: Forward,
  variables: Variables,
  random: RandomStreams,
  plan: Plan,
  graph: UpdateGraph,
  figures: readonly UpdateFigures[],
  withLabels: boolean,
  classifier: ProvidedClassifier | null,
): Promise<Round> => {
  const { experiment } = loaded;
  const { batchSize, freeze } = experiment.training;
  const losses = weightedLosses(loaded);
  const frozen = (path: string): boolean => isFrozen(freeze, path);
  const updates = graph.specs.flatMap((update, i) => {
    const columns = figures[i]?.columns;
    if (columns === undefined) return [];
    const trained = update.parts.flatMap(({ player }) => variables.trainableBy(player)).filter(({ path }) => !frozen(path));
    const numWeights = trained.reduce((sum, { variable }) => sum + variable.size, 0);
    const take = createUpdate({
      update,
      columns,
      forward: withClassifier(forward, classifier),
      losses,
      variables,
      isFrozen: frozen,
      progressAt: plan.progressAt,
    });
    return numWeights === 0 ? [] : [{ update, take, numWeights }];
  });
  return Round.create({ engine, data, random, plan: graph, batchSize, withLabels, updates, config: loaded.file });
};

/** Compiles what the sampler of the experiment needs; null where it has none. */
export const prepareSampler = async (
  { built: { sampler, model } }: LoadedExperiment,
  engine: Engine,
  data: Data,
  forward: Forward,
  random: RandomStreams,
): Promise<DrawCodes | null> => {
  if (sampler === null) return null;
  const studio = { engine, data, forward, latent: model.component.latent, random, columns: [], history: [], fittedCodes: null };
  return prepareFittedCodes(createStudio(studio, 'sampler', sampler.name), sampler.component);
};

export const createEvaluator = (
  loaded: LoadedExperiment,
  engine: Engine,
  data: Data,
  forward: Forward,
  random: RandomStreams,
  withLabels: boolean,
  drawCodes: DrawCodes | null,
): Promise<Evaluator> => {
  const { built, experiment } = loaded;
  const { latent } = built.model.component;
  const largest = Math.max(1, ...Object.values(data.splits).map(({ count }) => count));
  return Evaluator.create({
    engine,
    data,
    forward,
    metrics: built.metrics.map((placed) => ({
      name: placed.name,
      columns: metricColumns(placed, latent),
      metric: placed.component,
      everyEpochs: placed.common.every?.epochs ?? null,
    })),
    latent,
    random,
    batchSize: Math.min(experiment.training.evaluationBatchSize, largest),
    withLabels,
    ...(drawCodes === null ? {} : { drawCodes }),
  });
};

export const createVariables = (engine: Engine, random: RandomStreams): Variables => new Variables(engine, random);
/** Rows of earlier sessions, up to the checkpoint that training goes on from. */
export const createHistory = (resumed: ResumePoint | null): HistoryRow[] => [...(resumed?.history ?? [])];

/** The run's folder, with the experiment as written and as resolved. */
export const createDirectory = async (
  results: string,
  loaded: LoadedExperiment,
  clock: Clock,
  resumed: ResumePoint | null,
): Promise<RunDirectory> => {
  if (resumed !== null) return openRunDirectory(resumed.folder, resumed.record.run);
  const directory = await createRunDirectory(results, loaded.experiment.name, clock);
  await directory.write('experiment.yaml', loaded.source);
  await directory.write('resolved.yaml', loaded.yaml());
  return directory;
};

export const lockRun = (directory: RunDirectory): Promise<RunLock> => acquireLock(directory.file('run.lock'));

export const createRunRecord = (
  directory: RunDirectory,
  clock: Clock,
  loaded: LoadedExperiment,
  resumed: ResumePoint | null,
): Promise<RecordSink> => {
  if (resumed !== null) return continueRecord(directory, clock, resumed.record, resumed.checkpoint);
  const { name: experiment, seed } = loaded.experiment;
  return createRecord(directory, clock, {
    experiment,
    seed,
    file: loaded.file,
    resolved: loaded.yaml(),
    hashes: hashExperiment(loaded),
    axes: loaded.variant?.axes ?? {},
    version: packageVersion,
    plugins: describePlugins(loaded),
  });
};

export const createMetrics = (directory: RunDirectory, resumed: ResumePoint | null): MetricsSink =>
  createCsvMetrics(directory.file('metrics.csv'), resumed === null ? null : (resumed.checkpoint?.progress.metricsBytes ?? 0));
export const createEvents = (directory: RunDirectory, clock: Clock): EventSink => createEventLog(directory.file('events.jsonl'), clock);
export const createPictures = (directory: RunDirectory, { lastEpoch }: Plan): PictureSink => createPictureFolder(directory, lastEpoch);
export const createCheckpoints = (directory: RunDirectory): CheckpointSink => createCheckpointFolder(directory);
export const createPolicy = ({ experiment }: LoadedExperiment, { stepsPerEpoch }: Plan, clock: Clock): CheckpointPolicy =>
  createCheckpointPolicy(experiment.checkpoints, stepsPerEpoch, () => clock.elapsedMs());
export const createTensorboard = (directory: RunDirectory, clock: Clock): TensorboardLog => createTensorboardLog(directory, clock);
