/** What keeps a batch from being started: each with its facts, and a text made of them. */

/** Facts by code. */
export interface BatchFacts {
  /** The folder holds another batch. */
  'other-batch': { readonly folder: string; readonly inputs: readonly string[]; readonly given: readonly string[] };
  'bad-manifest': { readonly file: string; readonly reason: string };
  'bad-option': { readonly option: string; readonly reason: string };
  /** A launcher's own program or server is missing, or refuses. */
  'no-scheduler': { readonly command: string; readonly reason: string };
}
export type BatchErrorCode = keyof BatchFacts;

const texts: { readonly [Code in BatchErrorCode]: (facts: BatchFacts[Code]) => string } = {
  'other-batch': ({ folder, inputs, given }) =>
    `${folder} is the batch of ${inputs.join(' ')}, not of ${given.join(' ')}\n  Give this one a folder of its own with --out, or begin anew there with --restart.`,
  'bad-manifest': ({ file, reason }) =>
    `${file} is no list of a batch's runs: ${reason}\n  Begin anew with --restart; what lies there is moved aside.`,
  'bad-option': ({ option, reason }) => `${option} ${reason}`,
  'no-scheduler': ({ command, reason }) => `${command}: ${reason}\n  What was prepared stays; the same command goes on.`,
};

const textOf = <C extends BatchErrorCode>(code: C, facts: BatchFacts[C]): string => texts[code](facts);

export class BatchError<C extends BatchErrorCode = BatchErrorCode> extends Error {
  override readonly name = 'BatchError';
  readonly code: C;
  readonly facts: BatchFacts[C];

  constructor(code: C, facts: BatchFacts[C], options?: ErrorOptions) {
    super(textOf(code, facts), options);
    this.code = code;
    this.facts = facts;
  }
}
