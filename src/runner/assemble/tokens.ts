/** What the container holds, by typed name. */
import type { ServiceIdentifier } from 'inversify';
import type { CompiledStep, Engine } from '../../engine/index.js';
import type { Data, Forward, HistoryRow, RandomStreams } from '../../registry/contracts/index.js';
import type { LoadedExperiment } from '../config/load.js';
import type { Clock } from '../output/clock.js';
import type { EventSink } from '../output/events.js';
import type { MetricsSink } from '../output/metrics.js';
import type { PictureSink } from '../output/pictures.js';
import type { ProgressSink } from '../output/progress.js';
import type { RecordSink } from '../output/record.js';
import type { RunDirectory } from '../output/run-directory.js';
import type { TensorboardLog } from '../output/tensorboard.js';
import type { WeightSink } from '../output/weights.js';
import type { TrainingBatches } from '../train/batches.js';
import type { Evaluator } from '../train/evaluate.js';
import type { UpdateInputs } from '../train/trainer.js';
import type { Variables } from '../train/variables.js';
import type { Plan } from './services.js';

const token = <T>(name: string): ServiceIdentifier<T> => Symbol.for(`latentlab/${name}`);

export const tokens = {
  experiment: token<LoadedExperiment>('experiment'),
  /** Folder that run folders are made in. */
  results: token<string>('results'),
  clock: token<Clock>('clock'),
  random: token<RandomStreams>('random'),
  engine: token<Engine>('engine'),
  data: token<Data>('data'),
  batches: token<TrainingBatches>('batches'),
  plan: token<Plan>('plan'),
  variables: token<Variables>('variables'),
  forward: token<Forward>('forward'),
  /** Whether anything in the experiment reads labels. */
  readsLabels: token<boolean>('readsLabels'),
  update: token<CompiledStep<UpdateInputs>>('update'),
  evaluator: token<Evaluator>('evaluator'),
  history: token<HistoryRow[]>('history'),
  directory: token<RunDirectory>('directory'),
  metrics: token<MetricsSink>('metrics'),
  events: token<EventSink>('events'),
  pictures: token<PictureSink>('pictures'),
  progress: token<ProgressSink>('progress'),
  record: token<RecordSink>('record'),
  weights: token<WeightSink>('weights'),
  tensorboard: token<TensorboardLog>('tensorboard'),
} as const;
