/** How each part of a run is made from the others. The container decides when; nothing here knows it. */
import { createEngine, type CompiledStep, type Engine } from '../../engine/index.js';
import type { Data, Forward, HistoryRow, Progress, RandomStreams } from '../../registry/contracts/index.js';
import { checkExperiment, metricColumns } from '../config/checks.js';
import type { LoadedExperiment } from '../config/load.js';
import { dataFolders } from '../folders.js';
import { packageVersion } from '../version.js';
import { RunError } from '../errors.js';
import type { Clock } from '../output/clock.js';
import { createEventLog, type EventSink } from '../output/events.js';
import { createCsvMetrics, type MetricsSink } from '../output/metrics.js';
import { createPictureFolder, type PictureSink } from '../output/pictures.js';
import type { ProgressSink } from '../output/progress.js';
import { createRecord, type RecordSink } from '../output/record.js';
import { createRunDirectory, type RunDirectory } from '../output/run-directory.js';
import { createTensorboardLog, type TensorboardLog } from '../output/tensorboard.js';
import { createWeightFolder, type WeightSink } from '../output/weights.js';
import { TrainingBatches } from '../train/batches.js';
import { Evaluator } from '../train/evaluate.js';
import { createNoise } from '../train/noise.js';
import type { UpdateInputs } from '../train/trainer.js';
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
  return createEngine(type === 'auto' ? 'onnx' : type, { threads });
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
  const faults = checkExperiment(loaded.built, data);
  if (faults.length > 0) throw loaded.toError(faults);
  return data;
};

export const createBatches = ({ experiment }: LoadedExperiment, data: Data, random: RandomStreams): TrainingBatches => {
  const { batchSize } = experiment.training;
  const { count } = data.splits.train;
  if (batchSize > count) throw new RunError('too-few-examples', { batchSize, count });
  return new TrainingBatches(data, batchSize, random);
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
  built.model.component.build(variables.scope(''), data);

/** Whether anything in the experiment reads labels. */
export const readsLabels = ({ built }: LoadedExperiment): boolean =>
  [...built.losses.flatMap(({ component }) => component.terms), ...built.metrics.map(({ component }) => component)].some(({ needs }) =>
    needs.includes('labels'),
  );

export const compileUpdate = async (
  loaded: LoadedExperiment,
  engine: Engine,
  data: Data,
  forward: Forward,
  variables: Variables,
  random: RandomStreams,
  plan: Plan,
  withLabels: boolean,
): Promise<CompiledStep<UpdateInputs>> => {
  const { built, experiment } = loaded;
  const { batchSize, clipping } = experiment.training;
  const update = createUpdate({
    players: built.model.component.players,
    forward,
    losses: built.losses.map(({ name, common, component }) => ({ name, weight: common.weight, loss: component })),
    optimizer: built.optimizer.component,
    clipping: clipping ?? { norm: null, value: null },
    variables,
    progressAt: plan.progressAt,
  });
  const x = { shape: [batchSize, ...data.shape], dtype: 'float32' } as const;
  const inputs: UpdateInputs = withLabels ? { x, labels: { shape: [batchSize], dtype: 'int32' } } : { x };
  return engine.compile<UpdateInputs>(
    'train',
    inputs,
    ({ x: examples, labels }) => update({ x: examples, ...(labels ? { labels } : {}) }, createNoise(random, 'model/noise')),
    {
      confirm: true,
    },
  );
};

export const createEvaluator = (
  loaded: LoadedExperiment,
  engine: Engine,
  data: Data,
  forward: Forward,
  random: RandomStreams,
  withLabels: boolean,
): Promise<Evaluator> => {
  const { built, experiment } = loaded;
  const { latent } = built.model.component;
  const largest = Math.max(1, ...Object.values(data.splits).map(({ count }) => count));
  return Evaluator.create({
    engine,
    data,
    forward,
    metrics: built.metrics.map((placed) => ({ name: placed.name, columns: metricColumns(placed, latent), metric: placed.component })),
    latent,
    random,
    batchSize: Math.min(experiment.training.evaluationBatchSize, largest),
    withLabels,
  });
};

export const createVariables = (engine: Engine, random: RandomStreams): Variables => new Variables(engine, random);
export const createHistory = (): HistoryRow[] => [];

/** The run's folder, with the experiment as written and as resolved. */
export const createDirectory = async (results: string, loaded: LoadedExperiment, clock: Clock): Promise<RunDirectory> => {
  const directory = await createRunDirectory(results, loaded.experiment.name, clock);
  await directory.write('experiment.yaml', loaded.source);
  await directory.write('resolved.yaml', loaded.yaml());
  return directory;
};

export const createRunRecord = (directory: RunDirectory, clock: Clock, loaded: LoadedExperiment): Promise<RecordSink> => {
  const { name: experiment, seed } = loaded.experiment;
  return createRecord(directory, clock, { experiment, seed, file: loaded.file, resolved: loaded.yaml(), version: packageVersion });
};

export const createMetrics = (directory: RunDirectory): MetricsSink => createCsvMetrics(directory.file('metrics.csv'));
export const createEvents = (directory: RunDirectory, clock: Clock): EventSink => createEventLog(directory.file('events.jsonl'), clock);
export const createPictures = (directory: RunDirectory, { lastEpoch }: Plan): PictureSink => createPictureFolder(directory, lastEpoch);
export const createWeights = (directory: RunDirectory): WeightSink => createWeightFolder(directory);
export const createTensorboard = (directory: RunDirectory, clock: Clock): TensorboardLog => createTensorboardLog(directory, clock);
