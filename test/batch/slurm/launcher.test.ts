/** Batches on a cluster with Slurm, a real one of this machine alone: arrays, requeueing, a node that dies, and scancel. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyExperiment, writeExperiments } from '../../support/batch-kills.js';
import { until } from '../../support/daemons.js';
import { mountAt, unmountAt } from '../../support/small-disk.js';
import { missingForSlurm, startCluster, type Cluster } from '../../support/slurm.js';

const missing = missingForSlurm();
if (missing !== null) console.warn(`test/batch/slurm: skipped, ${missing}`);

const program = resolve(import.meta.dirname, '../../../dist/cli/main.js');

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

describe.skipIf(missing !== null)('a batch on a cluster with Slurm', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-slurm-'));
  let cluster: Cluster | null = null;
  const use = (): Cluster => {
    if (cluster === null) throw new Error('there is no cluster');
    return cluster;
  };
  beforeAll(async () => {
    mkdirSync(join(folder, 'cluster'));
    cluster = await startCluster(join(folder, 'cluster'));
  }, 180_000);
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  const start = (...args: readonly string[]): { readonly ended: Promise<Ended>; readonly kill: (signal: NodeJS.Signals) => void } => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...use().env, LATENTLAB_DATA: '' } });
    let output = '';
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    const ended = new Promise<Ended>((done) => {
      child.on('close', (code) => {
        done({ code, output });
      });
    });
    return { ended, kill: (signal) => child.kill(signal) };
  };
  const batch = (...args: readonly string[]): ReturnType<typeof start> => start('batch', ...args, '--launcher', 'slurm');
  const runOf = (name: string, run: string): string => join(folder, 'results/batches', name, run);
  const read = (name: string, run: string): Readonly<Record<string, unknown>> =>
    JSON.parse(readFileSync(join(runOf(name, run), 'run.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  const stepOf = (name: string, run: string): number =>
    existsSync(join(runOf(name, run), 'run.json')) ? Number(read(name, run)['step']) : 0;
  // A run's folder is there a moment before its record is.
  const sessionsOf = (name: string, run: string): readonly { readonly step: number }[] =>
    existsSync(join(runOf(name, run), 'run.json')) ? (read(name, run)['resumed'] as readonly { readonly step: number }[]) : [];
  const jobs = (): readonly string[] => use().call('squeue', '--noheader', '--array', '--format=%F_%K %T').split('\n').filter(Boolean);

  const writeLong = (name: string, settings: Readonly<Record<string, unknown>> = {}): void => {
    const training = { epochs: 800, batchSize: 30, evaluationBatchSize: 30, ...settings };
    writeFileSync(join(folder, `${name}.yaml`), tinyExperiment(name, 1, { training, checkpoints: { every: { steps: 50 } } }));
  };

  it('is an array, followed by a job that writes the summary, and is queued once however often it is started', async () => {
    writeExperiments(join(folder, 'study'), 3);
    // Killed at once after Slurm has taken the array.
    const first = batch('study', '--jobs', '2', '--memory', '0.2', '--partition', 'main', '--sbatch', 'comment=tried');
    const job = join(folder, 'results/batches/study/slurm/1/job.txt');
    await until('the array is submitted', () => existsSync(job));
    first.kill('SIGKILL');
    await first.ended;
    // And as if it had been killed a moment earlier.
    rmSync(job);
    const { code, output } = await batch('study', '--jobs', '2').ended;
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'results/batches/study/slurm/2'))).toBe(false);
    for (const run of ['tiny-0', 'tiny-1', 'tiny-2']) expect(read('study', run)).toMatchObject({ status: 'done', step: 6, resumed: [] });
    const script = readFileSync(join(folder, 'results/batches/study/slurm/1/array.sh'), 'utf8');
    for (const line of ['array=0-2%2', 'mem=205M', 'partition=main', 'requeue', 'comment=tried'])
      expect(script).toContain(`#SBATCH --${line}\n`);
    expect(readFileSync(join(folder, 'results/batches/study/summary.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(4);
  }, 180_000);

  it('leaves the summary to a job with --detach', async () => {
    writeExperiments(join(folder, 'away'), 1);
    const { code, output } = await batch('away', '--detach').ended;
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('submitted; latentlab status results/batches/away');
    await until('the summary is there', () => existsSync(join(folder, 'results/batches/away/summary.csv')));
    expect(read('away', 'tiny-0')).toMatchObject({ status: 'done' });
  }, 180_000);

  it('goes on from its checkpoint when a run ends with exit code 75', async () => {
    writeLong('short', { maxMinutes: 0.01 });
    const running = batch('short.yaml');
    await until('it is at work a second time', () => sessionsOf('short', 'short').length > 0);
    const [session] = sessionsOf('short', 'short');
    expect(session?.step).toBeGreaterThan(0);
    running.kill('SIGINT');
    const { code, output } = await running.ended;
    expect(code).toBe(130);
    expect(output).toContain('Slurm has queued it again');
    await until('nothing of it is left', () => jobs().length === 0);
  }, 180_000);

  it('cancels what has not begun when the disk is full, whether anybody looks on or not', async (context) => {
    writeExperiments(join(folder, 'full'), 4);
    const disk = join(folder, 'results/batches/full');
    mkdirSync(disk, { recursive: true });
    if (!mountAt(disk, 'size=1m')) context.skip('mounting is not permitted here');
    try {
      // Prepared, and taken back before it has begun.
      use().call('scontrol', 'update', 'partition=main', 'state=down');
      expect(await batch('full', '--out', disk, '--jobs', '1', '--detach').ended).toMatchObject({ code: 0 });
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize - 48 * 1024));
      use().call('scontrol', 'update', 'partition=main', 'state=up');
      await until('nothing of it is left', () => jobs().length === 0);
      const statuses = ['tiny-0', 'tiny-1', 'tiny-2', 'tiny-3'].map((run) => read('full', run)['status']);
      expect(statuses).toEqual(['failed', 'queued', 'queued', 'queued']);
      expect(read('full', 'tiny-0')).toMatchObject({ error: { code: 'disk-full' } });
      rmSync(join(disk, 'filler'));
      expect(await batch('full', '--out', disk).ended).toMatchObject({ code: 0 });
    } finally {
      use().call('scontrol', 'update', 'partition=main', 'state=up');
      unmountAt(disk);
    }
  }, 120_000);

  it('goes on from its checkpoint after its machine has died, and after scancel', async () => {
    writeLong('long');
    const first = batch('long.yaml');
    await until('it has a checkpoint', () => stepOf('long', 'long') > 50);
    await use().killNode();
    await until('Slurm has noticed', () => !jobs().some((job) => job.endsWith('_0 RUNNING')));
    await use().startNode();
    await until('it goes on', () => sessionsOf('long', 'long').length === 1);
    expect(sessionsOf('long', 'long')[0]?.step).toBeGreaterThan(0);
    use().call('scancel', readFileSync(join(folder, 'results/batches/long/slurm/1/job.txt'), 'utf8').trim());
    const { code, output } = await first.ended;
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain('long: stopped');
    expect(read('long', 'long')).toMatchObject({ status: 'interrupted' });
    const second = await batch('long.yaml').ended;
    expect(second).toMatchObject({ code: 0 });
    expect(read('long', 'long')).toMatchObject({ status: 'done', step: 1600 });
  }, 180_000);
});

describe('--launcher slurm', () => {
  it('says what keeps it from submitting, and refuses what would have no effect', async () => {
    const run = (args: readonly string[]): Promise<Ended> =>
      new Promise((done) => {
        const folder = mkdtempSync(join(tmpdir(), 'latentlab-no-slurm-'));
        writeExperiments(join(folder, 'study'), 1);
        const child = spawn(process.execPath, [program, 'batch', 'study', ...args], { cwd: folder, env: { PATH: '/nowhere' } });
        let output = '';
        child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
        child.on('close', (code) => {
          rmSync(folder, { recursive: true });
          done({ code, output });
        });
      });
    const missingCommand = await run(['--launcher', 'slurm']);
    expect(missingCommand).toMatchObject({ code: 1 });
    expect(missingCommand.output).toContain('there is no such command: Slurm is not installed here');
    expect((await run(['--launcher', 'slurm', '--hang-after', '3'])).output).toContain('--hang-after has no meaning for --launcher slurm');
    expect((await run(['--partition', 'gpu'])).output).toContain('--partition has no meaning for --launcher local');
    expect((await run(['--launcher', 'slurm', '--sbatch', 'a\nb'])).output).toContain('may have letters');
  }, 180_000);
});
