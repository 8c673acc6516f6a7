/** The parts of a run, and the typed names under which the container has them. */
import type { ServiceIdentifier } from 'inversify';
import type { DrawCodes } from '../../components/shared/fitted-codes.js';
import type { Engine } from '../../engine/index.js';
import type { Data, Forward, HistoryRow, RandomStreams } from '../../registry/contracts/index.js';
import type { ProvidedClassifier } from '../classifier/provide.js';
import type { LoadedExperiment } from '../config/load.js';
import type { Clock } from '../output/clock.js';
import type { EventSink } from '../output/events.js';
import type { RunLock } from '../output/lock.js';
import type { MetricsSink } from '../output/metrics.js';
import type { PictureSink } from '../output/pictures.js';
import type { ProgressSink } from '../output/progress.js';
import type { RecordSink } from '../output/record.js';
import type { RunDirectory } from '../output/run-directory.js';
import type { TensorboardLog } from '../output/tensorboard.js';
import type { CheckpointSink } from '../output/weights.js';
import type { ResumePoint } from '../resume.js';
import type { TrainingBatches } from '../train/batches.js';
import type { CheckpointPolicy } from '../train/checkpoint-policy.js';
import type { Evaluator } from '../train/evaluate.js';
import type { Round } from '../train/round.js';
import type { UpdateFigures } from '../train/trainer.js';
import type { Variables } from '../train/variables.js';
import type { Rehearsal } from './rehearse.js';
import type { Plan, UpdateGraph } from './services.js';

/** What the container holds, by name. */
export interface RunParts {
  readonly experiment: LoadedExperiment;
  /** Folder that run folders are made in. */
  readonly results: string;
  /** What an earlier session of this run has left; null for a new run. */
  readonly resumed: ResumePoint | null;
  readonly clock: Clock;
  readonly random: RandomStreams;
  readonly engine: Engine;
  readonly data: Data;
  /** That everything can be computed; there is none otherwise. */
  readonly rehearsal: Rehearsal;
  readonly batches: TrainingBatches;
  readonly plan: Plan;
  readonly variables: Variables;
  readonly forward: Forward;
  /** Null where the experiment has none. */
  readonly classifier: ProvidedClassifier | null;
  /** Codes to measure samples of, of the weights of the moment; null where metrics draw from the model's prior. */
  readonly sampler: DrawCodes | null;
  /** With averaged weights, where there are any, and with the classifier. */
  readonly averagedForward: Forward;
  /** Whether anything in the experiment reads labels. */
  readonly readsLabels: boolean;
  readonly graph: UpdateGraph;
  readonly figures: readonly UpdateFigures[];
  readonly round: Round;
  readonly evaluator: Evaluator;
  readonly history: HistoryRow[];
  readonly directory: RunDirectory;
  /** Taken when it is first asked for. */
  readonly lock: RunLock;
  readonly metrics: MetricsSink;
  readonly events: EventSink;
  readonly pictures: PictureSink;
  readonly progress: ProgressSink;
  readonly record: RecordSink;
  readonly checkpoints: CheckpointSink;
  readonly policy: CheckpointPolicy;
  readonly tensorboard: TensorboardLog;
}

const token = <N extends keyof RunParts>(name: N): ServiceIdentifier<RunParts[N]> => Symbol.for(`latentlab/${name}`);

export const tokens: { readonly [N in keyof RunParts]: ServiceIdentifier<RunParts[N]> } = {
  experiment: token('experiment'),
  results: token('results'),
  resumed: token('resumed'),
  clock: token('clock'),
  random: token('random'),
  engine: token('engine'),
  data: token('data'),
  rehearsal: token('rehearsal'),
  batches: token('batches'),
  plan: token('plan'),
  variables: token('variables'),
  forward: token('forward'),
  classifier: token('classifier'),
  sampler: token('sampler'),
  averagedForward: token('averagedForward'),
  readsLabels: token('readsLabels'),
  graph: token('graph'),
  figures: token('figures'),
  round: token('round'),
  evaluator: token('evaluator'),
  history: token('history'),
  directory: token('directory'),
  lock: token('lock'),
  metrics: token('metrics'),
  events: token('events'),
  pictures: token('pictures'),
  progress: token('progress'),
  record: token('record'),
  checkpoints: token('checkpoints'),
  policy: token('policy'),
  tensorboard: token('tensorboard'),
};

/** What the run asks for; a part is made, with all that it needs, when it is first asked for. */
export interface Parts {
  get<N extends keyof RunParts>(...names: readonly N[]): Promise<Pick<RunParts, N>>;
}
