/** status, compare and summary, over run folders that tell everything there is to tell. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/registry/suggest.js';
import { compareRuns, type CompareOptions } from '../../src/report/compare.js';
import { ReportError } from '../../src/report/errors.js';
import { findRuns, type ReportedRun } from '../../src/report/runs.js';
import { statusLines } from '../../src/report/status.js';
import { summarizeRuns } from '../../src/report/summary.js';
import { toCsv, toMarkdown } from '../../src/report/tables.js';
import { rejectionOf, temporaryFolder } from '../runner/output/support.js';
import { writeRun, type MadeUp } from './run-folders.js';

const runsOf = (...made: readonly MadeUp[]): Promise<readonly ReportedRun[]> => {
  const folder = temporaryFolder();
  for (const each of made) writeRun(folder, each);
  return findRuns(folder);
};
const options: CompareOptions = { metrics: [], by: [], where: [], sort: null, against: null, format: 'table', suggest };

/** Two variants over four seeds: one is better by about 2 in every seed. */
const two: readonly MadeUp[] = [1, 2, 3, 4].flatMap((seed) => [
  { name: `flat-${String(seed)}`, experiment: 'flat', seed, elbo: -100 - seed, latent: 2 },
  { name: `deep-${String(seed)}`, experiment: 'deep', seed, elbo: -98 - seed - 0.1 * (seed % 2), latent: 20 },
]);

describe('runs', () => {
  it('are found wherever they lie, and once', async () => {
    const folder = temporaryFolder();
    writeRun(join(folder, 'vae'), { name: 'a' });
    writeRun(join(folder, 'batches/study'), { name: 'b' });
    writeFileSync(
      join(folder, 'batches/study/batch.json'),
      JSON.stringify({ runs: [{ name: 'b' }, { name: 'c', experiment: 'vae', seed: 2 }] }),
    );
    expect((await findRuns(folder)).map(({ name, status }) => [name, status])).toEqual([
      ['b', 'done'],
      ['c', 'queued'],
      ['a', 'done'],
    ]);
    expect((await findRuns(join(folder, 'vae/a'))).map(({ name }) => name)).toEqual(['a']);
  });

  it('that say "running" run only where a process does', async () => {
    const folder = temporaryFolder();
    for (const name of ['alive', 'dead', 'gone', 'elsewhere']) writeRun(folder, { name, status: 'running' });
    const lock = (name: string, pid: number, host: string): void => {
      writeFileSync(join(folder, name, 'run.lock'), JSON.stringify({ pid, host }));
    };
    lock('alive', process.pid, hostname());
    lock('dead', 2 ** 22 - 1, hostname());
    lock('elsewhere', 1, 'another-machine');
    mkdirSync(join(folder, 'torn'));
    writeFileSync(join(folder, 'torn/run.json'), '{"status": "run');
    const found = Object.fromEntries((await findRuns(folder)).map(({ name, status }) => [name, status]));
    expect(found).toEqual({ alive: 'running', dead: 'killed', gone: 'killed', elsewhere: 'running', torn: 'unreadable' });
  });
});

describe('status', () => {
  it('counts, shows what is worth a look first, and cuts what is too long', async () => {
    const runs = await runsOf(
      { name: 'a', elbo: -100.25 },
      { name: 'b', status: 'failed', error: 'the loss became NaN\n  Try less.' },
      { name: 'c', status: 'queued' },
    );
    expect(statusLines(runs, Date.parse('2026-11-23T06:05:00.000Z'), false)).toEqual([
      '3 runs: 1 failed, 1 queued, 1 done',
      'run  experiment  status  epoch  time  figure             error',
      'b    vae         failed  3/10   -     loss 1             the loss became NaN',
      'c    vae         queued  3/10   -     loss 1',
      'a    vae         done    3/10   1:01  test.elbo -100.25',
    ]);
    const many = await runsOf(...Array.from({ length: 50 }, (_, i) => ({ name: `r${String(i)}` })));
    expect(statusLines(many, 0, false).at(-1)).toBe('... and 10 more: --all shows them');
    expect(statusLines(many, 0, true)).toHaveLength(52);
    expect(statusLines([], 0, false)).toEqual(['no runs']);
  });

  it('says the experiment where the name of a run does not', async () => {
    const named = await runsOf({ name: 'vae-seed-1' }, { name: 'vae-seed-2' });
    expect(statusLines(named, 0, false)[1]).toMatch(/^run +status/);
    const mixed = await runsOf({ name: 'vae-seed-1' }, { name: '20261123-061902-a1b2' });
    expect(statusLines(mixed, 0, false)[1]).toMatch(/^run +experiment +status/);
  });
});

describe('compare', () => {
  it('groups runs over seeds, and tells a difference from chance', async () => {
    const text = await compareRuns(await runsOf(...two), { ...options, against: 'flat' });
    const rows = text.split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(rows).toContainEqual(['flat', '4', '4', '0', '-102.5', '1.291', '4']);
    expect(rows).toContainEqual(['deep', 'flat', '4', '1.95', 'significant (p < 0.0001)']);
    const noise = two.map((run, i) => (run.experiment === 'deep' ? { ...run, elbo: (run.elbo ?? 0) + 7 * (i % 3) - 8 } : run));
    expect(await compareRuns(await runsOf(...noise), options)).toMatch(/not significant \(p = 0\.\d+\)/);
  });

  it('groups by an axis of a sweep, by a path, and by the last words of a path', async () => {
    const runs = await runsOf(
      ...[1, 2].flatMap((seed) => [
        { name: `a-${String(seed)}`, variant: 'a', seed, elbo: -3, latent: 2, axes: { net: 'small' } },
        { name: `b-${String(seed)}`, variant: 'b', seed, elbo: -1, latent: 20, axes: { net: 'large' } },
      ]),
    );
    const groupsBy = async (by: string): Promise<readonly string[]> =>
      [...(await compareRuns(runs, { ...options, by: [by] })).matchAll(/^(\S+=\S+) +2 +2 +0/gm)].map((match) => match[1] ?? '');
    expect(await groupsBy('net')).toEqual(['net=small', 'net=large']);
    expect(await groupsBy('model.latent')).toEqual(['model.latent=2', 'model.latent=20']);
    expect(await groupsBy('latent')).toEqual(['latent=2', 'latent=20']);
    expect(await compareRuns(runs, { ...options, by: ['encoder.type'] })).toMatch(/^encoder\.type=mlp +4 +4 +0/m);
    const unclear = await rejectionOf(compareRuns(runs, { ...options, by: ['type'] }));
    expect(unclear).toBeInstanceOf(ReportError);
    expect(String(unclear)).toContain('type may be model.type or model.encoder.type');
    expect(await compareRuns(runs, options)).toMatch(/^vae \(net=small\) +2 +2 +0/m);
    expect((await summarizeRuns(runs, [], JSON.stringify)).csv).toMatch(/^run,experiment,seed,net,status/);
  });

  it('shows a dash for a component that an experiment goes without', async () => {
    const runs = await runsOf(
      ...[1, 2].flatMap((seed) => [
        { name: `a-${String(seed)}`, variant: 'a', seed, elbo: -3, sampler: 'null' },
        { name: `b-${String(seed)}`, variant: 'b', seed, elbo: -1, sampler: '{ type: normal }' },
      ]),
    );
    expect(await compareRuns(runs, { ...options, by: ['sampler'] })).toMatch(/^sampler=- +2 +2 +0 .*\nsampler=normal +2 +2 +0/m);
    expect(await compareRuns(runs, options)).toMatch(/^vae \(sampler\.type=-\) +2 +2 +0/m);
    for (const where of ['sampler=-', 'sampler=null'])
      expect(JSON.parse(await compareRuns(runs, { ...options, where: [where], format: 'json' }))).toMatchObject({
        runs: [{ run: 'a-1' }, { run: 'a-2' }],
      });
    expect(await compareRuns(runs, { ...options, by: ['sampler'], format: 'csv' })).not.toContain('null');
  });

  it('says where nothing can be said', async () => {
    const runs = await runsOf(
      { name: 'a', experiment: 'one', seed: 1, elbo: -1 },
      { name: 'b', experiment: 'two', seed: 1, elbo: -2 },
      { name: 'c', experiment: 'three', seed: 9, elbo: -3 },
    );
    const text = await compareRuns(runs, options);
    expect(text).toContain('one seed in common: nothing can be said');
    expect(text).toContain('no seed in common');
    expect(text).toContain('Holm');
  });

  it('keeps failed runs in sight, and out of the means', async () => {
    const runs = await runsOf(...two, {
      name: 'flat-5',
      experiment: 'flat',
      seed: 5,
      elbo: -5000,
      status: 'failed',
      error: 'the loss became NaN',
    });
    const text = await compareRuns(runs, options);
    expect(text).toMatch(/flat-5 .* failed .* the loss became NaN/);
    expect(text).toMatch(/flat +5 +4 +1 +-102\.5 /);
  });

  it('counts an experiment that was run twice once', async () => {
    const runs = await runsOf({ name: 'a', seed: 1, elbo: -1 }, { name: 'b', seed: 1, elbo: -1 }, { name: 'c', seed: 2, elbo: -3 });
    expect(await compareRuns(runs, options)).toMatch(/vae +3 +3 +0 +-2 +1\.4142 +2/);
  });

  it('finds the figure of a metric by the name that it has in the experiment', async () => {
    const figures = { 'test.many.bound': -2, 'test.many.bound.error': 0.5, 'test.few.precision': 0.25, 'test.few.recall': 0.75 };
    const runs = await runsOf({ name: 'a', figures });
    expect(await compareRuns(runs, { ...options, metrics: ['many'], format: 'csv' })).toMatch(/,test\.many\.bound,.*\n.*,-2,/);
    expect(await compareRuns(runs, { ...options, metrics: ['test.many'], format: 'csv' })).toContain(',test.many.bound,');
    // Two figures have that name, and neither belongs to the other.
    expect(String(await rejectionOf(compareRuns(runs, { ...options, metrics: ['few'] })))).toContain('no run has the figure "few"');
  });

  it('groups by values, filters and sorts', async () => {
    const runs = await runsOf(...two);
    const text = await compareRuns(runs, {
      ...options,
      by: ['model.latent', 'model.encoder'],
      where: ['status=done', 'seed=2'],
      sort: 'elbo:desc',
      metrics: ['elbo'],
    });
    expect(text.split('\n')[1]).toMatch(/^deep-2 /);
    expect(text).toContain('model.latent=20, model.encoder=mlp');
    expect(text).not.toContain('flat-1');
  });

  it('tells variants of one name apart by what differs', async () => {
    const runs = await runsOf({ name: 'a', variant: 'v2', elbo: -1 }, { name: 'b', variant: 'v20', latent: 20, elbo: -2 });
    const text = await compareRuns(runs, options);
    expect(text).toContain('vae (model.latent=2)');
    expect(text).toContain('vae (model.latent=20)');
  });

  it('is written as CSV, JSON and Markdown', async () => {
    const runs = await runsOf(...two);
    const records: readonly Readonly<Record<string, string>>[] = parse(await compareRuns(runs, { ...options, format: 'csv' }), {
      columns: true,
    });
    expect(records[0]).toEqual({
      run: 'deep-1',
      experiment: 'deep',
      seed: '1',
      status: 'done',
      seconds: '61',
      'test.elbo': '-99.1',
      error: '',
    });
    const json = JSON.parse(await compareRuns(runs, { ...options, format: 'json' })) as Readonly<Record<string, unknown>>;
    expect(json).toMatchObject({
      metrics: ['test.elbo'],
      groups: [{ variant: 'deep', figures: [{ count: 4 }] }, { variant: 'flat' }],
      tests: [{ seeds: 4 }],
    });
    expect(await compareRuns(runs, { ...options, format: 'markdown' })).toContain('| flat | 4 | 4 | 0 | -102.5 | 1.291 | 4 |');
  });

  it.each<readonly [string, Partial<CompareOptions>, RegExp]>([
    [
      'a figure',
      { metrics: ['elbow'] },
      /no run has the figure "elbow"; did you mean "elbo"\?\n {2}There are loss, test\.elbo, train\.elbo\./,
    ],
    ['a column', { sort: 'speed' }, /no column "speed"/],
    ['a variant', { against: 'wide' }, /no variant "wide"\n {2}There are deep; flat\./],
    ['a run that fits', { where: ['seed=9'] }, /none of 8 runs fits seed=9/],
    ['a condition', { where: ['seed'] }, /no path=value/],
  ])('misses %s that is not there', async (_, changes, message) => {
    const error = await rejectionOf(compareRuns(await runsOf(...two), { ...options, ...changes }));
    expect(error).toBeInstanceOf(ReportError);
    expect(String(error)).toMatch(message);
  });
});

describe('the summary of a batch', () => {
  it('has a row per run with every figure, and the reason of failures', async () => {
    const runs = await runsOf(...two, { name: 'bad', status: 'failed', error: '=SUM(1), "quoted"\nand more' });
    const { csv, lines, isAllDone } = await summarizeRuns(runs, [], JSON.stringify);
    const records: readonly Readonly<Record<string, string>>[] = parse(csv, { columns: true });
    expect(records).toHaveLength(9);
    expect(records[0]).toMatchObject({ run: 'bad', status: 'failed', loss: '1', error: `'=SUM(1), "quoted"\nand more` });
    expect(isAllDone).toBe(false);
    expect(lines.join('\n')).toMatch(/bad failed: =SUM\(1\), "quoted"\n {2}see latentlab logs "[^"\n]*bad"/);
  });
});

describe('what sentinels warned of', () => {
  const warned = Array.from({ length: 12 }, (_, i) => ({ name: `run-${String(i).padStart(2, '0')}`, warning: 'all are one\n  Try less.' }));

  it('stands in the summary of a batch, of runs that are done as well', async () => {
    const { csv, lines, isAllDone } = await summarizeRuns(await runsOf(...warned.slice(0, 1), { name: 'well' }), [], JSON.stringify);
    expect(lines.filter((line) => line.includes('warned'))).toEqual(['run-00 was warned (modeCollapse): after step 20, all are one']);
    expect(isAllDone).toBe(true);
    const records: readonly Readonly<Record<string, string>>[] = parse(csv, { columns: true });
    expect(records.map(({ run, warnings }) => [run, warnings])).toEqual([
      ['run-00', 'modeCollapse'],
      ['well', ''],
    ]);
  });

  it('does not bury the rest', async () => {
    const { lines } = await summarizeRuns(await runsOf(...warned), [], JSON.stringify);
    expect(lines.filter((line) => line.includes('was warned'))).toHaveLength(10);
    expect(lines).toContain('... and 2 more, in summary.csv');
  });
});

describe('tables', () => {
  it('are safe in spreadsheets and documents', () => {
    const table = {
      columns: ['a', 'b'],
      rows: [
        ['+1', -1],
        ['x|y', null],
      ],
    } as const;
    expect(toCsv(table)).toBe("a,b\n'+1,-1\nx|y,\n");
    expect(toMarkdown(table)).toEqual(['| a | b |', '| --- | --- |', '| +1 | -1 |', '| x\\|y | - |']);
  });
});
