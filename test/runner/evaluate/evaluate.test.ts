/** Figures of checkpoints afterwards, and of images against images. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { evaluateFolders } from '../../../src/runner/evaluate/folders.js';
import { evaluateRun, type EvaluatedRun, type EvaluateOptions } from '../../../src/runner/evaluate/run.js';
import { silentProgress } from '../../../src/runner/output/progress.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { readRecord } from '../../../src/runner/resume.js';
import { createRegistry } from '../../../src/runner/registry.js';
import type { RunResult } from '../../../src/runner/run.js';
import { rejectionOf, temporaryFolder } from '../output/support.js';
import { runWith, textOf } from '../small-run.js';

const registry = createRegistry();

const random = createRandomStreams(4);
const writeImages = (name: string, count: number, level: number, folder = join(temporaryFolder(), name)): string => {
  mkdirSync(folder, { recursive: true });
  const noise = new Float32Array(64);
  for (let i = 0; i < count; i++) {
    random.draws(name, i).uniform(noise);
    const data = Uint8Array.from(noise, (value) => Math.round(level + 100 * value));
    writeFileSync(join(folder, `${String(i)}.png`), encode({ width: 8, height: 8, data, channels: 1 }));
  }
  return folder;
};

describe('evaluating a run', () => {
  const train = async (): Promise<{
    readonly run: RunResult;
    readonly evaluate: (options?: Partial<EvaluateOptions>) => Promise<EvaluatedRun>;
  }> => {
    const run = await runWith('checkpoints.every.epochs=1', 'checkpoints.keep=9', 'training.epochs=2');
    const defaults: EvaluateOptions = {
      ...{ registry, metrics: [], checkpoint: 'last', split: 'test', classifier: null, sampler: null, progress: silentProgress },
    };
    return { run, evaluate: (options = {}) => evaluateRun(run.folder, { ...defaults, ...options }) };
  };

  it('gives the figures that the run itself had at its end', async () => {
    const { run, evaluate } = await train();
    const { evaluations } = await evaluate();
    expect(evaluations.length).toBeGreaterThan(0);
    for (const { split, figure, value } of evaluations) expect(value).toBe(run.record.metrics[`${split}.${figure}`]);
  });

  it('measures nothing again while weights and params are the same, and what is new beside it', async () => {
    const { evaluate } = await train();
    await evaluate();
    expect((await evaluate()).numMeasured).toBe(0);
    const first = await evaluate({ metrics: ['sharpness'] });
    expect(first.numMeasured).toBe(2);
    const both = await evaluate({ metrics: ['sharpness', 'elbo'] });
    expect([both.numMeasured, both.evaluations.length]).toEqual([0, 3]);
    const other = await evaluate({ metrics: ['{ type: kid, count: 3 }'] });
    const more = await evaluate({ metrics: ['{ type: kid, count: 4 }'] });
    expect([other.numMeasured, more.numMeasured]).toEqual([1, 1]);
    expect((await evaluate({ checkpoint: 'all', metrics: ['sharpness'] })).numMeasured).toBe(2);
  });

  it('measures again where the files of the data are others than they were', async () => {
    const folder = writeImages('images', 40, 0);
    const run = await runWith(`data=${JSON.stringify({ type: 'image-folder', folder, test: 10 })}`, 'training.batchSize=10', 'plots=[]');
    const evaluate = (): Promise<EvaluatedRun> =>
      evaluateRun(run.folder, {
        registry,
        metrics: ['sharpness'],
        checkpoint: 'last',
        split: 'test',
        classifier: null,
        sampler: null,
        progress: silentProgress,
      });
    const first = await evaluate();
    expect([first.numMeasured, (await evaluate()).numMeasured]).toEqual([2, 0]);
    writeImages('others', 40, 100, folder);
    const second = await evaluate();
    expect(second.numMeasured).toBe(2);
    expect(second.evaluations.map(({ value }) => value)).not.toEqual(first.evaluations.map(({ value }) => value));
    expect(second.evaluations[0]?.provenance).not.toBe(first.evaluations[0]?.provenance);
  });

  it('leaves figures in eval.csv and run.json, with what they hang on', async () => {
    const { run, evaluate } = await train();
    const { evaluations } = await evaluate({ metrics: ['sharpness'], checkpoint: 'all' });
    const record = await readRecord(run.folder);
    const lines = (await textOf(run.folder, 'eval.csv')).trimEnd().split('\n');
    expect(lines[0]).toBe('step,epoch,split,figure,value,unit,provenance');
    expect(lines.length).toBe(1 + (record.evaluations?.length ?? 0));
    for (const { provenance } of evaluations) expect(record.provenance?.[provenance]).toMatchObject({ metric: 'sharpness', split: 'test' });
    const last = evaluations.find(({ step, figure }) => step === record.step && figure === 'sharpness');
    expect(record.metrics['test.sharpness']).toBe(last?.value);
    expect(record.measured?.['test.sharpness']).toBe(last?.provenance);
  });

  it('refuses a run that a process is at work on, a step without a checkpoint, and a metric that does not fit', async () => {
    const { run, evaluate } = await train();
    const lock = join(run.folder, 'run.lock');
    await writeFile(lock, JSON.stringify({ pid: 1, host: hostname(), born: null }));
    expect(await rejectionOf(evaluate())).toMatchObject({ code: 'run-locked' });
    await writeFile(lock, JSON.stringify({ pid: 4_000_000, host: hostname(), born: null }));
    expect(await rejectionOf(evaluate({ checkpoint: 77 }))).toMatchObject({ code: 'checkpoint-missing' });
    await expect(evaluate({ metrics: ['gan-value'] })).rejects.toThrow('which model "vae" does not offer');
  });
});

describe('evaluating two folders of images', () => {
  const options = { registry, size: null, classifier: null, progress: silentProgress };

  it('finds the same images the same, and others others, over as many as both have', async () => {
    const [real, other] = [writeImages('real', 30, 0), writeImages('other', 20, 150)];
    const metrics = ['density-coverage', 'sliced-wasserstein'];
    const same = await evaluateFolders({ ...options, real, generated: real, metrics });
    expect(same.count).toBe(30);
    expect(same.figures.map(({ figure, value }) => [figure, value])).toMatchObject([
      ['density', expect.any(Number)],
      ['coverage', 1],
      ['sliced-wasserstein', 0],
    ]);
    const apart = await evaluateFolders({ ...options, real, generated: other, metrics });
    expect(apart.count).toBe(20);
    expect(apart.figures.find(({ figure }) => figure === 'coverage')?.value).toBe(0);
  });

  it('says that there is no model for metrics of one', async () => {
    const real = writeImages('real', 4, 0);
    expect(await rejectionOf(evaluateFolders({ ...options, real, generated: real, metrics: ['gan-value'] }))).toMatchObject({
      code: 'nothing-to-measure',
    });
  });
});
