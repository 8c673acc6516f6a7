/** Metrics whose samples come from what is fitted to codes: a ring of Gaussians, coded in as many numbers as it has. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { createContainer, partsOf } from '../../src/runner/assemble/container.js';
import { loadExperiment, type LoadedExperiment } from '../../src/runner/config/load.js';
import { evaluateRun, type EvaluatedRun } from '../../src/runner/evaluate/run.js';
import { silentProgress, type ProgressSink } from '../../src/runner/output/progress.js';
import { createRegistry } from '../../src/runner/registry.js';
import { runExperiment } from '../../src/runner/run.js';
import { findResumePoint, sweepRun } from '../../src/runner/resume.js';
import { rejectionOf, temporaryFolder } from './output/support.js';
import { columnsOf, startRun, textOf } from './small-run.js';

const registry = createRegistry();

const text = `name: ring
seed: 3
data: { type: gaussian-ring, examples: 400, validation: 100, test: 200 }
model: { type: autoencoder, latent: 2, encoder: linear, decoder: linear, likelihood: gaussian }
sampler: { type: mixture, codes: 300 }
losses: [reconstruction]
training: { epochs: 20, batchSize: 50, optimizer: { type: adam, learningRate: 0.05 } }
metrics:
  - reconstruction
  - { type: modes, every: { epochs: 10 } }
  - { type: sliced-wasserstein, every: { epochs: 10 } }
`;

const load = async (folder: string, ...overrides: readonly string[]): Promise<LoadedExperiment> => {
  const file = join(folder, 'ring.yaml');
  await writeFile(file, text);
  return loadExperiment(file, { registry, overrides });
};

const run = async (...overrides: readonly string[]) => {
  const folder = temporaryFolder();
  return startRun({ experiment: await load(folder, ...overrides), folder });
};

const evaluate = (folder: string, sampler: string | null, metrics: readonly string[] = []): Promise<EvaluatedRun> =>
  evaluateRun(folder, { registry, metrics, checkpoint: 'last', split: 'test', classifier: null, sampler, progress: silentProgress });

const figureOf = ({ evaluations }: EvaluatedRun, name: string): number => evaluations.find(({ figure }) => figure === name)?.value ?? NaN;

describe('a sampler', () => {
  it('gives an autoencoder samples to measure: on a ring, where its codes lie and one Gaussian has next to none', async () => {
    const { folder, record } = await run();
    const { metrics } = record;
    expect(metrics['test.modes-covered']).toBe(8);
    expect(metrics['test.high-quality']).toBeGreaterThan(0.6);
    const [normal, mixture, neighbours] = [
      await evaluate(folder, '{ type: normal, codes: 300 }'),
      await evaluate(folder, '{ type: mixture, codes: 300 }'),
      await evaluate(folder, '{ type: neighbours, codes: 300 }'),
    ];
    // Afterwards as at the end of the run.
    expect(figureOf(mixture, 'sliced-wasserstein')).toBe(metrics['test.sliced-wasserstein']);
    expect(figureOf(normal, 'high-quality')).toBeLessThan(0.1);
    expect(figureOf(neighbours, 'high-quality')).toBeGreaterThan(0.9);
    for (const fitted of [mixture, neighbours])
      expect(figureOf(fitted, 'sliced-wasserstein')).toBeLessThan(figureOf(normal, 'sliced-wasserstein'));
  });

  it('is part of what figures of samples hang on, and of no others', async () => {
    const { folder, record } = await run('training.epochs=2');
    const originOf = (figure: string) => record.provenance?.[record.measured?.[figure] ?? ''];
    expect(originOf('test.high-quality')?.sampler).toEqual({ type: 'mixture', codes: 300, components: 10 });
    expect(originOf('test.reconstruction')).not.toHaveProperty('sampler');
    expect((await evaluate(folder, null)).numMeasured).toBe(5);
    // The reconstruction is known: no sampler changes it.
    expect((await evaluate(folder, 'normal')).numMeasured).toBe(4);
    expect((await evaluate(folder, 'normal')).numMeasured).toBe(0);
  });

  it('gives the same figures whatever the batches are, and whatever else is measured', async () => {
    const { folder, record } = await run('training.epochs=2');
    const others = ['training.evaluationBatchSize=17', 'metrics=[{ type: sliced-wasserstein, every: { epochs: 10 } }]'];
    const { record: other } = await run('training.epochs=2', ...others);
    expect(other.metrics['test.sliced-wasserstein']).toBeCloseTo(record.metrics['test.sliced-wasserstein'] ?? NaN, 5);
    expect((await columnsOf(folder)).get('validation.high-quality')?.slice(0, 2)).toEqual(['', '']);
  });

  it('is what plots of samples show as well, in a model that has no prior, and where nothing is measured', async () => {
    const { record } = await run('training.epochs=2', 'metrics=[reconstruction]', 'plots=[density, animation]');
    const [density, animation] = record.pictures;
    expect(density?.caption).toContain('2000 generated points, with codes of a mixture of Gaussians and');
    expect(animation?.caption).toContain('from codes of a mixture of Gaussians');
  });

  it('takes the place of the prior of a model that has one', async () => {
    const vae = ['model.type=vae', 'losses=[reconstruction, kl]', 'training.epochs=2', 'sampler=normal'];
    const { folder, record } = await run(...vae);
    const prior = await evaluate(folder, 'null');
    expect(figureOf(prior, 'sliced-wasserstein')).not.toBe(record.metrics['test.sliced-wasserstein']);
  });

  it.each(['mixture', 'two-stage'])('leaves the same figures where a run was stopped and gone on with (%s)', async (type) => {
    const overrides = [`sampler={ type: ${type}, codes: 100${type === 'mixture' ? '' : ', epochs: 3'} }`, 'training.epochs=4'];
    const metrics = 'metrics=[modes, { type: sliced-wasserstein, every: { epochs: 2 } }]';
    const folder = temporaryFolder();
    const stop = new AbortController();
    const progress: ProgressSink = {
      ...silentProgress,
      epoch: ({ epoch }) => {
        if (epoch === 1) stop.abort();
      },
    };
    const experiment = await load(folder, ...overrides, metrics);
    const first = await startRun({ experiment, folder, progress, signal: stop.signal });
    expect(first.record).toMatchObject({ status: 'interrupted', epoch: 1 });
    const resumed = await findResumePoint(first.folder);
    await sweepRun(resumed);
    const results = join(first.folder, '../..');
    const parts = partsOf(createContainer({ experiment, results, progress: silentProgress, resumed }));
    const { record } = await runExperiment(parts);
    const whole = await run(...overrides, metrics);
    expect(await textOf(first.folder, 'metrics.csv')).toBe(await textOf(whole.folder, 'metrics.csv'));
    expect(record.metrics).toEqual(whole.record.metrics);
  });

  it.each([
    ['a name that is none', ['sampler=mixtur'], 'unknown-component', ['sampler', 'type']],
    ['a param that is none', ['sampler={ type: mixture, component: 3 }'], 'unknown-key', ['sampler', 'component']],
    ['a model without an encoder', ['model={ type: gan, latent: 2 }', 'losses=[gan-non-saturating]'], 'not-offered', ['sampler']],
    ['metrics that ask for no samples', ['metrics=[reconstruction]'], 'misfit', ['sampler']],
    ['none where samples are asked for', ['sampler=null'], 'misfit', ['metrics', 1]],
    ['none where samples are shown', ['sampler=null', 'metrics=[]', 'plots=[density]'], 'misfit', ['plots', 0]],
    ['plots of no samples', ['metrics=[]', 'plots=[{ type: latent-scatter }]'], 'misfit', ['sampler']],
  ])('is refused, or missed, at its line: %s', async (_, overrides, code, path) => {
    const error = await rejectionOf(load(temporaryFolder(), ...overrides));
    const { faults } = error as { readonly faults: readonly { readonly fault: { readonly code: string; readonly path: unknown } }[] };
    expect(faults.map(({ fault }) => [fault.code, fault.path])).toContainEqual([code, path]);
  });

  it('that is mistyped is not missed by metrics on top', async () => {
    const error = await rejectionOf(load(temporaryFolder(), 'sampler=mixtur'));
    expect((error as { readonly faults: readonly unknown[] }).faults).toHaveLength(1);
  });
});
