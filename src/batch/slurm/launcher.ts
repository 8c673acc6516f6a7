/**
 * The launcher for clusters with Slurm: submits the runs as arrays of jobs, and looks on. Slurm starts the processes, requeues them, and
 * keeps to their limits; that goes on without this process, and the same command looks on again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { noResources, type Resources } from '../../runner/config/resource-params.js';
import { BatchError } from '../errors.js';
import { progressOf, recordOf } from '../follow.js';
import { diskFull, type Launcher, type Task, type Verdict, type Watcher } from '../launcher.js';
import { recordMishap } from '../local/verdict.js';
import { planArrays } from './arrays.js';
import { isActive, readMaxArraySize, sbatch, scancel, squeue, type SlurmTask } from './commands.js';
import { arrayScript, summaryScript } from './script.js';
import { jobName, readSubmissions, submissionFolder, writeSubmissionFile, type Submission } from './submissions.js';

export interface SlurmOptions {
  /** Of the batch: an absolute path, the same on all machines. */
  readonly folder: string;
  /** When the batch was begun. */
  readonly created: string;
  readonly command: readonly string[];
  readonly jobs: number | null;
  readonly retries: number;
  readonly failFast: boolean;
  /** Submits, and does not wait. */
  readonly detach: boolean;
  readonly pollMs: number;
}

/** What others write is seen late on a shared folder: so many more looks before a run without an end counts as lost. */
const lateLooks = 3;

interface Followed {
  readonly task: Task;
  readonly submission: Submission;
  readonly index: number;
}

/** Takes over what an earlier controller has submitted; gives up what Slurm does not know of. */
const adopt = async (batch: string, created: string): Promise<readonly Submission[]> => {
  const all = (await readSubmissions(batch, created)).filter(({ isSuperseded }) => !isSuperseded);
  const known = new Map((await squeue(all.map(({ name }) => name))).map(({ name, job }) => [name, job]));
  const adopted: Submission[] = [];
  for (const submission of all) {
    const job = submission.job ?? known.get(submission.name);
    if (job !== undefined) {
      if (submission.job === null) await writeSubmissionFile(submission.folder, 'job.txt', `${job}\n`);
      adopted.push({ ...submission, job });
      continue;
    }
    // Its sbatch may be on its way still: tasks that begin from now on end at once, and those that just have are cancelled.
    await writeSubmissionFile(submission.folder, 'superseded', '');
    await scancel((await squeue([submission.name])).filter(isActive).map((task) => task.job));
  }
  return adopted;
};

/** Submits the tasks, in arrays of like ones, as large as the cluster takes. */
const submit = async (tasks: readonly Task[], first: number, options: SlurmOptions): Promise<readonly Submission[]> => {
  if (tasks.length === 0) return [];
  const { folder: batch, created, command, jobs, retries } = options;
  const submissions: Submission[] = [];
  for (const { tasks: own, atOnce, behind } of planArrays(tasks, await readMaxArraySize(), jobs)) {
    const [{ resources } = { resources: noResources }] = own;
    const runs = own.map((task) => task.name);
    const number = first + submissions.length;
    const here = submissionFolder(batch, number);
    const name = jobName(batch, created, number);
    await writeSubmissionFile(here, 'runs.txt', `${runs.join('\n')}\n`);
    const text = arrayScript({ name, numTasks: runs.length, jobs: atOnce, retries, resources, batch, here, command });
    const earlier = behind === null ? undefined : submissions[behind]?.job;
    const dependency = typeof earlier === 'string' ? [`--dependency=afterany:${earlier}`] : [];
    const job = await sbatch(await writeSubmissionFile(here, 'array.sh', text), here, dependency);
    await writeSubmissionFile(here, 'job.txt', `${job}\n`);
    submissions.push({ folder: here, number, name, runs, job, isSuperseded: false });
  }
  return submissions;
};

/** One summary job waits for all arrays; there is none twice. */
const submitSummary = async (
  submissions: readonly Submission[],
  resources: Resources,
  { folder, created, command }: SlurmOptions,
): Promise<void> => {
  const name = jobName(folder, created, 'summary');
  const last = submissions.at(-1);
  const jobs = submissions.flatMap(({ job }) => (job === null ? [] : [job]));
  if (last === undefined || jobs.length === 0) return;
  await scancel((await squeue([name])).filter((task) => task.state === 'PENDING').map(({ job }) => job));
  const file = await writeSubmissionFile(last.folder, 'summary.sh', summaryScript(name, folder, resources, command));
  await sbatch(file, last.folder, [`--dependency=afterany:${jobs.join(':')}`]);
};

const verdictOf = async ({ folder }: Task, state: string | null, isStopping: boolean): Promise<Verdict | null> => {
  const record = await recordOf(folder);
  if (record === null)
    return { status: 'failed', code: 'folder-gone', message: `${folder} is gone, or its run.json cannot be read`, record: null };
  if (record.status === 'done') return { status: 'done', record };
  if (record.status === 'failed')
    return { status: 'failed', code: record.error?.code ?? 'unknown', message: record.error?.message ?? 'its log says more', record };
  return isStopping || state === 'CANCELLED' || state === 'PREEMPTED' ? { status: 'stopped' } : null;
};

class Watch {
  readonly #options: SlurmOptions;
  readonly #watcher: Watcher;
  readonly #started = new Set<string>();
  readonly #late = new Map<string, number>();
  #followed: readonly Followed[];
  #hasCancelled = false;

  constructor(followed: readonly Followed[], watcher: Watcher, options: SlurmOptions) {
    this.#options = options;
    this.#watcher = watcher;
    this.#followed = followed;
  }

  async follow(signal: AbortSignal): Promise<void> {
    while (this.#followed.length > 0) {
      if (signal.aborted) await this.#cancel();
      const names = [...new Set(this.#followed.map(({ submission }) => submission.name))];
      // A controller of Slurm that restarts is no end of the runs.
      const seen = await squeue(names).catch((error: unknown) => {
        if (error instanceof BatchError) return null;
        throw error;
      });
      if (seen !== null) await this.#look(seen);
      if (this.#followed.length > 0) await sleep(this.#options.pollMs, undefined, { signal }).catch(() => sleep(100));
    }
  }

  async #cancel(): Promise<void> {
    if (this.#hasCancelled) return;
    await scancel([...new Set(this.#followed.flatMap(({ submission: { job } }) => (job === null ? [] : [job])))]);
    this.#hasCancelled = true;
  }

  async #look(seen: readonly SlurmTask[]): Promise<void> {
    const states = new Map(seen.map((each) => [`${each.name}/${String(each.index)}`, each]));
    const left: Followed[] = [];
    for (const each of this.#followed) {
      const state = states.get(`${each.submission.name}/${String(each.index)}`);
      const isOver =
        state !== undefined && isActive(state) ? await this.#active(each.task, state) : await this.#over(each, state?.state ?? null);
      if (!isOver) left.push(each);
    }
    this.#followed = left;
  }

  /** Never over. */
  async #active(task: Task, { state }: SlurmTask): Promise<false> {
    if (state === 'RUNNING') {
      if (!this.#started.has(task.name)) this.#watcher.started(task);
      this.#started.add(task.name);
      const record = await recordOf(task.folder);
      const progress = record === null ? null : progressOf(record);
      if (progress !== null) this.#watcher.progress(task, progress);
    } else if (state !== 'COMPLETING' && this.#started.delete(task.name)) {
      this.#watcher.again(task, `Slurm has queued it again (${state})`, 0);
    }
    return false;
  }

  async #over({ task, submission, index }: Followed, state: string | null): Promise<boolean> {
    let verdict = await verdictOf(task, state, this.#hasCancelled);
    if (verdict === null) {
      const looks = (this.#late.get(task.name) ?? 0) + 1;
      this.#late.set(task.name, looks);
      if (looks <= lateLooks) return false;
      const where = `${submission.folder}/${String(index)}.log`;
      const message = `its job ended before its time${state === null ? '' : ` (${state})`}; its log and ${where} say more`;
      verdict = { status: 'failed', code: 'crashed', message, record: await recordMishap(task.folder, 'crashed', message, true) };
    }
    this.#watcher.ended(task, verdict);
    if (verdict.status === 'failed' && (this.#options.failFast || verdict.code === diskFull)) await this.#cancel();
    return true;
  }
}

export const createSlurmLauncher = (options: SlurmOptions): Launcher => ({
  launch: async (tasks, watcher, signal) => {
    const { folder, created, detach } = options;
    const earlier = await adopt(folder, created);
    const seen = (await squeue(earlier.map(({ name }) => name))).filter(isActive);
    const active = new Set(seen.map(({ name, index }) => `${name}/${String(index)}`));
    const find = (submissions: readonly Submission[], task: Task): readonly Followed[] =>
      submissions.flatMap((submission) => {
        const index = submission.runs.indexOf(task.name);
        return index === -1 ? [] : [{ task, submission, index }];
      });
    const queued = tasks.flatMap((task) =>
      find(earlier, task)
        .filter(({ submission, index }) => active.has(`${submission.name}/${String(index)}`))
        .slice(-1),
    );
    const isQueued = new Set(queued.map(({ task }) => task.name));
    const missing = tasks.filter(({ name }) => !isQueued.has(name));
    for (const task of missing) await task.prepare();
    if (signal.aborted) return;
    const next = Math.max(0, ...(await readSubmissions(folder, created)).map(({ number }) => number)) + 1;
    const submitted = await submit(missing, next, options);
    const followed = [...queued, ...missing.flatMap((task) => find(submitted, task))];
    const [{ resources } = { resources: noResources }] = missing;
    if (submitted.length > 0) await submitSummary([...new Set(followed.map(({ submission }) => submission))], resources, options);
    if (!detach) await new Watch(followed, watcher, options).follow(signal);
  },
});
