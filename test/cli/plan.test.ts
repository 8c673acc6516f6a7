/** `latentlab plan`: what is printed, as text and as JSON, for one run and for several, and exit codes. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPlan, type PlanOptions } from '../../src/cli/commands/plan.js';
import { createRegistry } from '../../src/runner/registry.js';
import type { RunPlan } from '../../src/runner/plan/plan.js';
import { writeInto } from '../components/shared/temporary.js';
import { temporaryFolder } from '../runner/output/support.js';
import { cli } from './cli.js';

const configs = resolve(import.meta.dirname, '../../configs');
const quickstart = join(configs, 'quickstart.yaml');

const plan = async (
  paths: readonly string[],
  options: Partial<PlanOptions> = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const code = await runPlan(paths, { set: [], setFile: [], unset: [], verbose: false, json: false, ...options }, io, createRegistry());
  return { code, out: out.join('\n'), err: err.join('\n') };
};

describe('the plan of one run', () => {
  it('says what it computes, takes and leaves', async () => {
    const { code, out, err } = await plan([quickstart]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const part of [
      'mnist-10k: 28x28x1, binary, 10 classes',
      '8,000 train, 1,000 validation, 1,000 test',
      'vae, 815,824 parameters, on the onnx engine',
      '1,860: 30 epochs of 62, batches of 128',
      '263 M multiply-adds',
      'weights 3.26 MB, optimizer 6.53 MB',
      'an estimate',
      'FLOP/s in products',
      '31 rows of 14 columns',
      'samples: after epochs 0, 15, 30',
    ])
      expect(out).toContain(part);
    expect(out).toMatch(/encoder \(encoder mlp\) +412,540\n +hidden-0 +500 +392,500\n +output +40 +20,040/);
    expect(out).not.toContain('encoder/hidden-0/kernel');
  });

  it('lists every variable where it is asked to', async () => {
    const { out } = await plan([quickstart], { verbose: true });
    expect(out).toMatch(/encoder\/hidden-0\/kernel +784x500 +yes +392,000/);
    expect(out).toMatch(/optimizer\/encoder\/hidden-0\/kernel\/\S+ +784x500 +no +392,000/);
  });

  it('takes overrides', async () => {
    expect((await plan([quickstart], { set: ['model.latent=2', 'engine=cpu'] })).out).toMatch(/788,788 parameters, on the cpu engine/);
  });

  it('says where data had to be loaded, and that labels are missing', async () => {
    const folder = temporaryFolder();
    const table = writeInto(
      folder,
      'points.csv',
      ['a,b', ...Array.from({ length: 40 }, (_, i) => `${String(Math.sin(i))},${String(i)}`), ''].join('\n'),
    );
    const file = writeInto(
      folder,
      'points.yaml',
      `data: { type: csv, file: ${table}, test: 8 }
model: { type: vae, latent: 1, likelihood: gaussian }
losses: [reconstruction, kl]
training: { steps: 5, batchSize: 8 }
`,
    );
    const { out } = await plan([file]);
    expect(out).toContain('csv: 2, real, no labels; loaded, as only the files could tell');
    expect(out).toContain('32 train, 0 validation, 8 test');
  });
});

describe('plans of several runs', () => {
  it('are a line each, and a sum', async () => {
    const { code, out } = await plan([quickstart, join(configs, 'seed/vae-2d.yaml')]);
    expect(code).toBe(0);
    expect(out).toMatch(/quickstart\.yaml +vae on mnist-10k +815,824 parameters +1,860 steps/);
    expect(out).toMatch(/2 runs, about [\d:]+ one after another, an estimate at/);
  });

  it('are JSON where it is asked for, those of a folder too', async () => {
    const { out } = await plan([join(configs, 'toy')], { json: true });
    const plans = JSON.parse(out) as readonly RunPlan[];
    expect(plans.map(({ file }) => file)).toEqual(
      readdirSync(join(configs, 'toy'))
        .toSorted()
        .map((file) => join(configs, 'toy', file)),
    );
    for (const { cost, time } of plans) {
      expect(cost?.flops).toBeGreaterThan(0);
      expect(time?.secondsPerStep).toBeGreaterThan(0);
    }
  });

  it('are made whatever is wrong with the others', async () => {
    const { code, out, err } = await plan([quickstart, 'none.yaml']);
    expect(code).toBe(2);
    expect(out).toContain('quickstart.yaml');
    expect(err).toContain('none.yaml');
  });

  it('are none in a folder without experiments', async () => {
    expect(await plan([temporaryFolder()])).toMatchObject({ code: 2, out: '' });
  });
});

describe('the command', () => {
  it('tells of a missing gradient at the losses, and so does run, before there is a folder', () => {
    const folder = temporaryFolder();
    const args = [quickstart, '--set', 'losses=[kl]'];
    for (const command of ['plan', 'run']) {
      const { code, stderr } = cli([command, ...args], folder);
      expect(code).toBe(2);
      expect(stderr).toContain('--set losses=[kl]  losses  [no-gradient]\n  no loss depends on decoder "mlp"');
    }
    expect(existsSync(join(folder, 'results'))).toBe(false);
  });

  it('writes nothing', () => {
    const folder = temporaryFolder();
    expect(cli(['plan', quickstart], folder)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
