/** What training goes on from: taken out of a run's parts as a checkpoint, and put back into them. */
import { isAbsolute, join } from 'node:path';
import type { Draw } from '../registry/contracts/index.js';
import type { PreparedPlot } from './assemble/plots.js';
import type { Parts } from './assemble/tokens.js';
import { RunError } from './errors.js';
import { listCheckpoints, readCheckpoint, type Checkpoint } from './output/checkpoint.js';
import type { StoredTensor } from './output/safetensors.js';
import { checkWeights } from './output/weights.js';
import { readRecord } from './resume.js';
import type { TrainingState } from './train/trainer.js';

type Tensors = ReadonlyMap<string, StoredTensor>;

const isOptimizer = (path: string): boolean => path.startsWith('optimizer/');

/** `<plot>/<key>` for what plots remember. */
const memoryOf = (plots: readonly PreparedPlot[]): Tensors =>
  new Map(
    plots.flatMap(({ name, draw }) =>
      [...(draw.memory?.save() ?? [])].map(([key, values]) => [`${name}/${key}`, { shape: [values.length], values }] as const),
    ),
  );

const restoreMemory = ({ name, draw }: { readonly name: string; readonly draw: Draw }, stored: Tensors): void => {
  const own = [...stored].filter(([key]) => key.startsWith(`${name}/`));
  draw.memory?.restore(
    new Map(own.flatMap(([key, { values }]) => (values instanceof Uint8Array ? [[key.slice(name.length + 1), values]] : []))),
  );
};

/** Saves a checkpoint, and removes those that are kept no longer. */
export const saveState = async (parts: Parts, plots: readonly PreparedPlot[], state: TrainingState, seconds: number): Promise<void> => {
  const { engine, plan, record, variables, checkpoints, policy, history, metrics } = await parts.get(
    ...(['engine', 'plan', 'record', 'variables', 'checkpoints', 'policy', 'history', 'metrics'] as const),
  );
  const { step, sums, numSteps, numSkipped } = state;
  const tensors = variables.all.map(({ path, variable }) => [path, { shape: variable.shape, values: engine.read(variable) }] as const);
  const weights = await checkpoints.save({
    step,
    epoch: Math.ceil(step / plan.stepsPerEpoch),
    weights: new Map(tensors.filter(([path]) => !isOptimizer(path))),
    optimizer: new Map(tensors.filter(([path]) => isOptimizer(path))),
    plots: memoryOf(plots),
    progress: { sums, numSteps, numSkipped, metricsBytes: metrics.length, numPictures: record.current.pictures.length, seconds },
  });
  await record.update({ weights, step });
  // Those of later steps were found damaged when the run was gone on with from an earlier one: they do not count as the newest.
  const steps = (await checkpoints.list()).filter((each) => each <= step);
  await checkpoints.remove(policy.obsolete(steps, history));
};

/** Puts a checkpoint into the parts of a run, whose variables must exist. Throws RunError (`weights-do-not-fit`). */
export const restoreState = async (parts: Parts, plots: readonly PreparedPlot[], folder: string, checkpoint: Checkpoint): Promise<void> => {
  const { engine, variables } = await parts.get('engine', 'variables');
  const { step, weights, optimizer } = checkpoint;
  const stored = new Map([...weights, ...optimizer]);
  checkWeights(
    join(folder, 'checkpoints', String(step)),
    stored,
    new Map(variables.all.map(({ path, variable }) => [path, variable.shape])),
  );
  for (const { path, variable } of variables.all) {
    const values = stored.get(path)?.values;
    if (values) engine.write(variable, values);
  }
  for (const plot of plots) restoreMemory(plot, checkpoint.plots);
};

/** Puts the weights of a checkpoint into the parts of a run that only measures. Throws RunError (`weights-do-not-fit`). */
export const restoreWeights = async (parts: Parts, folder: string, { step, weights }: Checkpoint): Promise<void> => {
  const { engine, variables } = await parts.get('engine', 'variables');
  const file = join(folder, 'checkpoints', String(step));
  checkWeights(file, weights, new Map(variables.all.map(({ path, variable }) => [path, variable.shape])));
  for (const { path, variable } of variables.all) {
    const values = weights.get(path)?.values;
    if (values) engine.write(variable, values);
  }
};

/** The newest weights of another run. */
const weightsOf = async (folder: string): Promise<{ readonly file: string; readonly weights: Tensors }> => {
  await readRecord(folder);
  const checkpoints = join(folder, 'checkpoints');
  const step = (await listCheckpoints(checkpoints)).at(-1);
  if (step === undefined) throw new RunError('no-such-run', { folder, reason: 'it has no checkpoint yet' });
  return { file: join(checkpoints, String(step)), weights: (await readCheckpoint(checkpoints, step)).weights };
};

/** Gives players the weights of other runs, as `training.warmStart` says. Throws RunError (`no-such-run`, `weights-do-not-fit`, ...). */
export const warmStart = async (parts: Parts): Promise<void> => {
  const { experiment, engine, variables, progress } = await parts.get('experiment', 'engine', 'variables', 'progress');
  for (const { run, players } of experiment.experiment.training.warmStart) {
    const { file, weights } = await weightsOf(run);
    const wanted = players ?? experiment.built.model.component.players;
    const own = variables.all.filter(
      ({ path, player }) => !isOptimizer(path) && wanted.includes(player.replace(/^ema$/, path.split('/')[1] ?? '')),
    );
    const given = new Map([...weights].filter(([path]) => own.some((named) => named.path === path)));
    checkWeights(file, given, new Map(own.map(({ path, variable }) => [path, variable.shape])));
    for (const { path, variable } of own) {
      const values = given.get(path)?.values;
      if (values) engine.write(variable, values);
    }
    progress.note(`${wanted.join(', ')}: weights of ${isAbsolute(run) ? run : join('.', run)}, step ${file.split(/[/\\]/).at(-1) ?? ''}`);
  }
};
