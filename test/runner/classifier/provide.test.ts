/** Classifiers of samples: trained once per data set, found again, trained anew when what is kept is damaged. */
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepClassifier, readClassifier } from '../../../src/runner/classifier/cache.js';
import { silentProgress } from '../../../src/runner/output/progress.js';
import type { RunResult } from '../../../src/runner/run.js';
import { loadSmoke } from '../../support/smoke.js';
import { temporaryFolder } from '../output/support.js';
import { columnsOf, startRun } from '../small-run.js';

const before = process.env['LATENTLAB_CACHE'];
let cache = '';
beforeEach(() => {
  cache = temporaryFolder();
  process.env['LATENTLAB_CACHE'] = cache;
});
afterEach(() => {
  process.env['LATENTLAB_CACHE'] = before;
});

/** A run of the smoke config that asks for one, and what it said; without plots, unless they are asked for. */
const runSmoke = async (...overrides: readonly string[]): Promise<{ readonly result: RunResult; readonly notes: readonly string[] }> => {
  const folder = temporaryFolder();
  const experiment = await loadSmoke('gan', folder, ['training.epochs=1', 'plots=[]', ...overrides]);
  const notes: string[] = [];
  const result = await startRun({ experiment, folder, progress: { ...silentProgress, note: (line) => notes.push(line) } });
  return { result, notes };
};

const kept = async (): Promise<readonly string[]> =>
  (await readdir(join(cache, 'classifiers'))).map((name) => join(cache, 'classifiers', name));
const trainings = (notes: readonly string[]): number => notes.filter((line) => line.startsWith('training a classifier')).length;

describe('the classifier of an experiment', () => {
  it('is trained by a run of its own, whose accuracy the record tells', async () => {
    const { result, notes } = await runSmoke();
    const [folder = '', ...others] = await kept();
    expect(others).toEqual([]);
    expect(trainings(notes)).toBe(1);
    const record: unknown = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));
    const stored = await readClassifier(folder);
    expect(record).toMatchObject({ status: 'done', experiment: 'classifier', metrics: { 'test.accuracy': stored?.accuracy } });
    expect(result.record.classifier).toEqual({ sha256: stored?.sha256, type: 'mlp', folder, split: 'test', accuracy: stored?.accuracy });
    expect(await readFile(join(folder, 'experiment.yaml'), 'utf8')).toContain('type: classifier');
  });

  it('names the samples: better than chance, where it was trained long enough to be', async () => {
    const { result } = await runSmoke('classifier.epochs=30', 'data.limit.train=500', 'plots=[{ type: interpolation, ends: classes }]');
    expect(result.record.classifier?.accuracy).toBeGreaterThan(0.6);
    const [confidence = ''] = (await columnsOf(result.folder)).get('validation.sample-confidence') ?? [];
    expect(Number(confidence)).toBeGreaterThan(0.1);
    expect(result.record.pictures.find(({ file }) => file.includes('interpolation'))?.caption).toMatch(
      /classifier is surest of|all candidates are/,
    );
  });

  it('is found again by another experiment on the same data, and gives the same figures', async () => {
    const first = await runSmoke();
    const again = await runSmoke();
    expect(trainings(again.notes)).toBe(0);
    expect(again.result.record.metrics).toEqual(first.result.record.metrics);
    const other = await runSmoke('seed=8', 'model.latent=3');
    expect(trainings(other.notes)).toBe(0);
  });

  it('is another one for other data, and for another recipe', async () => {
    await runSmoke();
    await runSmoke('data.limit.train=90');
    await runSmoke('classifier.epochs=1');
    expect(await kept()).toHaveLength(3);
  });

  it.each([
    ['weights that were cut short', async (folder: string) => truncate(join(folder, 'checkpoints/2/weights.safetensors'), 100)],
    ['a record that is no JSON', async (folder: string) => writeFile(join(folder, 'run.json'), '{"status": "do')],
    ['a missing record', async (folder: string) => rm(join(folder, 'run.json'))],
  ])('is trained anew where the cache holds %s', async (_, damage) => {
    const first = await runSmoke();
    const [folder = ''] = await kept();
    await damage(folder);
    const { result, notes } = await runSmoke();
    expect(trainings(notes)).toBe(1);
    expect(result.record.metrics).toEqual(first.result.record.metrics);
    expect(await kept()).toEqual([folder]);
  });

  it('leaves nothing behind that belongs to a training in progress', async () => {
    await runSmoke();
    expect((await readdir(join(cache, 'classifiers'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('stays as it is where another process was faster', async () => {
    await runSmoke();
    const [folder = ''] = await kept();
    const { result } = await runSmoke('classifier.epochs=1');
    const before = await readFile(join(folder, 'run.json'), 'utf8');
    await keepClassifier(result.folder, folder);
    expect(await readFile(join(folder, 'run.json'), 'utf8')).toBe(before);
  });

  it('is neither among the parameters nor among the weights of the run', async () => {
    const { result } = await runSmoke();
    const { record: without } = (await runSmoke('classifier=null', 'metrics=[gan-value]')).result;
    expect(result.record.parameters).toBe(without.parameters);
  });
});

describe('an experiment', () => {
  const faultsOf = async (...overrides: readonly string[]): Promise<string> => {
    const error: unknown = await loadSmoke('gan', temporaryFolder(), overrides).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return error instanceof Error ? error.message : 'no fault';
  };

  it('must have a classifier where something asks for the class of a sample', async () => {
    const message = await faultsOf('classifier=null');
    expect(message).toContain('metric "sample-classes" asks which class a sample is of, and the experiment has no classifier');
    expect(message).toContain('plot "interpolation" asks');
    expect(message).toContain('Add `classifier: mlp`');
  });

  it('must have labels for one', async () => {
    const message = await faultsOf('data={type: swiss-roll}', 'metrics=[]', 'plots=[]');
    expect(message).toContain('classifier "mlp" learns from labels, and the data has none');
  });
});
