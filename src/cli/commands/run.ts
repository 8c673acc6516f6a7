/** `latentlab run FILE`: trains an experiment. */
import { ConfigError } from '../../registry/errors.js';
import { createContainer, partsOf } from '../../runner/assemble/container.js';
import { loadExperiment } from '../../runner/config/load.js';
import { systemClock } from '../../runner/output/clock.js';
import { createConsoleProgress } from '../../runner/output/console.js';
import type { ProgressSink } from '../../runner/output/progress.js';
import { createRegistry } from '../../runner/registry.js';
import { runExperiment } from '../../runner/run.js';
import { isUserError } from '../../runner/user-errors.js';
import type { Io } from '../io.js';

export interface RunCommandOptions {
  readonly set: readonly string[];
  readonly engine?: string;
  readonly out: string;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Exit code: 0 done, 1 failed, 2 the config is wrong, 130 interrupted. */
export const runCommand = async (file: string, options: RunCommandOptions, io: Io): Promise<number> => {
  const overrides = options.engine === undefined ? options.set : [...options.set, `engine.type=${options.engine}`];
  const mode = options.json ? 'json' : options.quiet ? 'quiet' : 'text';
  const progress = createConsoleProgress({ stream: process.stdout, isTty: process.stdout.isTTY, clock: systemClock, mode });
  const interrupt = listenForInterrupt(progress);
  try {
    const experiment = await loadExperiment(file, { registry: createRegistry(), overrides });
    const { record } = await runExperiment(partsOf(createContainer({ experiment, results: options.out, progress })), interrupt.signal);
    return record.status === 'interrupted' ? 130 : 0;
  } catch (error) {
    return report(error, io, options.json);
  } finally {
    interrupt.stop();
  }
};

const report = (error: unknown, io: Io, json: boolean): number => {
  if (!isUserError(error)) throw error;
  if (json) io.out(JSON.stringify({ type: 'failed', code: 'code' in error ? error.code : error.name, message: error.message }));
  else io.err(error instanceof ConfigError ? error.message : `latentlab: ${error.message}`);
  return error instanceof ConfigError ? 2 : 1;
};

/** The first Ctrl-C asks the run to end; the second does not ask. */
const listenForInterrupt = (progress: ProgressSink): { readonly signal: AbortSignal; readonly stop: () => void } => {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    progress.note('finishing the step in progress; press Ctrl-C again to stop at once');
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  return { signal: controller.signal, stop: () => process.off('SIGINT', onSignal) };
};
