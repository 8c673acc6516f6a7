/** `latentlab run FILE`: trains an experiment. */
import { createContainer, partsOf } from '../../runner/assemble/container.js';
import { createRegistry } from '../../runner/registry.js';
import { findEarlierRun } from '../../runner/resume.js';
import { runExperiment } from '../../runner/run.js';
import { loadRun } from '../../runner/sweep/runs.js';
import { changesOf, type ChangeOptions } from '../changes.js';
import type { Io } from '../io.js';
import { runSession, type SessionOptions } from '../session.js';
import { goOn } from './resume.js';

export interface RunCommandOptions extends SessionOptions, ChangeOptions {
  readonly engine?: string;
  /** The name of a run of a sweep. */
  readonly variant?: string;
  readonly out: string;
  /** Goes on with the newest run of the same experiment, if there is one. */
  readonly resume: boolean;
}

/** Exit code: as of a session. */
export const runCommand = (file: string, options: RunCommandOptions, io: Io): Promise<number> =>
  runSession(options, io, async (progress, signal) => {
    const overrides = options.engine === undefined ? options.set : [...options.set, `engine.type=${options.engine}`];
    const experiment = await loadRun(file, { registry: createRegistry(), ...changesOf(options), overrides }, options.variant ?? null);
    const earlier = options.resume ? await findEarlierRun(options.out, experiment) : null;
    if (earlier !== null) return goOn(earlier, progress, signal);
    return runExperiment(partsOf(createContainer({ experiment, results: options.out, progress })), signal);
  });
