import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { suggest } from '../../src/registry/suggest.js';
import { compareRuns, type CompareOptions } from '../../src/report/compare.js';
import { findRuns } from '../../src/report/runs.js';
import { summarizeRuns } from '../../src/report/summary.js';
import { writeRun } from './run-folders.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latentlab-comparable-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const options: CompareOptions = { metrics: [], by: [], where: [], sort: null, against: null, format: 'table', suggest };

/** A run whose bound was measured on data described so; null: its record does not say. */
const write = (name: string, data: string | null): void => {
  writeRun(folder, { name, elbo: -100 });
  if (data === null) return;
  const file = join(folder, name, 'run.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as object;
  const origin = { metric: 'elbo', version: 1, unit: 'nats', split: 'test', data, examples: 10, params: {}, hashes: {} };
  writeFileSync(file, JSON.stringify({ ...record, provenance: { [data]: origin }, measured: { 'test.elbo': data } }));
};

describe('figures of different provenance', () => {
  it('are refused in one table, with what is different', async () => {
    write('a', 'threshold at 0.5');
    write('b', 'one static sample');
    await expect(compareRuns(await findRuns(folder), options)).rejects.toThrow(
      'test.elbo of a and of b cannot be compared: they differ in the data (threshold at 0.5; one static sample)',
    );
  });

  it('are refused where samples are of a prior and of a sampler', async () => {
    write('a', 'threshold at 0.5');
    write('b', 'threshold at 0.5');
    const file = join(folder, 'b', 'run.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as { readonly provenance: Readonly<Record<string, object>> };
    const [origin] = Object.values(record.provenance);
    const provenance = { other: { ...origin, sampler: { type: 'normal', codes: 9 } } };
    writeFileSync(file, JSON.stringify({ ...record, provenance, measured: { 'test.elbo': 'other' } }));
    await expect(compareRuns(await findRuns(folder), options)).rejects.toThrow(
      'they differ in what samples are drawn from (the model\'s prior; {"type":"normal","codes":9})',
    );
  });

  it('may stand beside each other where they are the same, or older records do not say', async () => {
    write('a', 'one static sample');
    write('b', 'one static sample');
    write('c', null);
    await expect(compareRuns(await findRuns(folder), options)).resolves.toContain('test.elbo');
  });

  it('are left out of the tables of a batch, which say why', async () => {
    write('a', 'threshold at 0.5');
    write('b', 'one static sample');
    const { lines, csv } = await summarizeRuns(await findRuns(folder), [], JSON.stringify);
    expect(lines.join('\n')).toContain('cannot be compared');
    expect(lines.find((line) => line.startsWith('run '))).not.toContain('elbo');
    expect(csv).toContain('test.elbo');
  });
});
