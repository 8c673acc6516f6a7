/** Batches as a user meets them: what is run, what is said, what is left, and what happens when things go wrong. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyExperiment, writeExperiments } from '../support/batch-kills.js';
import { cli, interruptedCli, type CliResult } from './cli.js';

const folder = mkdtempSync(join(tmpdir(), 'latentlab-batch-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const latentlab = (...args: readonly string[]): CliResult => cli(args, folder);
const recordOf = (run: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')) as Readonly<Record<string, unknown>>;
const statuses = (batch: string): string => latentlab('status', batch, '--json').stdout;

/** Hundreds of steps: long enough to be met at work. */
const long = { training: { epochs: 300, batchSize: 30, evaluationBatchSize: 30 }, checkpoints: { every: { steps: 50 } } };

describe('a batch', () => {
  let first: CliResult = { code: null, stdout: '', stderr: '' };
  beforeAll(() => {
    writeExperiments(join(folder, 'study'), 2);
    writeFileSync(join(folder, 'study/other.yaml'), tinyExperiment('tiny-1', 7));
    first = latentlab('batch', 'study', '--jobs', '2');
  }, 180_000);

  it('trains every file of a folder, under names of their own', () => {
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
    expect(first.stdout).toContain('3 of 3 runs to do, 2 at a time, in results/batches/study\n');
    expect(first.stdout).toMatch(/^run +status +time +/m);
    for (const name of ['tiny-0', 'tiny-1-seed-1', 'tiny-1-seed-7'])
      expect(recordOf(`results/batches/study/${name}`)).toMatchObject({ status: 'done', epoch: 3, step: 6 });
    const [header = '', ...rows] = readFileSync(join(folder, 'results/batches/study/summary.csv'), 'utf8').trimEnd().split('\n');
    expect(header.split(',')).toContain('status');
    expect(rows.filter((row) => row.includes('done'))).toHaveLength(3);
  });

  it('is done when it is done: the same command starts nothing, and files that were edited are told of', () => {
    const before = readFileSync(join(folder, 'results/batches/study/tiny-0/events.jsonl'), 'utf8');
    writeFileSync(join(folder, 'study/tiny-0.yaml'), tinyExperiment('tiny-0', 0, { training: { epochs: 5, batchSize: 30 } }));
    const { code, stdout } = latentlab('batch', 'study', '--jobs', '2');
    expect(code).toBe(0);
    expect(stdout).toContain('study/tiny-0.yaml has changed since the batch began, which goes on as it was; --needed takes the files as');
    expect(readFileSync(join(folder, 'results/batches/study/tiny-0/events.jsonl'), 'utf8')).toBe(before);
  });

  it('--needed runs what files declare now and is not done', () => {
    const dry = latentlab('batch', 'study', '--needed', '--dry-run').stdout;
    expect(dry).toContain('1 of 3 runs in results/batches/study\n');
    const { code, stdout } = latentlab('batch', 'study', '--needed');
    expect(code).toBe(0);
    expect(stdout).toContain('1 of 3 runs to do');
    expect(statuses('results/batches/study').match(/"done"/g)).toHaveLength(3);
  }, 180_000);

  it('is compared by seed, with the pairs that there are', () => {
    const { code, stdout } = latentlab('compare', 'results/batches/study', '--metric', 'gan-value', '--by', 'training.epochs');
    expect(code).toBe(0);
    expect(stdout).toContain('training.epochs=5');
    expect(stdout).toMatch(/one seed in common|no seed in common/);
    const csv = latentlab('compare', 'results/batches/study', '--format', 'csv', '--where', 'seed=7').stdout.trimEnd().split('\n');
    expect(csv).toHaveLength(2);
    const sorted = latentlab('compare', 'results/batches/study', '--format', 'json', '--sort', 'seed:desc').stdout;
    expect(() => JSON.parse(sorted) as unknown).not.toThrow();
  });

  it('has a log for each run', () => {
    const { code, stdout } = latentlab('logs', 'results/batches/study/tiny-0');
    expect({ code, hasFolder: stdout.includes('tiny-0') }).toEqual({ code: 0, hasFolder: true });
    expect(latentlab('logs', 'results/batches/study/nothing').code).toBe(2);
  });
});

describe('a run of a batch that goes wrong', () => {
  it('ends alone, stays visible, and is tried again when it is asked for', () => {
    writeFileSync(join(folder, 'points.csv'), '1\n2\nthree\n');
    writeExperiments(join(folder, 'mixed'), 1);
    const data = { type: 'csv', file: 'points.csv', header: false, validation: 10, test: 10 };
    writeFileSync(join(folder, 'mixed/hole.yaml'), tinyExperiment('hole', 1, { data }));
    const { code, stdout } = latentlab('batch', 'mixed');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^hole: FAILED|^hole: failed/m);
    expect(recordOf('results/batches/mixed/tiny-0')).toMatchObject({ status: 'done' });
    expect(latentlab('status', 'results/batches/mixed').stdout).toMatch(/hole +failed .*three/);
    expect(latentlab('batch', 'mixed').stdout).toContain('1 failed before, and will not be tried again unless with --only-failed');
    writeFileSync(join(folder, 'points.csv'), Array.from({ length: 200 }, (_, i) => String(Math.sin(i))).join('\n'));
    expect(latentlab('batch', 'mixed', '--only-failed').code).toBe(0);
    expect(recordOf('results/batches/mixed/hole')).toMatchObject({ status: 'done', error: null });
  }, 180_000);

  it('is ended at its time limit, and at its memory limit', () => {
    writeFileSync(join(folder, 'long.yaml'), tinyExperiment('long', 1, { ...long, training: { epochs: 1_000_000, batchSize: 30 } }));
    expect(latentlab('batch', 'long.yaml', '--time-limit', '0.05').code).toBe(1);
    expect(recordOf('results/batches/long/long')).toMatchObject({ status: 'failed', error: { code: 'time-limit' } });
    expect(latentlab('batch', 'long.yaml', '--restart', '--memory', '0.05').code).toBe(1);
    expect(recordOf('results/batches/long/long')).toMatchObject({ status: 'failed', error: { code: 'memory-limit' } });
  }, 180_000);
});

describe('what keeps a batch from being started', () => {
  it('is told at once for all files, and nothing is begun', () => {
    writeExperiments(join(folder, 'faulty'), 1);
    writeFileSync(join(folder, 'faulty/a.yaml'), tinyExperiment('a', 1, { seed: -1 }));
    writeFileSync(join(folder, 'faulty/b.yaml'), tinyExperiment('b', 1, { losses: ['gan-nonsaturating'] }));
    const { code, stderr } = latentlab('batch', 'faulty');
    expect(code).toBe(2);
    expect(stderr).toContain('faulty/a.yaml:1:');
    expect(stderr).toContain('did you mean "gan-non-saturating"?');
    expect(stderr).toContain('nothing was started');
    expect(existsSync(join(folder, 'results/batches/faulty'))).toBe(false);
  });

  it.each([
    ['nothing there', ['nowhere'], 'there is no file "nowhere"'],
    ['a run that is not there', ['study', '--only', 'tiny-7'], '--only tiny-7 fits none of 3 runs'],
    ['contradictory options', ['study', '--needed', '--restart'], '--needed and --restart exclude each other'],
    ['a priority that is none', ['study', '--priority', 'high'], 'is no pattern=number'],
    ['another batch’s folder', ['mixed', '--out', 'results/batches/study'], 'is the batch of study, not of mixed'],
  ])('is %s', (_, args, message) => {
    const { code, stderr } = latentlab('batch', ...args);
    expect({ code, hasMessage: stderr.includes(message) }).toEqual({ code: 2, hasMessage: true });
  });
});

describe('a controller', () => {
  it('that is interrupted leaves checkpoints, keeps others out meanwhile, and goes on', async () => {
    writeFileSync(join(folder, 'slow.yaml'), tinyExperiment('slow', 1, long));
    const running = interruptedCli(['batch', 'slow.yaml', '--json'], folder, /"epoch"/, 'SIGINT');
    const { code } = await running;
    expect(code).toBe(130);
    const { status, step } = recordOf('results/batches/slow/slow');
    expect(status).toBe('interrupted');
    expect(latentlab('batch', 'slow.yaml').code).toBe(0);
    expect(recordOf('results/batches/slow/slow')).toMatchObject({ status: 'done', step: 600 });
    expect(Number(step)).toBeLessThan(600);
  }, 180_000);
});
