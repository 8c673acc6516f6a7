/** Signals that ask to end: the first is heeded in good order, a second Ctrl-C at once. */

/** As shells say it: 128 and the number of SIGINT. */
export const interruptedByUser = 130;

export interface Signals {
  readonly signal: AbortSignal;
  /** Whether it was Ctrl-C. */
  readonly isUser: () => boolean;
  readonly stop: () => void;
}

/** `say` is called at the first signal. */
export const listenForSignals = (say: (signal: 'SIGINT' | 'SIGTERM') => void): Signals => {
  const controller = new AbortController();
  let isUser = false;
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(interruptedByUser);
    isUser = true;
    say('SIGINT');
    controller.abort();
  };
  const onTerminate = (): void => {
    if (controller.signal.aborted) return;
    say('SIGTERM');
    controller.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    signal: controller.signal,
    isUser: () => isUser,
    stop: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
};
