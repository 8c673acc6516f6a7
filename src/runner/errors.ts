/** What ends a run that had a good config: each with its facts, and a text made of them. */

/** Facts by code. */
export interface RunFacts {
  /** `term` is the loss or the column that is not a number any more. */
  'non-finite-loss': { readonly step: number; readonly term: string; readonly value: number; readonly config: string };
  'non-finite-metric': { readonly step: number; readonly metric: string; readonly value: number; readonly config: string };
  'no-gradient': { readonly variable: string; readonly player: string };
  'too-few-examples': { readonly batchSize: number; readonly count: number };
  'output-unwritable': { readonly path: string; readonly reason: string };
  'disk-full': { readonly path: string };
  'corrupt-weights': { readonly file: string; readonly reason: string };
  'weights-do-not-fit': { readonly file: string; readonly reason: string };
}
export type RunErrorCode = keyof RunFacts;

const texts: { readonly [Code in RunErrorCode]: (facts: RunFacts[Code]) => string } = {
  'non-finite-loss': ({ step, term, value, config }) =>
    `${term} became ${String(value)} in step ${String(step)} of ${config}; the step was not taken, and nothing is written after it\n` +
    '  Try a smaller learning rate, a warm-up (learningRate: { type: linear-warmup, epochs: 1 }), or training.clipping: { norm: 1 }.',
  'non-finite-metric': ({ step, metric, value, config }) =>
    `${metric} is ${String(value)} after step ${String(step)} of ${config}; no row was written for it\n` +
    '  The weights have left the range where the model is defined. Try a smaller learning rate, or training.clipping: { norm: 1 }.',
  'no-gradient': ({ variable, player }) =>
    `no loss depends on ${variable}, so there is nothing that ${player} could learn there\n  Add a loss that reaches it (a VAE needs reconstruction and kl), or take the part out of the model.`,
  'too-few-examples': ({ batchSize, count }) =>
    `training.batchSize is ${String(batchSize)}, and the training split has ${String(count)} examples\n  Set training.batchSize to ${String(count)} or less, or give the training split more examples.`,
  'output-unwritable': ({ path, reason }) => `cannot write to ${path}: ${reason}\n  Choose another folder with --out, or make this one writable.`,
  'disk-full': ({ path }) => `the disk is full: ${path} could not be written\n  What was written before is whole. Free some room, or choose another folder with --out.`,
  'corrupt-weights': ({ file, reason }) => `${file} holds no whole set of weights: ${reason}`,
  'weights-do-not-fit': ({ file, reason }) => `the weights in ${file} do not fit this experiment: ${reason}`,
};

const textOf = <C extends RunErrorCode>(code: C, facts: RunFacts[C]): string => texts[code](facts);

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
