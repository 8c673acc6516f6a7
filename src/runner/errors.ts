/** What ends a run that had a good config: each with its facts, and a text made of them. */

/** Facts by code. */
export interface RunFacts {
  /** `term` is the loss or the column that is not a number any more; `origin` a clause that says where the first such value came up. */
  'non-finite-loss': {
    readonly step: number;
    readonly term: string;
    readonly value: number;
    readonly config: string;
    readonly origin: string | null;
  };
  'non-finite-metric': { readonly step: number; readonly metric: string; readonly value: number; readonly config: string };
  /** A sentinel that is to stop the run has seen something. `help` is a sentence. */
  sentinel: { readonly sentinel: string; readonly epoch: number; readonly step: number; readonly what: string; readonly help: string };
  /** `missing` are all variables of the player that are not reached, `variable` the first of them. */
  'no-gradient': { readonly variable: string; readonly player: string; readonly missing: readonly string[] };
  'too-few-examples': { readonly batchSize: number; readonly count: number };
  /** `errno` is the system's word, such as EACCES; `help` is a sentence that says what to do. */
  'output-unwritable': { readonly path: string; readonly errno: string; readonly reason: string; readonly help: string };
  /** `errno` is ENOSPC, EDQUOT (a quota) or EFBIG (a limit on the size of a file). */
  'disk-full': { readonly path: string; readonly errno: string };
  /** A row that metrics.csv must not hold: a column that it does not have, or a number that is none. */
  'bad-row': { readonly file: string; readonly column: string; readonly reason: string };
  /** An existing metrics.csv belongs to a run with other columns. */
  'other-columns': { readonly file: string; readonly expected: readonly string[]; readonly found: string };
  'checkpoint-missing': { readonly folder: string; readonly step: number; readonly available: readonly number[] };
  'checkpoint-corrupt': { readonly file: string; readonly reason: string };
  'run-locked': {
    readonly file: string;
    readonly what: 'run' | 'batch';
    readonly pid: number;
    readonly host: string;
    readonly isHere: boolean;
  };
  /** A folder that is no run, or one that this version cannot go on with. */
  'no-such-run': { readonly folder: string; readonly reason: string };
  /** A run whose run.json is of another format; `version` made it, where that is known. */
  'run-of-other-version': { readonly folder: string; readonly format: number; readonly version: string | null };
  /** What cannot be evaluated; `help` is a sentence. */
  'nothing-to-measure': { readonly folder: string; readonly reason: string; readonly help: string };
  'weights-do-not-fit': { readonly file: string; readonly reason: string };
}
export type RunErrorCode = keyof RunFacts;

const fullness: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota on the disk is used up',
  EFBIG: 'the file would be larger than the system allows',
};

const texts: { readonly [Code in RunErrorCode]: (facts: RunFacts[Code]) => string } = {
  'non-finite-loss': ({ step, term, value, config, origin }) =>
    `${term} became ${String(value)} in step ${String(step)} of ${config}; the step was not taken, and nothing is written after it` +
    `${origin === null ? '' : `; it began with ${origin}`}\n` +
    '  Try a smaller learning rate, a warm-up (training.optimizer.learningRate: { type: linear-warmup, epochs: 1, to: 1e-4 }), or training.clipping: { norm: 1 }.',
  'non-finite-metric': ({ step, metric, value, config }) =>
    `${metric} is ${String(value)} after step ${String(step)} of ${config}; no row was written for it\n` +
    '  The weights have left the range where the model is defined. Try a smaller learning rate, or training.clipping: { norm: 1 }.',
  sentinel: ({ sentinel, epoch, step, what, help }) =>
    `stopped by the sentinel ${sentinel} in epoch ${String(epoch)}, after step ${String(step)}: ${what}\n  ${help}`,
  'no-gradient': ({ variable, player }) =>
    `no loss depends on ${variable}, so there is nothing that ${player} could learn there\n  Add a loss that reaches it (a VAE needs reconstruction and kl), or take the part out of the model.`,
  'too-few-examples': ({ batchSize, count }) =>
    `training.batchSize is ${String(batchSize)}, and the training split has ${String(count)} examples\n  Set training.batchSize to ${String(count)} or less, or give the training split more examples.`,
  'output-unwritable': ({ path, errno, reason, help }) => `cannot write ${path}: ${reason} (${errno})\n  ${help}`,
  'disk-full': ({ path, errno }) =>
    `cannot write ${path}: ${fullness[errno] ?? 'the disk is full'} (${errno})\n` +
    '  Everything written before is whole. Make room there, or choose a folder on another disk with --out.',
  'bad-row': ({ file, column, reason }) =>
    `a row for ${file} was refused, and nothing of it was written: column ${column} ${reason}\n` +
    '  Mend the metric that gave it, or take it out of the experiment.',
  'other-columns': ({ file, expected, found }) =>
    `${file} has other columns than this run: it begins with ${JSON.stringify(found)}, expected ${JSON.stringify(expected.join(','))}\n` +
    '  It belongs to another experiment. Give this run a folder of its own.',
  'checkpoint-missing': ({ folder, step, available }) =>
    `there is no checkpoint of step ${String(step)} in ${folder}\n` +
    `  ${available.length === 0 ? 'It holds none: the run ended before it saved any.' : `It holds those of steps ${available.join(', ')}: take one of them.`}`,
  'checkpoint-corrupt': ({ file, reason }) => `${file} is not what was saved: ${reason}\n  Use another checkpoint, or train again.`,
  'run-locked': ({ file, what, pid, host, isHere }) =>
    `process ${String(pid)}${isHere ? '' : ` on ${host}`} is at work on this ${what} (${file})\n` +
    (isHere ? '  Wait for it, or stop it first.' : `  If it is not, which cannot be seen from here, remove ${file}.`),
  'no-such-run': ({ folder, reason }) =>
    `${folder} is no run to go on with: ${reason}\n  Give the folder that \`run\` has printed; it holds run.json and resolved.yaml.`,
  'run-of-other-version': ({ folder, format, version }) =>
    `${folder} was begun by ${version === null ? 'another version of latentlab' : `latentlab ${version}`}, whose run.json is of format ${String(format)}; this version goes on with runs of its own format only\n` +
    '  Go on with that version, or begin anew with resolved.yaml in that folder; its weights can be taken over with training.warmStart.',
  'nothing-to-measure': ({ folder, reason, help }) => `there is nothing to measure in ${folder}: ${reason}\n  ${help}`,
  'weights-do-not-fit': ({ file, reason }) =>
    `the weights in ${file} do not fit this experiment: ${reason}\n` +
    '  Take the experiment that they were trained with: experiment.yaml in the folder of their run.',
};

const textOf = <C extends RunErrorCode>(code: C, facts: RunFacts[C]): string => texts[code](facts);

/** A run that cannot begin, go on or be read: `code` says what is the matter, `facts` in what; the message says both, and the way out. */
export class RunError<C extends RunErrorCode = RunErrorCode> extends Error {
  override readonly name = 'RunError';
  readonly code: C;
  readonly facts: RunFacts[C];

  constructor(code: C, facts: RunFacts[C], options?: ErrorOptions) {
    super(textOf(code, facts), options);
    this.code = code;
    this.facts = facts;
  }
}
