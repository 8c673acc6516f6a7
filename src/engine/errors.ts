/** What can go wrong between a step function and its compiled form; the text says what, where and the way out. */

export type TraceErrorCode =
  | 'value-read'
  | 'frozen-randomness'
  | 'unmapped-kernel'
  | 'unsupported-arguments'
  | 'input-shape'
  | 'unknown-input'
  | 'outside-step'
  | 'foreign-tensor'
  | 'state-from-step'
  | 'unstable-step';

/** A step that cannot be recorded, or a compiled step that is fed what it was not compiled for. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  readonly code: TraceErrorCode;
  /** Who was being recorded, innermost last: ["step train", "loss kl"]. */
  readonly labels: readonly string[];

  constructor(code: TraceErrorCode, message: string, labels: readonly string[]) {
    super(labels.length > 0 ? `${message}\n  while recording ${labels.join(' > ')}` : message);
    this.code = code;
    this.labels = labels;
  }
}

/** Puts an error to the account of whoever made what is at fault. */
export type Accuse = (error: Error) => void;

/** The engine that was asked for does not exist here. */
export class EngineUnavailableError extends Error {
  override readonly name = 'EngineUnavailableError';
  readonly engine: string;
  /** A clause, for reports that name the engine themselves. */
  readonly reason: string;

  constructor(engine: string, reason: string, options?: ErrorOptions) {
    super(
      `engine "${engine}" is not available here: ${reason}\n  Take another (engine: auto finds one), or see \`latentlab doctor\`.`,
      options,
    );
    this.engine = engine;
    this.reason = reason;
  }
}
