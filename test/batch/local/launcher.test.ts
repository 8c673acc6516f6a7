/** What may happen to the processes of a batch, tried with workers that misbehave. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Task, Verdict, Watcher } from '../../../src/batch/launcher.js';
import { createLocalLauncher, type LocalOptions } from '../../../src/batch/local/launcher.js';
import { noResources } from '../../../src/runner/config/resource-params.js';
import { prepareRun } from '../../../src/runner/prepare.js';
import { readRecord } from '../../../src/runner/resume.js';
import { until } from '../../support/daemons.js';
import { temporaryFolder } from '../../runner/output/support.js';

const options: LocalOptions = {
  command: { program: join(import.meta.dirname, '../fake-worker.mjs'), args: (folder) => [folder] },
  jobs: 2,
  threads: 1,
  limits: { memoryMiB: null, minutes: null, silentMinutes: null },
  retries: 2,
  backoffSeconds: 0.01,
  failFast: false,
};

const taskIn = (parent: string, behaviour: string, priority = 0, name = behaviour): Task => {
  const folder = join(parent, name);
  return {
    name,
    folder,
    priority,
    resources: noResources,
    prepare: () =>
      existsSync(join(folder, 'run.json'))
        ? Promise.resolve()
        : prepareRun(folder, {
            ...{ experiment: name, seed: 1, file: 'x.yaml', source: '', version: '0', plugins: [], git: null, workingFolder: '/' },
            hashes: { experiment: name, variant: name },
            resolved: JSON.stringify({ description: behaviour }),
          }),
  };
};

interface Heard {
  readonly started: string[];
  readonly again: string[];
  readonly verdicts: Map<string, Verdict>;
  mostAtOnce: number;
}

const launch = async (
  tasks: readonly Task[],
  changes: Partial<LocalOptions> = {},
  stopWhen: ((name: string) => Promise<void>) | null = null,
): Promise<Heard> => {
  const heard: Heard = { started: [], again: [], verdicts: new Map(), mostAtOnce: 0 };
  const controller = new AbortController();
  const waits: Promise<unknown>[] = [];
  const watcher: Watcher = {
    started: ({ name }) => {
      heard.started.push(name);
      heard.mostAtOnce = Math.max(heard.mostAtOnce, heard.started.length - heard.again.length - heard.verdicts.size);
      if (stopWhen === null) return;
      // Ends all whatever comes of it: a launcher that nobody stops would never end, and a rejection be nobody's.
      const wait = stopWhen(name).then(
        () => null,
        (error: unknown) => error,
      );
      waits.push(
        wait.finally(() => {
          controller.abort();
        }),
      );
    },
    progress: () => undefined,
    waiting: () => undefined,
    again: (_, reason) => heard.again.push(reason),
    ended: ({ name }, verdict) => heard.verdicts.set(name, verdict),
  };
  await createLocalLauncher({ ...options, ...changes }).launch(tasks, watcher, controller.signal);
  expect((await Promise.all(waits)).filter((error) => error !== null)).toEqual([]);
  return heard;
};

const attemptsOf = ({ folder }: Task): readonly string[] => readFileSync(join(folder, 'attempts'), 'utf8').trim().split('\n');

describe('a run that ends badly', () => {
  const limits = { memoryMiB: null, minutes: null, silentMinutes: null };
  it.each<readonly [string, string, Partial<LocalOptions>, string, RegExp, number]>([
    ['a fault in native code', 'segv', {}, 'crashed', /SIGSEGV.*3 attempts/, 3],
    ['a heap that is full', 'heap', { retries: 0, limits: { ...limits, memoryMiB: 200 } }, 'crashed', /SIGABRT.*out of memory/, 1],
    [
      'memory beyond its limit',
      'memory',
      { limits: { ...limits, memoryMiB: 400 } },
      'memory-limit',
      /MiB of memory, and 400 are allowed/,
      1,
    ],
    ['too much time', 'silent', { limits: { ...limits, minutes: 0.05 } }, 'time-limit', /longer than 0.05 minutes/, 1],
    ['no sign of life', 'busy', { retries: 1, limits: { ...limits, silentMinutes: 0.05 } }, 'silence', /no sign of life/, 2],
    ['an exception', 'throws', { retries: 0 }, 'crashed', /exit code 1/, 1],
    ['an end before its time, again and again', 'stuck', {}, 'no-progress', /without having come any further/, 3],
    ['a failure of its own, which another attempt would meet as well', 'fails', {}, 'non-finite-loss', /became NaN/, 1],
  ])('by %s fails alone, and says why', async (_, behaviour, changes, code, message, attempts) => {
    const parent = temporaryFolder();
    const [bad, good] = [taskIn(parent, behaviour), taskIn(parent, 'fine')];
    const { verdicts } = await launch([bad, good], changes);
    expect(verdicts.get('fine')?.status).toBe('done');
    expect(verdicts.get(behaviour)).toMatchObject({ status: 'failed', code });
    expect(verdicts.get(behaviour)).toHaveProperty('message', expect.stringMatching(message));
    expect(attemptsOf(bad)).toHaveLength(attempts);
    const record = await readRecord(bad.folder);
    expect(record).toMatchObject({ status: 'failed', error: { code } });
    expect(readFileSync(join(bad.folder, 'log.txt'), 'utf8')).toContain(`failed (${code})`);
  });

  it('has the time of all its attempts counted, and as much again when the batch is started again', async () => {
    const task = taskIn(temporaryFolder(), 'slow-steps');
    const changes = { limits: { ...limits, minutes: 0.03 } };
    const code = async (): Promise<unknown> => (await launch([task], changes)).verdicts.get('slow-steps');
    expect(await code()).toMatchObject({ status: 'failed', code: 'time-limit' });
    const before = attemptsOf(task).length;
    expect(before).toBeGreaterThan(1);
    expect(await code()).toMatchObject({ status: 'failed', code: 'time-limit' });
    // An attempt that finds its time used up would be ended at once.
    expect(attemptsOf(task).length).toBeGreaterThan(before + 1);
  }, 60_000);

  it('is tried again, later and later, and goes on', async () => {
    const parent = temporaryFolder();
    const task = taskIn(parent, 'segv-once');
    const { verdicts, again } = await launch([task], { backoffSeconds: 0.5 });
    expect(verdicts.get('segv-once')?.status).toBe('done');
    expect(again).toEqual([expect.stringContaining('SIGSEGV')]);
    const [first = 0, second = 0] = attemptsOf(task).map((line) => Number(line.split(' ')[1]));
    expect(second - first).toBeGreaterThan(500);
    expect((await readRecord(task.folder)).status).toBe('done');
  });

  it('with exit code 75 goes on as long as it comes further, whatever the number of retries', async () => {
    const task = taskIn(temporaryFolder(), 'preempted');
    expect((await launch([task], { retries: 0 })).verdicts.get('preempted')?.status).toBe('done');
    expect(attemptsOf(task)).toHaveLength(3);
  });
});

describe('the pool', () => {
  it('starts the most urgent first, and otherwise in their order', async () => {
    const parent = temporaryFolder();
    const tasks = [
      taskIn(parent, 'fine', 0, 'a'),
      taskIn(parent, 'fine', -1, 'b'),
      taskIn(parent, 'fine', 5, 'c'),
      taskIn(parent, 'fine', 0, 'd'),
    ];
    expect((await launch(tasks, { jobs: 1 })).started).toEqual(['c', 'a', 'd', 'b']);
  });

  it('runs as many at a time as it may, with so many threads each', async () => {
    const parent = temporaryFolder();
    const tasks = ['a', 'b', 'c', 'd'].map((name) => taskIn(parent, 'slow', 0, name));
    expect(await launch(tasks, { jobs: 3, threads: 3 })).toMatchObject({ mostAtOnce: 3 });
    for (const task of tasks) expect(attemptsOf(task)).toEqual([expect.stringMatching(/^3 /)]);
  });

  it('heeds what a run says of itself, before the limits of all', async () => {
    const parent = temporaryFolder();
    const [short, narrow] = [taskIn(parent, 'silent'), taskIn(parent, 'fine')];
    const limits = { memoryMiB: null, minutes: 60, silentMinutes: null };
    const tasks = [
      { ...short, resources: { ...noResources, timeLimit: 0.01 } },
      { ...narrow, resources: { ...noResources, cpus: 2 } },
    ];
    const { verdicts } = await launch(tasks, { limits, threads: 3 });
    expect(verdicts.get('silent')).toMatchObject({ status: 'failed', code: 'time-limit' });
    expect(attemptsOf(narrow)).toEqual([expect.stringMatching(/^2 /)]);
  });

  it('stops all with their checkpoints when one fails and is asked to fail fast', async () => {
    const parent = temporaryFolder();
    const [polite, fails, later] = [taskIn(parent, 'polite'), taskIn(parent, 'fails'), taskIn(parent, 'fine')];
    const { verdicts } = await launch([polite, fails, later], { failFast: true });
    expect(Object.fromEntries([...verdicts].map(([name, { status }]) => [name, status]))).toEqual({ polite: 'stopped', fails: 'failed' });
    expect((await readRecord(polite.folder)).status).not.toBe('failed');
    expect(existsSync(later.folder)).toBe(false);
  });

  it('stops all when the disk is full: the next run would have no room either', async () => {
    const parent = temporaryFolder();
    const [polite, full, later] = [taskIn(parent, 'polite'), taskIn(parent, 'full'), taskIn(parent, 'fine')];
    const { verdicts } = await launch([polite, full, later]);
    expect(Object.fromEntries([...verdicts].map(([name, { status }]) => [name, status]))).toEqual({ polite: 'stopped', full: 'failed' });
    expect(existsSync(later.folder)).toBe(false);
  });

  it('stops when it is told to, and leaves the rest queued', async () => {
    const parent = temporaryFolder();
    const tasks = [taskIn(parent, 'polite'), taskIn(parent, 'fine')];
    const { verdicts } = await launch(tasks, { jobs: 1 }, (name) =>
      until('it listens for signals', () => existsSync(join(parent, name, 'listening'))),
    );
    expect([...verdicts]).toEqual([['polite', { status: 'stopped' }]]);
    expect(await readRecord(join(parent, 'polite'))).toMatchObject({ status: 'interrupted', step: 5 });
  });

  it('waits for a worker that its predecessor has left', async () => {
    const parent = temporaryFolder();
    const task = taskIn(parent, 'fine');
    await task.prepare();
    const { acquireLock } = await import('../../../src/runner/output/lock.js');
    const lock = await acquireLock(join(task.folder, 'run.lock'));
    let released = Infinity;
    const release = async (): Promise<void> => {
      await sleep(500);
      released = Date.now();
      await lock.release();
    };
    await Promise.all([launch([task]), release()]);
    const attempts = attemptsOf(task).map((line) => Number(line.split(' ')[1]));
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toBeGreaterThanOrEqual(released);
  });
});

describe('a run that another machine is at work on', () => {
  it('is waited for, and the batch says so once', async () => {
    const parent = temporaryFolder();
    const task = taskIn(parent, 'fine');
    await task.prepare();
    const lock = join(task.folder, 'run.lock');
    writeFileSync(lock, JSON.stringify({ pid: 12, host: 'elsewhere' }));
    const told: string[] = [];
    const ignore = (): void => undefined;
    const waiting = (_: Task, reason: string): void => {
      told.push(reason);
      setTimeout(() => {
        rmSync(lock, { force: true });
      }, 500);
    };
    const verdicts: string[] = [];
    const ended = (_: Task, { status }: Verdict): void => {
      verdicts.push(status);
    };
    const watcher = { started: ignore, progress: ignore, again: ignore, waiting, ended };
    await createLocalLauncher(options).launch([task], watcher, new AbortController().signal);
    expect(told).toEqual([`process 12 on elsewhere is at work on it; if there is none any more, remove ${lock}`]);
    expect(verdicts).toEqual(['done']);
  });
});
