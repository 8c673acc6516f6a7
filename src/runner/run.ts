/** One experiment from start to end. */
import { formatWarnings } from '../registry/errors.js';
import { splitNames, type HistoryRow, type Moment, type Picture } from '../registry/contracts/index.js';
import type { Parts } from './assemble/tokens.js';
import { metricColumns } from './config/checks.js';
import { describeProvenance, type Provenances } from './provenance.js';
import type { RunRecord } from './output/record.js';
import { preparePlots, type PreparedPlot } from './assemble/plots.js';
import { createSentinels } from './sentinels/create.js';
import { restoreState, saveState, warmStart } from './state.js';
import { isEnough } from './train/checkpoint-policy.js';
import { historyColumns, train, type Outcome, type TrainingState } from './train/trainer.js';
import { isDue } from './train/cadence.js';

/** What a run has left: its folder, and the record in it. */
export interface RunResult {
  /** The run's folder. */
  readonly folder: string;
  /** As in run.json. */
  readonly record: RunRecord;
}

/**
 * Runs the experiment of `parts`. An aborted signal ends training after the step in progress; what there is by then is written, and
 * the run is marked interrupted: it can be gone on with, as can one whose process was killed. Errors are recorded in run.json, then thrown.
 * @throws ConfigError, DataError, EngineUnavailableError before there is a folder; RunError, TraceError afterwards.
 */
export const runExperiment = async (parts: Parts, signal?: AbortSignal): Promise<RunResult> => {
  // What can be wrong before there is a folder is asked for before the folder.
  const { engine, clock, progress, variables } = await parts.get('engine', 'clock', 'progress', 'variables');
  try {
    await parts.get('data', 'plan', 'rehearsal');
    const { directory, lock } = await parts.get('directory', 'lock');
    const { record, events } = await parts.get('record', 'events');
    const started = clock.elapsedMs();
    const end = async (status: RunRecord['status'], changes: Partial<RunRecord>): Promise<void> => {
      await record.update({ ...changes, status, ended: clock.now().toISOString(), seconds: (clock.elapsedMs() - started) / 1000 });
    };
    try {
      const { state, interrupted } = await trainAndRecord(parts, () => signal?.aborted ?? false);
      const { step } = state;
      const status = interrupted ? 'interrupted' : 'done';
      await end(status, { step });
      await events.emit(status, { step });
    } catch (error) {
      const { code, message } = describeError(error);
      // The error itself matters more than a record of it that cannot be written.
      await end('failed', { error: { code, message } }).catch(() => undefined);
      await events.emit('failed', { code, message }).catch(() => undefined);
      throw error;
    } finally {
      await lock.release();
      progress.end(record.current, directory.path);
    }
    return { folder: directory.path, record: record.current };
  } finally {
    variables.dispose();
    await engine.dispose();
  }
};

const trainAndRecord = async (parts: Parts, shouldStop: () => boolean): Promise<Outcome> => {
  const { clock, record, progress, resumed } = await parts.get('clock', 'record', 'progress', 'resumed');
  const compileStarted = clock.elapsedMs();
  await announceClassifier(parts);
  const { round, figures, evaluator, history } = await parts.get('round', 'figures', 'evaluator', 'history');
  const plots = await preparePlots(parts);
  const checkpoint = resumed?.checkpoint ?? null;
  if (resumed !== null && checkpoint !== null) await restoreState(parts, plots, resumed.folder, checkpoint);
  else {
    await warmStart(parts);
    await fitModel(parts);
  }
  await announce(parts, (clock.elapsedMs() - compileStarted) / 1000);

  const { sentinels, explain } = await createSentinels(parts);
  const { experiment, plan, batches, policy } = await parts.get('experiment', 'plan', 'batches', 'policy');
  const trainStarted = clock.elapsedMs();
  const seconds = (): number => (checkpoint?.progress.seconds ?? 0) + (clock.elapsedMs() - trainStarted) / 1000;
  const { maxMinutes, earlyStopping } = experiment.experiment.training;
  const isOver = (): boolean => maxMinutes !== null && clock.elapsedMs() - trainStarted >= maxMinutes * 60_000;
  let saved = checkpoint?.step ?? null;
  const save = async (state: TrainingState): Promise<void> => {
    if (state.step === saved) return;
    await saveState(parts, plots, state, seconds());
    saved = state.step;
  };
  const outcome = await train({
    batches,
    round,
    updates: figures,
    evaluator,
    history,
    config: experiment.file,
    totalSteps: plan.totalSteps,
    start: checkpoint === null ? null : { step: checkpoint.step, ...checkpoint.progress },
    shouldStop: () => shouldStop() || isOver(),
    isEnough: (rows) => isEnough(earlyStopping, rows),
    onStep: (step, loss, given) => {
      progress.step(step, loss);
      return sentinels.inspectStep(given, step);
    },
    onNonFinite: (error) => sentinels.inspectNonFinite(error, () => explain(error.facts.step - 1)),
    onEpoch: async (row, moment) => {
      await finishEpoch(parts, plots, row, moment);
      await sentinels.inspectEpoch(moment);
    },
    onState: async (state, isLast) => {
      if (isLast || policy.isDue(state.step, history)) await save(state);
    },
  });
  if (outcome.interrupted) {
    const { step } = outcome.state;
    // The checkpoint first: it knows nothing of these pictures, and a run that goes on from it draws them anew.
    await save(outcome.state);
    await conclude(parts, plots, { epoch: Math.floor(step / plan.stepsPerEpoch), step, isLast: false });
  } else if (outcome.state.step < plan.totalSteps && earlyStopping !== null)
    progress.note(`stopped early: ${earlyStopping.metric} has not become better for ${String(earlyStopping.patience)} epochs`);
  await finish(parts, outcome, { ...record.current.timings, train: seconds() });
  return outcome;
};

/** Puts what a formula finds in the data into the model's variables, where it has one. */
const fitModel = async (parts: Parts): Promise<void> => {
  const { experiment, data, engine, variables, progress } = await parts.get('experiment', 'data', 'engine', 'variables', 'progress');
  const { type, component } = experiment.built.model;
  if (component.fit === undefined) return;
  progress.note(`fitting ${type} to the training examples`);
  const values = component.fit(data);
  for (const { path, variable } of variables.all) {
    const found = values.get(path);
    if (found !== undefined) engine.write(variable, found);
  }
};

const announceClassifier = async (parts: Parts): Promise<void> => {
  const { classifier, record } = await parts.get('classifier', 'record');
  if (classifier === null) return;
  const { type, accuracy, split, folder, sha256 } = classifier;
  await record.update({ classifier: { type, accuracy, split, folder, sha256 } });
};

const describeEngine = ({ name, threads }: { readonly name: string; readonly threads: number | null }): string =>
  threads === null ? name : `${name} with ${String(threads)} threads`;

/** Files of data whose contents are others than before, or that are no longer read. */
const changedFiles = (before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(before).filter((name) => before[name] !== now[name]);

/** What the figures of a run hang on, for splits that have examples. */
export const provenances = async (parts: Parts): Promise<Provenances> => {
  const { experiment, evaluator, data, classifier } = await parts.get('experiment', 'evaluator', 'data', 'classifier');
  const { built } = experiment;
  const metrics = built.metrics.flatMap((placed, i) => {
    const entry = experiment.experiment.metrics[i];
    return entry === undefined ? [] : [{ entry, metric: placed.component, columns: metricColumns(placed, built.model.component.latent) }];
  });
  const counts = splitNames.map((split) => [split, evaluator.countOf(split)] as const);
  const given = { classifier: classifier?.sha256.slice(0, 16) ?? null, sampler: experiment.experiment.sampler };
  return describeProvenance(metrics, data, counts, given, experiment.experiment.seed);
};

/** Starts metrics.csv, and says in the record, the events and the display what is about to run. */
const announce = async (parts: Parts, compileSeconds: number): Promise<void> => {
  const { experiment, figures, evaluator, metrics, variables } = await parts.get(
    'experiment',
    'figures',
    'evaluator',
    'metrics',
    'variables',
  );
  const { engine, data, plan, directory, record, events, progress } = await parts.get(
    'engine',
    'data',
    'plan',
    'directory',
    'record',
    'events',
    'progress',
  );
  const metricNames = evaluator.columns.map(({ name }) => name);
  await metrics.start(
    historyColumns(
      figures.map(({ columns }) => columns),
      metricNames,
    ),
  );
  const { totalSteps, stepsPerEpoch, lastEpoch } = plan;
  const before = record.current.engine;
  if (before !== null && (before.name !== engine.name || before.threads !== engine.threads))
    progress.note(
      `the engine is ${describeEngine(engine)}, and was ${describeEngine(before)}: ` +
        'sums are taken in another order, and figures may differ in their last digits from those of an undisturbed run',
    );
  if (experiment.warnings.length > 0) progress.note(formatWarnings(experiment.warnings));
  for (const name of changedFiles(record.current.data?.hashes ?? {}, data.hashes))
    progress.note(`the data of ${name} has changed since the run began: what follows is another run's`);
  const trainable = variables.all.filter((named) => named.trainable);
  const parameters = trainable.reduce((count, { variable }) => count + variable.size, 0);
  await record.update({
    engine: { name: engine.name, threads: engine.threads },
    versions: { ...record.current.versions, engine: engine.version },
    data: { description: data.description, hashes: data.hashes },
    parameters,
    ...(await provenances(parts)),
    total: { epochs: lastEpoch, steps: totalSteps },
    timings: { compile: compileSeconds },
  });
  await events.emit('started', { steps: totalSteps, epochs: lastEpoch });
  const { name } = experiment.experiment;
  progress.start({
    experiment: name,
    folder: directory.path,
    engine: engine.name,
    parameters,
    data: data.description,
    firstStep: record.current.step,
    totalSteps,
    stepsPerEpoch,
    lastEpoch,
  });
};

/** A row, then the pictures that are due. */
const finishEpoch = async (parts: Parts, plots: readonly PreparedPlot[], row: HistoryRow, moment: Moment): Promise<void> => {
  const { plan, metrics, events, progress, record, tensorboard } = await parts.get(
    'plan',
    'metrics',
    'events',
    'progress',
    'record',
    'tensorboard',
  );
  const { epoch, step, isLast } = moment;
  await metrics.write(row);
  await tensorboard.scalars(step, row);
  await events.emit('epoch', { epoch, step });
  await record.update({ epoch, step, metrics: row });
  progress.epoch(row);
  for (const { name, cadence, draw } of plots)
    if (isDue(cadence, epoch, isLast ? epoch : plan.lastEpoch)) await savePictures(parts, name, await draw(moment), moment);
  if (isLast) await conclude(parts, plots, moment);
};

/** The pictures of plots that wait for the end. */
const conclude = async (parts: Parts, plots: readonly PreparedPlot[], moment: Moment): Promise<void> => {
  for (const { name, draw } of plots) await savePictures(parts, name, (await draw.conclude?.(moment)) ?? [], moment);
};

const savePictures = async (parts: Parts, plot: string, drawn: readonly Picture[], moment: Moment): Promise<void> => {
  const { pictures, tensorboard, events, record, progress } = await parts.get('pictures', 'tensorboard', 'events', 'record', 'progress');
  for (const picture of drawn) {
    const saved = await pictures.save(plot, picture, moment);
    await tensorboard.image(moment.step, picture.suffix === '' ? plot : `${plot}-${picture.suffix}`, picture.png);
    await events.emit('picture', { ...saved });
    await record.update({ pictures: [...record.current.pictures, saved] });
    progress.picture(saved);
  }
};

/** For a run that got to its end: the figures on the test split, which is looked at once. */
const finish = async (parts: Parts, { interrupted }: Outcome, timings: Readonly<Record<string, number>>): Promise<void> => {
  const { evaluator, record } = await parts.get('evaluator', 'record');
  if (interrupted) {
    await record.update({ timings });
    return;
  }
  const test = await evaluator.measure('test');
  const measured = Object.fromEntries(Object.entries(test).map(([name, value]) => [`test.${name}`, value]));
  await record.update({ timings, metrics: { ...record.current.metrics, ...measured } });
};

/** As in run.json. */
export const describeError = (error: unknown): { readonly code: string; readonly message: string } => {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error) };
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : error.name, message: error.message };
};
