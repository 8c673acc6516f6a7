/** The plan of one run: all that can be known of it before it is started. */
import type { DataFacts, Shape } from '../../registry/contracts/index.js';
import type { EngineName, StepOutline } from '../../engine/index.js';
import { rehearseExperiment } from '../assemble/container.js';
import type { OutlinedVariable, Rehearsal } from '../assemble/rehearse.js';
import { checkData, loadData } from '../assemble/services.js';
import type { LoadedExperiment } from '../config/load.js';
import type { Resources } from '../config/resource-params.js';
import { silentProgress } from '../output/progress.js';
import type { EvaluationPass } from '../train/evaluate.js';
import { createRandomStreams } from '../random/index.js';
import { nameOfRun } from '../sweep/runs.js';
import { planFiles, type PlannedFiles } from './files.js';
import { planFits, type PlannedFits } from './fits.js';
import { groupLayers, type PlannedPlayer } from './layers.js';
import { secondsOf, type Speed } from './speed.js';
import { countsOf, createStandIn, type Counts } from './stand-in.js';

/** Bytes. */
export interface PlannedMemory {
  readonly weights: number;
  /** Running statistics and the like. */
  readonly states: number;
  readonly optimizer: number;
  readonly averages: number;
  /** The most that a training step holds at once of what it computes: activations and gradients. */
  readonly step: number;
  readonly evaluation: number;
}

export interface PlannedCost {
  /** Of a training step: a whole round. */
  readonly multiplyAdds: number;
  readonly elementOps: number;
  /** Two for a multiplication with its addition, one for any other operation. */
  readonly flops: number;
  /** Of one pass of metrics over a batch. */
  readonly evaluationMultiplyAdds: number;
  /** Passes of metrics in the whole run. */
  readonly numEvaluations: number;
}

export interface PlannedTime {
  readonly speed: Speed;
  readonly secondsPerStep: number;
  readonly trainingSeconds: number;
  readonly evaluationSeconds: number;
}

export interface RunPlan {
  readonly file: string;
  /** Of the run: its experiment's, or its variant's. */
  readonly name: string;
  /** Where it stands on the axes of the file's sweep. */
  readonly axes: Readonly<Record<string, string>>;
  readonly seed: number;
  /** What a batch gives it; null where its file says nothing. */
  readonly resources: Resources | null;
  readonly engine: EngineName;
  readonly data: Pick<DataFacts, 'shape' | 'support' | 'numClasses'> & {
    readonly type: string;
    readonly counts: Counts;
    /** Whether it had to be loaded to be known. */
    readonly isLoaded: boolean;
  };
  readonly model: string;
  /** Numbers that are trained. */
  readonly parameters: number;
  readonly players: readonly PlannedPlayer[];
  readonly variables: readonly { readonly path: string; readonly shape: Shape; readonly size: number; readonly trainable: boolean }[];
  readonly memory: PlannedMemory;
  readonly steps: {
    readonly batchSize: number;
    readonly batchesPerStep: number;
    readonly perEpoch: number;
    readonly epochs: number;
    readonly total: number;
    /** Who steps in a round: "discriminator", "generator". */
    readonly updates: readonly string[];
  };
  /** Null where the engine takes what cannot be recorded; `notes` say why. */
  readonly cost: PlannedCost | null;
  readonly time: PlannedTime | null;
  /** Of the experiment's sampler: not in `time`, as nobody knows beforehand how long they take. Null where it has none. */
  readonly fits: PlannedFits | null;
  readonly files: PlannedFiles;
  readonly notes: readonly string[];
}

/** Where the speed of an engine comes from; null where it is not known. */
export type SpeedOf = (engine: EngineName, threads: number | null) => Promise<Speed | null>;

interface KnownData {
  readonly facts: DataFacts;
  readonly counts: Counts;
  readonly isLoaded: boolean;
}

/** Data is loaded only where its shape or its size cannot be known otherwise. */
const learnData = async (loaded: LoadedExperiment): Promise<KnownData> => {
  const { facts, counts } = loaded.built.data.component;
  if (facts !== null && counts !== undefined) {
    const known = { facts, counts: counts() };
    checkData(loaded, createStandIn(known.facts, known.counts));
    return { ...known, isLoaded: false };
  }
  const data = await loadData(loaded, createRandomStreams(loaded.experiment.seed), silentProgress);
  return { facts: data, counts: countsOf(data), isLoaded: true };
};

const bytesOf = (variables: readonly OutlinedVariable[]): number => 4 * variables.reduce((sum, { size }) => sum + size, 0);
const peakOf = (steps: readonly StepOutline[]): number => Math.max(0, ...steps.map(({ peakBytes }) => peakBytes));

const isBelow = (folder: string): ((variable: OutlinedVariable) => boolean) => {
  return ({ path }) => path.startsWith(`${folder}/`);
};

const planMemory = ({ variables, round, evaluation }: Rehearsal): PlannedMemory => {
  const [optimizer, averages] = [variables.filter(isBelow('optimizer')), variables.filter(isBelow('ema'))];
  const own = variables.filter((variable) => !optimizer.includes(variable) && !averages.includes(variable));
  return {
    weights: bytesOf(own.filter(({ trainable }) => trainable)),
    states: bytesOf(own.filter(({ trainable }) => !trainable)),
    optimizer: bytesOf(optimizer),
    averages: bytesOf(averages),
    step: peakOf(round),
    evaluation: peakOf(evaluation),
  };
};

const everyTime: EvaluationPass = { everyEpochs: null, most: null, runs: 1 };

/**
 * Train and validation figures are measured over equally many examples, after each epoch (or so many) and before the first; those of the
 * test split once.
 */
const countEvaluations = (
  { evaluationBatchSize, plan }: Rehearsal,
  { train, validation, test }: Counts,
  { everyEpochs, most, runs }: EvaluationPass,
): number => {
  const passes = (count: number): number => Math.ceil(Math.min(count, most ?? Infinity) / evaluationBatchSize);
  const comparable = validation > 0 ? Math.min(validation, train) : train;
  const times = everyEpochs === null ? plan.lastEpoch + 1 : Math.max(1, Math.ceil(plan.lastEpoch / everyEpochs));
  return runs * (times * (passes(comparable) + passes(validation)) + passes(test));
};

const total = (steps: readonly StepOutline[], key: 'multiplyAdds' | 'elementOps'): number =>
  steps.reduce((sum, step) => sum + step[key], 0);

const planCost = (rehearsal: Rehearsal, counts: Counts): PlannedCost | null => {
  const { round, evaluation } = rehearsal;
  if (round.length === 0 && rehearsal.plan.totalSteps > 0) return null;
  const [multiplyAdds, elementOps] = [total(round, 'multiplyAdds'), total(round, 'elementOps')];
  return {
    ...{ multiplyAdds, elementOps, flops: 2 * multiplyAdds + elementOps },
    evaluationMultiplyAdds: evaluation.reduce((sum, { multiplyAdds, runs }) => sum + runs * multiplyAdds, 0),
    numEvaluations: countEvaluations(rehearsal, counts, everyTime),
  };
};

const planTime = (rehearsal: Rehearsal, counts: Counts, speed: Speed): PlannedTime => {
  const { round, evaluation, plan } = rehearsal;
  const secondsPerStep = secondsOf(round, speed);
  return {
    speed,
    secondsPerStep,
    trainingSeconds: secondsPerStep * plan.totalSteps,
    evaluationSeconds: evaluation.reduce((sum, pass) => sum + secondsOf([pass], speed) * countEvaluations(rehearsal, counts, pass), 0),
  };
};

/** What tells runs apart that are planned alike. */
export const identityOf = (loaded: LoadedExperiment): Pick<RunPlan, 'file' | 'name' | 'axes' | 'seed' | 'resources'> => ({
  file: loaded.file,
  name: nameOfRun(loaded),
  axes: loaded.variant?.axes ?? {},
  seed: loaded.experiment.seed,
  resources: loaded.experiment.resources,
});

/**
 * Everything is recorded that the run would compile; nothing runs, and nothing is written.
 * @throws ConfigError with all that cannot be computed; DataError where data must be loaded and cannot; RunError `too-few-examples`.
 */
export const planRun = async (loaded: LoadedExperiment, speedOf: SpeedOf): Promise<RunPlan> => {
  const { experiment } = loaded;
  const { facts, counts, isLoaded } = await learnData(loaded);
  const rehearsal = await rehearseExperiment(loaded, facts, counts);
  if (rehearsal.faults.length > 0) throw loaded.toError(rehearsal.faults);
  const { plan, graph, variables, notes } = rehearsal;
  const engine = experiment.engine.type === 'auto' ? 'onnx' : experiment.engine.type;
  const cost = planCost(rehearsal, counts);
  const speed = cost === null ? null : await speedOf(engine, experiment.engine.threads);
  const players = groupLayers(loaded.built.model.component.players, variables);
  const { shape, support, numClasses } = facts;
  return {
    ...{ ...identityOf(loaded), engine },
    data: { type: experiment.data.type, shape, support, numClasses, counts, isLoaded },
    model: experiment.model.type,
    parameters: players.reduce((sum, { parameters }) => sum + parameters, 0),
    players,
    variables: variables.map(({ path, shape: its, size, trainable }) => ({ path, shape: its, size, trainable })),
    memory: planMemory(rehearsal),
    steps: {
      batchSize: experiment.training.batchSize,
      batchesPerStep: graph.numBatches,
      perEpoch: plan.stepsPerEpoch,
      epochs: plan.lastEpoch,
      total: plan.totalSteps,
      updates: graph.steps.map(({ update }) => update.label),
    },
    cost,
    time: cost === null || speed === null ? null : planTime(rehearsal, counts, speed),
    fits: planFits(loaded.built, counts.train, plan.lastEpoch),
    files: planFiles(loaded, rehearsal),
    notes,
  };
};
