import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvMetrics } from '../../../src/runner/output/metrics.js';
import { mountedDisk, rejectionOf, runErrorOf, temporaryFolder } from './support.js';

const columns = ['epoch', 'step', 'loss', 'train.elbo'];
const readRows = (file: string): readonly Record<string, string>[] => parse(readFileSync(file), { columns: true });

describe('metrics.csv', () => {
  it('is these bytes', async () => {
    const file = join(temporaryFolder(), 'metrics.csv');
    const metrics = createCsvMetrics(file);
    await metrics.start(columns);
    expect(readFileSync(file, 'utf8')).toBe('epoch,step,loss,train.elbo\n');
    await metrics.write({ epoch: 0, step: 0, loss: null, 'train.elbo': -543.25 });
    await metrics.write({ 'train.elbo': 1e-7, step: 390, epoch: 1 });
    await metrics.write({ epoch: 2, step: 780, loss: -0, 'train.elbo': 1e21 });
    expect(readFileSync(file, 'utf8')).toBe('epoch,step,loss,train.elbo\n0,0,,-543.25\n1,390,,1e-7\n2,780,0,1e+21\n');
  });

  it('gives back every number as it was, for any row', async () => {
    const cell = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 8 }), async (rows) => {
        const folder = temporaryFolder();
        const write = async (name: string): Promise<Buffer> => {
          const metrics = createCsvMetrics(join(folder, name));
          await metrics.start(columns);
          for (const row of rows) await metrics.write(Object.fromEntries(columns.map((column, i) => [column, row[i]!])));
          return readFileSync(join(folder, name));
        };
        const bytes = await write('a.csv');
        expect(bytes.equals(await write('b.csv'))).toBe(true);
        const cells: readonly (readonly string[])[] = parse(bytes, { fromLine: 2 });
        // -0 and 0 are the same number in a table.
        expect(cells).toEqual(rows.map((row) => row.map((value) => (value === null ? '' : String(value)))));
        expect(cells.map((row) => row.map((text) => (text === '' ? null : Number(text) + 0)))).toEqual(
          rows.map((row) => row.map((value) => (value === null ? null : value + 0))),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('quotes names that need it', async () => {
    const file = join(temporaryFolder(), 'metrics.csv');
    const metrics = createCsvMetrics(file);
    await metrics.start(['a,b', 'say "x"']);
    await metrics.write({ 'a,b': 1, 'say "x"': 2 });
    expect(readRows(file)).toEqual([{ 'a,b': '1', 'say "x"': '2' }]);
  });

  it('loses none of 200 rows that nobody awaits', async () => {
    const file = join(temporaryFolder(), 'metrics.csv');
    const metrics = createCsvMetrics(file);
    const writes: Promise<void>[] = [metrics.start(['epoch'])];
    for (let epoch = 0; epoch < 200; epoch++) writes.push(metrics.write({ epoch }));
    await Promise.all(writes);
    expect(readRows(file).map(({ epoch }) => Number(epoch))).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s before anything is written, and takes the next row', async (value) => {
    const file = join(temporaryFolder(), 'metrics.csv');
    const metrics = createCsvMetrics(file);
    await metrics.start(columns);
    const { facts } = await runErrorOf(metrics.write({ epoch: 1, loss: value }), 'bad-row');
    expect(facts).toEqual({ file, column: 'loss', reason: `would be ${String(value)}` });
    await metrics.write({ epoch: 1, loss: 2 });
    expect(readRows(file)).toEqual([{ epoch: '1', step: '', loss: '2', 'train.elbo': '' }]);
  });

  it('refuses a column that is not in the header', async () => {
    const metrics = createCsvMetrics(join(temporaryFolder(), 'metrics.csv'));
    await metrics.start(columns);
    const { facts } = await runErrorOf(metrics.write({ epoch: 1, 'train.elbow': 2 }), 'bad-row');
    expect(facts.column).toBe('train.elbow');
  });

  it('wants its header first, and once', async () => {
    const metrics = createCsvMetrics(join(temporaryFolder(), 'metrics.csv'));
    expect(await rejectionOf(metrics.write({ epoch: 1 }))).toBeInstanceOf(Error);
    await metrics.start(columns);
    expect(await rejectionOf(metrics.start(columns))).toBeInstanceOf(Error);
  });

  it('goes on with its own file, without a row that was cut off', async () => {
    const file = join(temporaryFolder(), 'metrics.csv');
    writeFileSync(file, 'epoch,step\n0,0\n1,39');
    const metrics = createCsvMetrics(file);
    await metrics.start(['epoch', 'step']);
    await metrics.write({ epoch: 1, step: 390 });
    expect(readFileSync(file, 'utf8')).toBe('epoch,step\n0,0\n1,390\n');
  });

  it('writes the header anew when it was cut off itself', async () => {
    const file = join(temporaryFolder(), 'metrics.csv');
    writeFileSync(file, 'epoch,st');
    await createCsvMetrics(file).start(['epoch', 'step']);
    expect(readFileSync(file, 'utf8')).toBe('epoch,step\n');
  });

  it('does not go on with a file that has other columns', async () => {
    const file = join(temporaryFolder(), 'metrics.csv');
    writeFileSync(file, 'epoch,loss\n0,1\n');
    const { facts } = await runErrorOf(createCsvMetrics(file).start(['epoch', 'step']), 'other-columns');
    expect(facts).toEqual({ file, expected: ['epoch', 'step'], found: 'epoch,loss' });
    expect(readFileSync(file, 'utf8')).toBe('epoch,loss\n0,1\n');
  });

  it('has no torn row on a full disk, and no gap afterwards', async (context) => {
    const disk = mountedDisk(context, 'size=64k');
    const file = join(disk, 'metrics.csv');
    const metrics = createCsvMetrics(file);
    await metrics.start(['epoch', 'x', 'y']);
    // Other output fills the disk to its last page, so that a row must end in the middle.
    writeFileSync(join(disk, 'other'), new Uint8Array(60 * 1024));
    let written = 0;
    let failure: unknown = null;
    while (failure === null) {
      const row = { epoch: written, x: Math.sin(written + 1), y: Math.cos(written + 1) };
      failure = await metrics.write(row).then(
        () => null,
        (error: unknown) => error,
      );
      if (failure === null) written++;
    }
    expect(failure).toMatchObject({ code: 'disk-full', facts: { path: file, errno: 'ENOSPC' } });
    expect(written).toBeGreaterThan(50);
    const rows = readRows(file);
    expect(rows.map(({ epoch }) => Number(epoch))).toEqual(Array.from({ length: written }, (_, i) => i));
    expect(rows.map(({ y }) => Number(y))).toEqual(Array.from({ length: written }, (_, i) => Math.cos(i + 1)));
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
    // Room again: the lost row cannot come back, so no later one may follow.
    spawnSync('rm', [join(disk, 'other')]);
    expect(existsSync(join(disk, 'other'))).toBe(false);
    expect(await rejectionOf(metrics.write({ epoch: written + 1, x: 0, y: 0 }))).toBe(failure);
    expect(readRows(file)).toHaveLength(written);
  });
});
