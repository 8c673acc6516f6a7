/** The words of `latentlab plan`. */
import type { Shape } from '../registry/contracts/index.js';
import type { Resources } from '../runner/config/resource-params.js';
import { counted, formatCount, formatDuration } from '../runner/output/console-texts.js';
import type { PlannedFits } from '../runner/plan/fits.js';
import type { PlannedFiles } from '../runner/plan/files.js';
import type { PlannedLayer } from '../runner/plan/layers.js';
import type { PlannedMemory, PlannedTime, RunPlan } from '../runner/plan/plan.js';

const scaled = (number: number, base: number, units: readonly string[]): string => {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, number)) / Math.log(base))));
  const value = number / base ** power;
  return `${power === 0 ? String(Math.round(value)) : value.toPrecision(value < 1000 ? 3 : 4)} ${units[power] ?? ''}`.trimEnd();
};
/** 3.34 MB */
const bytes = (number: number): string => scaled(number, 1000, ['bytes', 'kB', 'MB', 'GB', 'TB']);
/** 262 M */
const large = (number: number): string => scaled(number, 1000, ['', 'k', 'M', 'G', 'T']);

/** 28x28x1 */
const showShape = (shape: Shape): string => (shape.length === 0 ? '1' : shape.join('x'));

/** 8.02 ms, 2.04 s */
const duration = (seconds: number): string => (seconds < 1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`);

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.map((line, i) => `  ${(i === 0 ? title : '').padEnd(11)} ${line}`);

/** Columns of one width; the last stands to the right. */
const table = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = rows.reduce<readonly number[]>((wide, row) => row.map((cell, i) => Math.max(cell.length, wide[i] ?? 0)), []);
  return rows.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  '),
  );
};

const layerRow = ({ path, output, parameters }: PlannedLayer): readonly string[] => [
  `  ${path.split('/').slice(1).join('/') || path}`,
  output === null ? '-' : showShape(output),
  formatCount(parameters),
];

const networkLines = ({ players }: RunPlan): readonly string[] =>
  table([
    ['network', 'output', 'parameters'],
    ...players.flatMap(({ player, components, parameters, layers }) => [
      [`${player} (${components.join(', ')})`, '', formatCount(parameters)],
      ...layers.map(layerRow),
    ]),
  ]);

const variableLines = ({ variables }: RunPlan): readonly string[] =>
  table([
    ['variable', 'shape', 'trained', 'size'],
    ...variables.map(({ path, shape, size, trainable }) => [path, showShape(shape), trainable ? 'yes' : 'no', formatCount(size)]),
  ]);

const memoryLines = (memory: PlannedMemory): readonly string[] => {
  const { weights, states, optimizer, averages, step, evaluation } = memory;
  const parts = [
    `weights ${bytes(weights)}`,
    ...(states === 0 ? [] : [`running statistics ${bytes(states)}`]),
    ...(optimizer === 0 ? [] : [`optimizer ${bytes(optimizer)}`]),
    ...(averages === 0 ? [] : [`moving averages ${bytes(averages)}`]),
    `activations and gradients ${bytes(step)}`,
    `a pass of metrics ${bytes(evaluation)}`,
  ];
  const sum = weights + states + optimizer + averages + step + evaluation;
  return [`${bytes(sum)} beside the program and the data: ${parts.join(', ')}`];
};

const timeLines = (time: PlannedTime | null, plan: RunPlan): readonly string[] => {
  if (time === null)
    return [`not estimated: ${plan.cost === null ? 'the steps could not be recorded' : `engine ${plan.engine} is not available here`}`];
  const { speed, secondsPerStep, trainingSeconds, evaluationSeconds } = time;
  const threads = speed.threads === null ? '' : ` with ${counted(speed.threads, 'thread')}`;
  return [
    `about ${formatDuration(trainingSeconds + evaluationSeconds)}, an estimate: ${duration(secondsPerStep)} a step, ${formatDuration(trainingSeconds)} in all, and ${formatDuration(evaluationSeconds)} for metrics`,
    `taken for granted: ${large(2 * speed.multiplyAddsPerSecond)}FLOP/s in products, ${bytes(speed.bytesPerSecond)}/s elsewhere, as ${speed.engine}${threads} just did here; reading data, fitting samplers and drawing pictures come on top`,
  ];
};

/** "after epochs 0, 1, 2, ..., 30", with how often that is where it is often. */
const timesText = (epochs: readonly number[]): string => {
  if (epochs.length > 6)
    return `${counted(epochs.length, 'time')}, after epochs ${epochs.slice(0, 3).join(', ')}, ..., ${String(epochs.at(-1))}`;
  return epochs.length === 0 ? 'never' : `after epoch${epochs.length === 1 ? '' : 's'} ${epochs.join(', ')}`;
};

const fitLines = ({ sampler, codes, epochs }: PlannedFits): readonly string[] => [
  `on top: sampler ${sampler} is fitted to ${formatCount(codes)} codes ${timesText(epochs)}`,
];

const fileLines = ({ metrics, pictures, checkpoints }: PlannedFiles): readonly string[] => {
  const { written, kept, bytes: size, mayBeMore } = checkpoints;
  return [
    `metrics.csv  ${counted(metrics.rows, 'row')} of ${counted(metrics.columns.length, 'column')}`,
    ...pictures.map(
      ({ plot, epochs, isOne }) =>
        `pictures     ${plot}: ${isOne ? `one of ${counted(epochs.length, 'moment')}, at the end` : timesText(epochs)}`,
    ),
    `checkpoints  ${formatCount(written)} of ${bytes(size)} each${mayBeMore ? ', or more (a clock or a metric decides)' : ''}, of which ${formatCount(kept)} ${kept === 1 ? 'is' : 'are'} kept`,
    'and          run.json, experiment.yaml, resolved.yaml, events.jsonl, tensorboard/',
  ];
};

const resourceWords = ({ memory, timeLimit, cpus, gpus, partition, sbatch }: Resources): string =>
  [
    ...(memory === null ? [] : [`at most ${String(memory)} GiB`]),
    ...(timeLimit === null ? [] : [`at most ${counted(timeLimit, 'minute')}`]),
    ...(cpus === null ? [] : [counted(cpus, 'processor')]),
    ...(gpus === null ? [] : [`GPUs: ${String(gpus)}`]),
    ...(partition === null ? [] : [`partition ${partition}`]),
    ...sbatch,
  ].join(', ');

/** One run in full. */
export const describePlan = (plan: RunPlan, isVerbose: boolean): string => {
  const { data, steps, cost } = plan;
  const { train, validation, test } = data.counts;
  const classes = data.numClasses === null ? 'no labels' : counted(data.numClasses, 'class').replace('classs', 'classes');
  const costLines =
    cost === null
      ? ['not known: the steps could not be recorded']
      : [
          `${large(cost.multiplyAdds)} multiply-adds and ${large(cost.elementOps)} other operations a step: ${large(cost.flops)}FLOP`,
          `${large(cost.evaluationMultiplyAdds)} multiply-adds a pass of metrics, ${counted(cost.numEvaluations, 'pass').replace('passs', 'passes')} in all`,
        ];
  const batches = steps.batchesPerStep <= 1 ? '' : `, ${String(steps.batchesPerStep)} batches a step`;
  const round = steps.updates.length <= 1 ? '' : `; a step is ${steps.updates.join(', ')}`;
  return [
    `${plan.name}  ${plan.file}`,
    ...section('data', [
      `${data.type}: ${showShape(data.shape)}, ${data.support}, ${classes}${data.isLoaded ? '; loaded, as only the files could tell' : ''}`,
      `${formatCount(train)} train, ${formatCount(validation)} validation, ${formatCount(test)} test`,
    ]),
    ...section('model', [`${plan.model}, ${counted(plan.parameters, 'parameter')}, on the ${plan.engine} engine`]),
    ...section('steps', [
      `${formatCount(steps.total)}: ${counted(steps.epochs, 'epoch')} of ${formatCount(steps.perEpoch)}, batches of ${formatCount(steps.batchSize)}${batches}${round}`,
    ]),
    ...section('cost', costLines),
    ...section('memory', memoryLines(plan.memory)),
    ...section('time', [...timeLines(plan.time, plan), ...(plan.fits === null ? [] : fitLines(plan.fits))]),
    ...(plan.resources === null ? [] : section('in a batch', [resourceWords(plan.resources)])),
    ...section('files', fileLines(plan.files)),
    ...plan.notes.flatMap((note) => section('note', [note])),
    '',
    ...networkLines(plan).map((line) => `  ${line}`),
    ...(isVerbose ? ['', ...variableLines(plan).map((line) => `  ${line}`)] : []),
  ].join('\n');
};

const secondsOf = ({ time }: RunPlan): number | null => (time === null ? null : time.trainingSeconds + time.evaluationSeconds);

/** Several runs, a line each. */
export const describePlans = (plans: readonly RunPlan[]): string => {
  // A file with a sweep says nothing of its runs.
  const files = plans.map(({ file }) => file);
  const sweeps = new Set(files.filter((file, i) => files.indexOf(file) !== i));
  const rows = plans.map((plan) => [
    sweeps.has(plan.file) ? plan.name : plan.file,
    `${plan.model} on ${plan.data.type}`,
    `${formatCount(plan.parameters)} parameters`,
    `${formatCount(plan.steps.total)} steps`,
    plan.cost === null ? '-' : `${large(plan.cost.flops)}FLOP a step`,
    formatDuration(secondsOf(plan)),
  ]);
  const sum = plans.reduce((seconds, plan) => seconds + (secondsOf(plan) ?? 0), 0);
  const speed = plans.find(({ time }) => time !== null)?.time?.speed;
  const measured = speed === undefined ? '' : ` at ${large(2 * speed.multiplyAddsPerSecond)}FLOP/s`;
  return [...table(rows), `${counted(plans.length, 'run')}, about ${formatDuration(sum)} one after another, an estimate${measured}`].join(
    '\n',
  );
};
