/** Why a plug-in is refused: a clause that says what is wrong, and a sentence that says the way out. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
  /** A clause without a full stop, about the plug-in: "there is no file ...". */
  readonly reason: string;
  /** A sentence or more; '' where the reason says it all. */
  readonly help: string;

  constructor(reason: string, help: string, options?: ErrorOptions) {
    super(help === '' ? reason : `${reason}. ${help}`, options);
    this.reason = reason;
    this.help = help;
  }
}
