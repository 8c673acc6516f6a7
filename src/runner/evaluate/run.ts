/** Measures checkpoints of a run after its end: what has been measured of the same weights is not measured again. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Data, SplitName } from '../../registry/contracts/index.js';
import type { Registry } from '../../registry/registry.js';
import { isMap, type PlainMap } from '../../registry/values.js';
import { createContainer, partsOf } from '../assemble/container.js';
import { tokens } from '../assemble/tokens.js';
import { RunError } from '../errors.js';
import { listCheckpoints, readCheckpoint, readWeightsHash } from '../output/checkpoint.js';
import { acquireLock } from '../output/lock.js';
import type { ProgressSink } from '../output/progress.js';
import type { Evaluation, RunRecord } from '../output/record.js';
import { openRunDirectory } from '../output/run-directory.js';
import { amendRecord } from '../prepare.js';
import type { MeasuredMetric, Provenances } from '../provenance.js';
import { readRecord } from '../resume.js';
import { provenances } from '../run.js';
import { restoreWeights } from '../state.js';
import { chooseMetrics, filterMetrics, keyOf, type ChosenMetrics } from './metrics.js';
import { evaluationsCsv, recordEvaluations } from './results.js';

/** A step, the last one, or all of them. */
export type CheckpointChoice = number | 'last' | 'all';

export interface EvaluateOptions {
  readonly registry: Registry;
  /** Names or entries of metrics; none: those of the experiment. */
  readonly metrics: readonly string[];
  readonly checkpoint: CheckpointChoice;
  readonly split: SplitName;
  /** A classifier for an experiment that has none. */
  readonly classifier: string | null;
  /** A sampler in place of the experiment's, as YAML; null leaves that. */
  readonly sampler: string | null;
  readonly progress: ProgressSink;
}

export interface EvaluatedRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** What was asked for, old and new. */
  readonly evaluations: readonly Evaluation[];
  readonly numMeasured: number;
}

const chooseSteps = async (folder: string, choice: CheckpointChoice): Promise<readonly number[]> => {
  const checkpoints = join(folder, 'checkpoints');
  const available = await listCheckpoints(checkpoints);
  const last = available.at(-1);
  if (last === undefined) throw new RunError('no-such-run', { folder, reason: 'it has no checkpoint yet' });
  if (choice === 'all') return available;
  if (choice === 'last') return [last];
  if (!available.includes(choice)) throw new RunError('checkpoint-missing', { folder: checkpoints, step: choice, available });
  return [choice];
};

/** The metrics of the resolved experiment, as its file has them. */
const ownMetrics = async (file: string): Promise<readonly PlainMap[]> => {
  const resolved: unknown = parse(await readFile(file, 'utf8'), { logLevel: 'silent' });
  const metrics = isMap(resolved) ? resolved['metrics'] : null;
  return Array.isArray(metrics) ? metrics.filter(isMap) : [];
};

const choose = async (
  folder: string,
  record: RunRecord,
  { metrics, classifier, sampler, registry }: EvaluateOptions,
): Promise<ChosenMetrics> => {
  const file = join(folder, 'resolved.yaml');
  const own = await ownMetrics(file).catch((error: unknown) => {
    throw new RunError('no-such-run', { folder, reason: 'resolved.yaml cannot be read' }, { cause: error });
  });
  const given = {
    ...(classifier === null || record.classifier !== null ? {} : { classifier }),
    ...(sampler === null ? {} : { sampler }),
  };
  return chooseMetrics(file, own, metrics, given, { registry, pluginFolder: dirname(resolve(record.config.file)) });
};

/** A checkpoint of which something is missing. */
interface Gap {
  readonly step: number;
  readonly weights: string;
}

interface Found {
  /** What is known, and is not measured again. */
  readonly known: readonly Evaluation[];
  readonly gaps: readonly Gap[];
  /** Metrics that some checkpoint is without. */
  readonly missing: ChosenMetrics;
}

const findGaps = async (
  folder: string,
  { evaluations = [] }: RunRecord,
  chosen: ChosenMetrics,
  steps: readonly number[],
  split: SplitName,
  { hashes }: Data,
): Promise<Found> => {
  const checkpoints: Gap[] = [];
  for (const step of steps) checkpoints.push({ step, weights: await readWeightsHash(join(folder, 'checkpoints'), step) });
  const find = (metric: MeasuredMetric, { step, weights }: Gap): readonly (Evaluation | undefined)[] => {
    const key = keyOf(chosen.loaded, metric, { weights, split, hashes });
    return metric.columns.map(({ name }) => evaluations.find((each) => each.step === step && each.figure === name && each.key === key));
  };
  const gaps = checkpoints.filter((checkpoint) => chosen.metrics.some((metric) => find(metric, checkpoint).includes(undefined)));
  const isMissing = (metric: MeasuredMetric): boolean => gaps.some((gap) => find(metric, gap).includes(undefined));
  const known = checkpoints.flatMap((checkpoint) =>
    chosen.metrics
      .filter((metric) => !gaps.includes(checkpoint) || !isMissing(metric))
      .flatMap((metric) => find(metric, checkpoint).flatMap((each) => each ?? [])),
  );
  return { known, gaps, missing: filterMetrics(chosen, isMissing) };
};

/** Measures every checkpoint that has a gap; `save` is called after each. */
const fillGaps = async (
  folder: string,
  chosen: ChosenMetrics,
  gaps: readonly Gap[],
  data: Data,
  { split, progress }: EvaluateOptions,
  save: (added: readonly Evaluation[], origins: Provenances) => Promise<void>,
): Promise<void> => {
  const container = createContainer({ experiment: chosen.loaded, results: '', progress });
  container.rebind(tokens.data).toConstantValue(data);
  const parts = partsOf(container);
  const { engine, variables } = await parts.get('engine', 'variables');
  try {
    const { evaluator } = await parts.get('evaluator');
    if (evaluator.countOf(split) === 0)
      throw new RunError('nothing-to-measure', {
        folder,
        reason: `the data has no examples in the ${split} split`,
        help: 'Give another with --split.',
      });
    const origins = await provenances(parts);
    for (const { step, weights } of gaps) {
      const checkpoint = await readCheckpoint(join(folder, 'checkpoints'), step);
      await restoreWeights(parts, folder, checkpoint);
      progress.note(`measuring ${basename(folder)} behind step ${String(step)}`);
      const figures = await evaluator.measure(split);
      const added = chosen.metrics.flatMap((metric) =>
        metric.columns.map(({ name, unit }): Evaluation => {
          const value = figures[name] ?? Number.NaN;
          if (!Number.isFinite(value)) throw new RunError('non-finite-metric', { step, metric: name, value, config: chosen.loaded.file });
          const key = keyOf(chosen.loaded, metric, { weights, split, hashes: data.hashes });
          return {
            step,
            epoch: checkpoint.epoch,
            split,
            figure: name,
            value,
            unit,
            provenance: origins.measured[`${split}.${name}`] ?? '',
            key,
          };
        }),
      );
      await save(added, origins);
    }
  } finally {
    variables.dispose();
    await engine.dispose();
  }
};

const evaluateLocked = async (folder: string, options: EvaluateOptions): Promise<EvaluatedRun> => {
  let record = await readRecord(folder);
  const chosen = await choose(folder, record, options);
  if (chosen.metrics.length === 0)
    throw new RunError('nothing-to-measure', { folder, reason: 'its experiment has no metrics', help: 'Give one with --metric.' });
  const steps = await chooseSteps(folder, options.checkpoint);
  // Files behind the same words may be others than when something was measured.
  const { data } = await partsOf(createContainer({ experiment: chosen.loaded, results: '', progress: options.progress })).get('data');
  const { known, gaps, missing } = await findGaps(folder, record, chosen, steps, options.split, data);
  const measured: Evaluation[] = [];
  if (gaps.length > 0) {
    const directory = openRunDirectory(folder, basename(folder));
    await fillGaps(folder, missing, gaps, data, options, async (added, { provenance }) => {
      measured.push(...added);
      const used = Object.fromEntries(Object.entries(provenance).filter(([id]) => added.some((each) => each.provenance === id)));
      record = await amendRecord(folder, (old) => recordEvaluations(old, added, used));
      await directory.write('eval.csv', evaluationsCsv(record.evaluations ?? []));
    });
  }
  const evaluations = [...known, ...measured].toSorted((a, b) => a.step - b.step);
  return { folder, record, evaluations, numMeasured: measured.length };
};

/**
 * Measures checkpoints of a run, and writes what was found into its eval.csv and run.json.
 * @throws ConfigError, DataError, RunError; `run-locked` where a process is at work on the run.
 */
export const evaluateRun = async (run: string, options: EvaluateOptions): Promise<EvaluatedRun> => {
  const folder = resolve(run);
  const { workingFolder } = await readRecord(folder);
  const lock = await acquireLock(join(folder, 'run.lock'));
  const before = process.cwd();
  try {
    // Relative paths of the experiment, of its data for instance, begin where the run was started.
    if (existsSync(workingFolder)) process.chdir(workingFolder);
    return await evaluateLocked(folder, options);
  } finally {
    process.chdir(before);
    await lock.release();
  }
};
