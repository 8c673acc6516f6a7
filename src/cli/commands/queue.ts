/** `latentlab worker --queue URL --root FOLDER`: trains the runs of a queue until it is asked to end. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve as absolute } from 'node:path';
import { BatchError } from '../../batch/errors.js';
import { program } from '../program.js';
import type { Io } from '../io.js';
import { listenForSignals } from '../signals.js';
import { loadQueue, machineMemory } from './launchers.js';
import type { WorkerOptions } from './worker.js';

/** In a process of its own: this one has locks to renew. */
const writeSummary = (batch: string): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'worker', '--summary', batch], { stdio: 'ignore' });
    child.on('error', () => {
      resolve(false);
    });
    child.on('exit', (code) => {
      resolve(code === 0);
    });
  });

/** EX_TEMPFAIL of sysexits.h: what is left may be gone on with. */
const tryAgain = 75;

/** Exit code: 0 when it was asked to end, 75 when the disk is full, 1 where there is no queue, 2 where the arguments are wrong. */
export const serveQueue = async (options: WorkerOptions & { readonly root: string }, io: Io): Promise<number> => {
  const cores = availableParallelism();
  const jobs = options.jobs ?? cores;
  const signals = listenForSignals(() => {
    io.out('stopping: each run leaves a checkpoint, and goes back to the queue');
  });
  try {
    const { workQueue } = await loadQueue(() => import('../../batch/bullmq/worker.js'));
    const { findAddress } = await import('../../batch/bullmq/connection.js');
    const end = await workQueue(
      {
        ...{ address: findAddress(options), root: absolute(options.root), jobs, leaseSeconds: options.lease },
        ...{ threads: Math.max(1, Math.floor(cores / jobs)), memoryMiB: machineMemory() / 2 ** 20 / jobs },
        command: { program, args: (run) => ['worker', '--run', run] },
        summarize: async (batch) => {
          const isThere = await writeSummary(batch);
          io.out(isThere ? `the last run of ${batch} has ended: summary.csv is there` : `no summary of ${batch} can be written`);
        },
        say: (line) => {
          io.out(line);
        },
      },
      signals.signal,
    );
    if (end === 'asked') return 0;
    io.err(`latentlab: the disk of ${options.root} is full: this worker takes no more runs; make room there, and start it again`);
    return tryAgain;
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    io.err(`latentlab: ${error.message}`);
    return error.code === 'no-scheduler' ? 1 : 2;
  } finally {
    signals.stop();
  }
};
