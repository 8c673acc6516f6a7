/** Sweeps as a user meets them: what is listed, run, chosen by name, and compared. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import type { RunPlan } from '../../src/runner/plan/plan.js';
import { cli, type CliResult } from './cli.js';

const shipped = resolve(import.meta.dirname, '../../configs/sweeps');
const folder = mkdtempSync(join(tmpdir(), 'latentlab-sweep-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const latentlab = (...args: readonly string[]): CliResult => cli(args, folder);

const file = `name: tiny
seed: 1
seeds: 2
sweep:
  grid:
    lr: { path: training.optimizer.learningRate, values: [1e-3, 1e-2] }
    model.generator: [linear, { type: mlp, hidden: [4] }]
data: { type: gaussian-1d, examples: 60, validation: 20, test: 20 }
model: { type: gan, latent: 1, discriminator: { type: mlp, hidden: [4] } }
losses: [gan-non-saturating]
training: { epochs: 1, batchSize: 30, evaluationBatchSize: 20 }
metrics: [gan-value]
`;
beforeAll(() => {
  writeFileSync(join(folder, 'tiny.yaml'), file);
});

describe('a sweep', () => {
  it('is checked run by run, and summed up in a line', () => {
    expect(latentlab('check', 'tiny.yaml')).toMatchObject({
      code: 0,
      stdout: 'ok  tiny.yaml  (8 runs: gan on gaussian-1d, gan-non-saturating, 1 epoch)\n',
    });
    expect(latentlab('check', shipped)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is planned run by run, with names and a sum', () => {
    const { code, stdout } = latentlab('plan', 'tiny.yaml');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny-lr-0\.001-generator-linear-seed-1 +gan on gaussian-1d/m);
    expect(stdout).toMatch(/^8 runs, about 0:\d\d one after another/m);
    const plans = JSON.parse(latentlab('plan', 'tiny.yaml', '--json').stdout) as readonly RunPlan[];
    expect(plans.map(({ axes, seed }) => [axes['lr'], axes['generator'], seed])).toContainEqual(['0.01', 'mlp-hidden-4', 2]);
    expect(latentlab('plan', 'tiny.yaml', '--variant', 'tiny-lr-0.01-generator-linear-seed-2').stdout).toMatch(
      /^tiny-lr-0\.01-generator-linear-seed-2 +tiny\.yaml\n/,
    );
  });

  it('is no single run: run says how to choose one, and runs it', () => {
    const { code, stderr } = latentlab('run', 'tiny.yaml');
    expect(code).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('this file declares 8 runs');
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      '`latentlab run tiny.yaml --variant tiny-lr-0.001-generator-linear-seed-1` trains one.',
    );
    expect(existsSync(join(folder, 'results'))).toBe(false);
    const one = latentlab('run', 'tiny.yaml', '--variant', 'tiny-lr-0.01-generator-linear-seed-2', '--out', 'single', '--json');
    expect(one.code).toBe(0);
    const [run] = JSON.parse(latentlab('status', 'single', '--json').stdout) as readonly Readonly<Record<string, unknown>>[];
    expect(run).toMatchObject({ experiment: 'tiny', seed: 2, status: 'done', axes: { lr: '0.01', generator: 'linear' } });
  }, 60_000);
});

describe('a batch of a sweep', () => {
  it('starts the runs that are asked for, and leaves the others', () => {
    const dry = latentlab('batch', 'tiny.yaml', '--dry-run', '--only', '*-seed-2').stdout;
    expect(dry).toContain('4 of 8 runs in results/batches/tiny\n');
    expect(latentlab('batch', 'tiny.yaml', '--jobs', '2', '--only', '*-seed-2', '--quiet')).toMatchObject({ code: 0 });
    expect(latentlab('status', 'results/batches/tiny').stdout).toMatch(/^8 runs: 4 queued, 4 done$/m);
    expect(latentlab('batch', 'tiny.yaml', '--only', '*-conv-*')).toMatchObject({ code: 2 });
  }, 120_000);

  it('is compared by its axes, by paths, and by their last words', () => {
    const compare = (...by: readonly string[]): string =>
      latentlab('compare', 'results/batches/tiny', '--metric', 'gan-value', ...by.flatMap((each) => ['--by', each])).stdout;
    expect(compare('lr')).toMatch(/^lr=0\.01 +4 +2 +0/m);
    expect(compare('generator.type')).toMatch(/^generator\.type=mlp +4 +2 +0/m);
    expect(compare('generator', 'lr')).toMatch(/^generator=mlp-hidden-4, lr=0\.001 +2 +1 +0/m);
    expect(compare('learningRate')).toMatch(/^learningRate=0\.001 +[24] +2 +0/m);
    expect(compare()).toMatch(/^tiny \(lr=0\.01, generator=linear\) +2 +1 +0/m);
    const rows = parse(readFileSync(join(folder, 'results/batches/tiny/summary.csv'), 'utf8'), { columns: true }) as readonly Readonly<
      Record<string, string>
    >[];
    expect(rows.map(({ lr, generator }) => `${lr ?? ''} ${generator ?? ''}`)).toContain('0.01 mlp-hidden-4');
  });

  it('goes on with what is done when the sweep grows', () => {
    writeFileSync(join(folder, 'tiny.yaml'), file.replace('[1e-3, 1e-2]', '[1e-3, 3e-3, 1e-2]'));
    expect(latentlab('batch', 'tiny.yaml', '--needed', '--dry-run').stdout).toContain('8 of 12 runs in results/batches/tiny\n');
  });
});
