/** One experiment from start to end. */
import type { HistoryRow, Moment } from '../registry/contracts/index.js';
import type { Parts } from './assemble/container.js';
import { tokens as t } from './assemble/tokens.js';
import type { RunRecord } from './output/record.js';
import type { StoredTensor } from './output/safetensors.js';
import { preparePlots, type PreparedPlot } from './assemble/plots.js';
import { historyColumns, train, type Outcome } from './train/trainer.js';
import { isDue } from './train/cadence.js';

export interface RunResult {
  /** The run's folder. */
  readonly folder: string;
  /** As in run.json. */
  readonly record: RunRecord;
}

/**
 * Runs the experiment of `parts`. An aborted signal ends training after the step in progress; what there is by then is written, and
 * the run is marked interrupted. Errors are recorded in run.json, then thrown.
 * @throws ConfigError, DataError, EngineUnavailableError before there is a folder; RunError, TraceError afterwards.
 */
export const runExperiment = async (parts: Parts, signal?: AbortSignal): Promise<RunResult> => {
  const engine = await parts.get(t.engine);
  try {
    await parts.get(t.data);
    await parts.get(t.plan);
    const directory = await parts.get(t.directory);
    const record = await parts.get(t.record);
    const clock = await parts.get(t.clock);
    const started = clock.elapsedMs();
    const end = async (status: RunRecord['status'], changes: Partial<RunRecord> = {}): Promise<void> => {
      await record.update({ ...changes, status, ended: clock.now().toISOString(), seconds: (clock.elapsedMs() - started) / 1000 });
    };
    try {
      const outcome = await trainAndRecord(parts, signal);
      const status = outcome.interrupted ? 'interrupted' : 'done';
      await end(status, { step: outcome.step });
      await (await parts.get(t.events)).emit(status, { step: outcome.step });
    } catch (error) {
      const { code, message } = describeError(error);
      // The error itself matters more than a record of it that cannot be written.
      await end('failed', { error: { code, message } }).catch(() => undefined);
      await (await parts.get(t.events)).emit('failed', { code, message }).catch(() => undefined);
      (await parts.get(t.progress)).end(record.current, directory.path);
      throw error;
    }
    (await parts.get(t.progress)).end(record.current, directory.path);
    return { folder: directory.path, record: record.current };
  } finally {
    (await parts.get(t.variables)).dispose();
    await engine.dispose();
  }
};

const trainAndRecord = async (parts: Parts, signal: AbortSignal | undefined): Promise<Outcome> => {
  const { experiment, built, file } = await parts.get(t.experiment);
  const [engine, data, plan, record, progress, events, clock] = [
    await parts.get(t.engine),
    await parts.get(t.data),
    await parts.get(t.plan),
    await parts.get(t.record),
    await parts.get(t.progress),
    await parts.get(t.events),
    await parts.get(t.clock),
  ];
  const compileStarted = clock.elapsedMs();
  const update = await parts.get(t.update);
  const evaluator = await parts.get(t.evaluator);
  const history = await parts.get(t.history);
  const plots = await preparePlots(parts);
  const variables = await parts.get(t.variables);
  const compile = (clock.elapsedMs() - compileStarted) / 1000;

  const lossNames = built.losses.map(({ name }) => name);
  const columns = historyColumns(
    lossNames,
    evaluator.columns.map(({ name }) => name),
  );
  const metrics = await parts.get(t.metrics);
  await metrics.start(columns);
  const parameters = variables.all.filter(({ trainable }) => trainable).reduce((count, { variable }) => count + variable.size, 0);
  await record.update({
    engine: { name: engine.name, threads: engine.threads },
    versions: { ...record.current.versions, engine: engine.version },
    data: { description: data.description, hashes: data.hashes },
    parameters,
    timings: { compile },
  });
  await events.emit('started', { steps: plan.totalSteps, epochs: plan.lastEpoch });
  progress.start({
    experiment: experiment.name,
    folder: (await parts.get(t.directory)).path,
    engine: engine.name,
    parameters,
    data: data.description,
    totalSteps: plan.totalSteps,
    stepsPerEpoch: plan.stepsPerEpoch,
    lastEpoch: plan.lastEpoch,
  });

  const trainStarted = clock.elapsedMs();
  const outcome = await train({
    batches: await parts.get(t.batches),
    update,
    evaluator,
    history,
    lossNames,
    config: file,
    withLabels: await parts.get(t.readsLabels),
    totalSteps: plan.totalSteps,
    learningRateAt: (step) => built.optimizer.component.learningRate.at(plan.progressAt(step)),
    shouldStop: () => signal?.aborted ?? false,
    onStep: (step, loss) => {
      progress.step(step, loss);
    },
    onEpoch: (row, moment) => finishEpoch(parts, plots, row, moment),
  });
  await finish(parts, outcome, { ...record.current.timings, train: (clock.elapsedMs() - trainStarted) / 1000 });
  return outcome;
};

/** A row, then the pictures that are due. */
const finishEpoch = async (parts: Parts, plots: readonly PreparedPlot[], row: HistoryRow, moment: Moment): Promise<void> => {
  const { lastEpoch } = await parts.get(t.plan);
  const [metrics, events, progress, record, pictures, tensorboard] = [
    await parts.get(t.metrics),
    await parts.get(t.events),
    await parts.get(t.progress),
    await parts.get(t.record),
    await parts.get(t.pictures),
    await parts.get(t.tensorboard),
  ];
  await metrics.write(row);
  await tensorboard.scalars(moment.step, row);
  await events.emit('epoch', { epoch: moment.epoch, step: moment.step });
  await record.update({ epoch: moment.epoch, step: moment.step, metrics: row });
  progress.epoch(row);
  // The weights come before the last pictures: what training has found must not hang on a drawing.
  if (moment.isLast) await saveWeights(parts, moment.step);
  for (const plot of plots) {
    if (!isDue(plot.cadence, moment.epoch, lastEpoch)) continue;
    for (const picture of await plot.draw(moment)) {
      const saved = await pictures.save(plot.name, picture, moment);
      await tensorboard.image(moment.step, picture.suffix === '' ? plot.name : `${plot.name}-${picture.suffix}`, picture.png);
      await events.emit('picture', { ...saved });
      await record.update({ pictures: [...record.current.pictures, saved] });
      progress.picture(saved);
    }
  }
};

const saveWeights = async (parts: Parts, step: number): Promise<void> => {
  const engine = await parts.get(t.engine);
  const tensors = new Map<string, StoredTensor>();
  for (const { path, variable } of (await parts.get(t.variables)).all) {
    if (!path.startsWith('optimizer/')) tensors.set(path, { shape: variable.shape, values: engine.read(variable) });
  }
  const { stepsPerEpoch } = await parts.get(t.plan);
  const weights = await (await parts.get(t.weights)).save(step, Math.ceil(step / stepsPerEpoch), tensors);
  await (await parts.get(t.record)).update({ weights });
};

/** For a run that got to its end: the figures on the test split, which is looked at once. */
const finish = async (parts: Parts, { step, interrupted }: Outcome, timings: Readonly<Record<string, number>>): Promise<void> => {
  const record = await parts.get(t.record);
  if (interrupted) {
    await saveWeights(parts, step);
    await record.update({ timings });
    return;
  }
  const test = await (await parts.get(t.evaluator)).measure('test');
  const measured = Object.fromEntries(Object.entries(test).map(([name, value]) => [`test.${name}`, value]));
  await record.update({ timings, metrics: { ...record.current.metrics, ...measured } });
};

const describeError = (error: unknown): { readonly code: string; readonly message: string } => {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error) };
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : error.name, message: error.message };
};
