/** Whole runs, of a VAE so small that one takes half a second. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container } from 'inversify';
import { describe, expect, it } from 'vitest';
import { EngineUnavailableError } from '../../src/engine/index.js';
import { loadExperiment } from '../../src/index.js';
import type { HistoryRow, Plot } from '../../src/registry/contracts/index.js';
import { partsOf } from '../../src/runner/assemble/container.js';
import { tokens } from '../../src/runner/assemble/tokens.js';
import type { LoadedExperiment } from '../../src/runner/config/load.js';
import { silentProgress, type ProgressSink } from '../../src/runner/output/progress.js';
import type { RunRecord } from '../../src/runner/output/record.js';
import { decodeSafetensors } from '../../src/runner/output/safetensors.js';
import { runExperiment, type RunResult } from '../../src/runner/run.js';
import { readPng } from '../support/png.js';
import { createSmokeContainer, loadSmoke } from '../support/smoke.js';
import { createFakeClock, filesBelow, rejectionOf, runErrorOf, temporaryFolder } from './output/support.js';

interface Setting {
  readonly experiment: LoadedExperiment;
  readonly folder: string;
  readonly progress?: ProgressSink;
  readonly change?: (container: Container) => void;
  readonly signal?: AbortSignal;
}

const start = ({ experiment, folder, progress = silentProgress, change, signal }: Setting): Promise<RunResult> => {
  const container = createSmokeContainer(experiment, folder, progress);
  change?.(container);
  return runExperiment(partsOf(container), signal);
};

const load = (folder: string, ...overrides: readonly string[]): Promise<LoadedExperiment> => loadSmoke('vae-grey', folder, overrides);
const runWith = async (...overrides: readonly string[]): Promise<RunResult> => {
  const folder = temporaryFolder();
  return start({ experiment: await load(folder, ...overrides), folder });
};

const textOf = (folder: string, file: string): Promise<string> => readFile(join(folder, file), 'utf8');
/** The cells of metrics.csv by column. */
const columnsOf = async (folder: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const [header = [], ...rows] = (await textOf(folder, 'metrics.csv'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return new Map(header.map((column, i) => [column, rows.map((row) => row[i] ?? '')]));
};
const eventsOf = async (folder: string): Promise<readonly unknown[]> =>
  (await textOf(folder, 'events.jsonl'))
    .trimEnd()
    .split('\n')
    .map((line): unknown => Object(JSON.parse(line)).type);
/** The folder of the only run below a results folder, and its record: also after a failure. */
const onlyRun = async (folder: string): Promise<{ readonly folder: string; readonly record: RunRecord }> => {
  const [file, ...others] = filesBelow(join(folder, 'results')).filter((each) => each.endsWith('run.json'));
  if (file === undefined || others.length > 0) throw new Error('there is not exactly one run');
  const record: RunRecord = JSON.parse(await textOf(join(folder, 'results'), file));
  return { folder: join(folder, 'results', file, '..'), record };
};

describe('a run', () => {
  it('leaves a folder with everything that is known of it', async () => {
    const folder = temporaryFolder();
    const experiment = await loadSmoke('vae-mlp', folder);
    const result = await start({
      experiment,
      folder,
      change: (container) => container.rebind(tokens.clock).toConstantValue(createFakeClock()),
    });
    const files = filesBelow(result.folder).map((file) => file.replace(/tfevents.*/, 'tfevents'));
    expect(files).toEqual([
      'checkpoints/8/state.json',
      'checkpoints/8/weights.safetensors',
      'events.jsonl',
      'experiment.yaml',
      'images/latent-manifold-2.png',
      'images/reconstructions-2.png',
      'images/samples-0.png',
      'images/samples-2.png',
      'images/traversals-2.png',
      'metrics.csv',
      'plots/curve-2.png',
      'plots/curve-2.svg',
      'plots/latent-scatter-2.png',
      'plots/latent-scatter-2.svg',
      'resolved.yaml',
      'run.json',
      'tensorboard/events.out.tfevents',
    ]);

    expect(await textOf(result.folder, 'experiment.yaml')).toBe(experiment.source);
    const again = await loadExperiment(join(result.folder, 'resolved.yaml'));
    expect(again.experiment).toEqual(experiment.experiment);

    const record: unknown = JSON.parse(await textOf(result.folder, 'run.json'));
    expect(record).toEqual(result.record);
    expect(record).toMatchObject({
      status: 'done',
      experiment: 'smoke-vae-mlp',
      seed: 7,
      started: '2026-11-23T06:19:02.000Z',
      ended: '2026-11-23T06:19:02.000Z',
      engine: { name: 'onnx' },
      // 784 x 32 + 32 and 32 x 4 + 4 to the posterior; 2 x 32 + 32 and 32 x 784 + 784 back.
      parameters: 784 * 32 + 32 + 32 * 4 + 4 + 2 * 32 + 32 + 32 * 784 + 784,
      epoch: 2,
      step: 8,
      weights: 'checkpoints/8/weights.safetensors',
      error: null,
    });
    expect(Object.keys(result.record.versions)).toEqual(expect.arrayContaining(['latentlab', 'node', 'engine']));
    expect(result.record.metrics['test.elbo']).toBeLessThan(0);
    expect(await eventsOf(result.folder)).toEqual([
      ...['started', 'epoch', 'picture', 'epoch', 'epoch'],
      ...['picture', 'picture', 'picture', 'picture', 'picture', 'picture', 'done'],
    ]);

    const { tensors } = decodeSafetensors(await readFile(join(result.folder, 'checkpoints/8/weights.safetensors')));
    expect([...tensors.keys()].toSorted()).toEqual(
      ['decoder', 'encoder'].flatMap((player) =>
        ['hidden-0', 'output'].flatMap((layer) => ['bias', 'kernel'].map((name) => `${player}/${layer}/${name}`)),
      ),
    );

    const pictures = files.filter((file) => file.endsWith('.png'));
    expect(result.record.pictures.map(({ file }) => file).toSorted()).toEqual(pictures.toSorted());
    for (const file of pictures) {
      const { width, height, pixel } = readPng(await readFile(join(result.folder, file)));
      expect(Math.min(width, height), file).toBeGreaterThan(50);
      expect(Math.max(width, height), file).toBeLessThan(2500);
      const colors = new Set<string>();
      for (let y = 0; y < height; y += 2) for (let x = 0; x < width; x += 2) colors.add(String(pixel(x, y)));
      expect(colors.size, file).toBeGreaterThan(2);
      const brightest = Math.max(...[...colors].map((color) => Math.max(...color.split(',').map(Number))));
      expect(brightest, file).toBeGreaterThan(128);
    }
    // Three rows of four digits scaled up: what a config's count asks for is what is drawn.
    const { width, height } = readPng(await readFile(join(result.folder, 'images/samples-2.png')));
    expect(width).toBe(height);
  });

  it('gives the same figures and weights for the same seed, byte for byte, and others for another', async () => {
    const [first, second, other] = [await runWith(), await runWith(), await runWith('seed=8')];
    const csv = await textOf(first.folder, 'metrics.csv');
    expect(await textOf(second.folder, 'metrics.csv')).toBe(csv);
    expect(await textOf(other.folder, 'metrics.csv')).not.toBe(csv);
    const weights = (run: RunResult): Promise<Buffer> => readFile(join(run.folder, run.record.weights ?? ''));
    expect((await weights(first)).equals(await weights(second))).toBe(true);
    expect((await weights(first)).equals(await weights(other))).toBe(false);
  });

  it('has the same numbers with a metric, a plot or an evaluation size more', async () => {
    const plain = await runWith('metrics=[elbo]', 'plots=[]');
    const more = await runWith(
      'metrics=[active-units, kl, { type: elbo, name: sampled, klEstimator: monte-carlo }, elbo]',
      'plots=[{ type: samples, count: 4, at: [start, 1, end] }, { type: latent-scatter, every: { epochs: 1 } }]',
    );
    const [expected, actual] = [await columnsOf(plain.folder), await columnsOf(more.folder)];
    for (const [column, cells] of expected) expect(actual.get(column), column).toEqual(cells);
    expect(
      (await readFile(join(more.folder, more.record.weights ?? ''))).equals(await readFile(join(plain.folder, plain.record.weights ?? ''))),
    ).toBe(true);

    const batched = await columnsOf((await runWith('metrics=[elbo]', 'plots=[]', 'training.evaluationBatchSize=7')).folder);
    for (const [column, cells] of expected)
      cells.forEach((cell, row) => {
        expect(Number(batched.get(column)?.[row]), column).toBeCloseTo(Number(cell), 4);
      });
  });
});

describe('one part may be another', () => {
  it('such as the place that rows go to', async () => {
    const folder = temporaryFolder();
    const rows: HistoryRow[] = [];
    let header: readonly string[] = [];
    const metrics = {
      start: (columns: readonly string[]) => {
        header = columns;
        return Promise.resolve();
      },
      write: (row: HistoryRow) => {
        rows.push(row);
        return Promise.resolve();
      },
    };
    const result = await start({
      experiment: await load(folder),
      folder,
      change: (container) => container.rebind(tokens.metrics).toConstantValue(metrics),
    });
    expect(rows.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(header).toEqual(Object.keys(rows[1] ?? {}));
    const files = filesBelow(result.folder);
    expect(files).not.toContain('metrics.csv');
    expect(files).toContain('images/reconstructions-3.png');
  });

  it('such as the place that pictures go to', async () => {
    const folder = temporaryFolder();
    const sizes: number[] = [];
    const result = await start({
      experiment: await load(folder),
      folder,
      change: (container) =>
        container.rebind(tokens.pictures).toConstantValue({
          save: (plot, { caption, png }, { epoch }) => {
            sizes.push(png.length);
            return Promise.resolve({ file: 'memory', caption, plot, epoch });
          },
        }),
    });
    expect(sizes).toEqual([expect.any(Number)]);
    expect(result.record.pictures).toMatchObject([{ file: 'memory', plot: 'reconstructions', epoch: 3 }]);
    expect(filesBelow(result.folder).filter((file) => file.startsWith('images/'))).toEqual([]);
  });

  it('such as the clock', async () => {
    const folder = temporaryFolder();
    const clock = createFakeClock();
    const result = await start({
      experiment: await load(folder),
      folder,
      progress: {
        ...silentProgress,
        step: () => {
          clock.advance(250);
        },
      },
      change: (container) => container.rebind(tokens.clock).toConstantValue(clock),
    });
    expect(result.record).toMatchObject({
      started: '2026-11-23T06:19:02.000Z',
      ended: '2026-11-23T06:19:05.000Z',
      seconds: 3,
      timings: { compile: 0, train: 3 },
    });
    expect(result.record.run).toMatch(/^20261123-061902-/);
  });
});

describe('a run that does not get to its end', () => {
  it('is interrupted by a signal after the step in progress, with its weights', async () => {
    const folder = temporaryFolder();
    const controller = new AbortController();
    const progress = {
      ...silentProgress,
      step: (step: number) => {
        if (step === 6) controller.abort();
      },
    };
    const { record, folder: runFolder } = await start({ experiment: await load(folder), folder, progress, signal: controller.signal });
    expect(record).toMatchObject({ status: 'interrupted', epoch: 1, step: 6, weights: 'checkpoints/6/weights.safetensors', error: null });
    expect(record.ended).not.toBeNull();
    expect((await columnsOf(runFolder)).get('step')).toEqual(['0', '4']);
    expect((await eventsOf(runFolder)).at(-1)).toBe('interrupted');

    // The weights are those that six steps alone would have left.
    const short = await runWith('training.epochs=null', 'training.steps=6', 'losses[1].weight={ type: cyclic, cycles: 2, epochs: 3 }');
    expect(
      (await readFile(join(runFolder, record.weights ?? ''))).equals(await readFile(join(short.folder, short.record.weights ?? ''))),
    ).toBe(true);
  });

  it('fails with a plot that throws, and keeps the weights of its training', async () => {
    const folder = temporaryFolder();
    const loaded = await load(folder);
    const broken: Plot = { needs: [], prepare: () => Promise.resolve(() => Promise.reject(new RangeError('the paint ran out'))) };
    const experiment = { ...loaded, built: { ...loaded.built, plots: loaded.built.plots.map((plot) => ({ ...plot, component: broken })) } };
    expect(await rejectionOf(start({ experiment, folder }))).toMatchObject({ message: 'the paint ran out' });
    const { record, folder: runFolder } = await onlyRun(folder);
    expect(record).toMatchObject({
      status: 'failed',
      error: { message: 'the paint ran out' },
      weights: 'checkpoints/12/weights.safetensors',
      epoch: 3,
      step: 12,
    });
    expect(filesBelow(runFolder)).toContain(record.weights);
    expect((await columnsOf(runFolder)).get('epoch')).toEqual(['0', '1', '2', '3']);
    expect((await eventsOf(runFolder)).at(-1)).toBe('failed');
  });

  it.each(['onnx', 'cpu'])(
    'fails on %s with a loss that is no number, before the step and the row that it would have spoilt',
    async (engine) => {
      const folder = temporaryFolder();
      const experiment = await load(folder, `engine=${engine}`, 'training.optimizer={ type: sgd, learningRate: 1e30 }');
      const { facts, message } = await runErrorOf(start({ experiment, folder }), 'non-finite-loss');
      expect(facts).toMatchObject({ step: 2, config: experiment.file });
      const { record, folder: runFolder } = await onlyRun(folder);
      expect(record).toMatchObject({ status: 'failed', error: { code: 'non-finite-loss', message }, weights: null, epoch: 0, step: 0 });
      for (const part of ['step 2', facts.term, 'vae-grey.yaml']) expect(message).toContain(part);
      expect((await columnsOf(runFolder)).get('epoch')).toEqual(['0']);
      expect(filesBelow(runFolder).filter((file) => file.startsWith('checkpoints/'))).toEqual([]);
    },
  );

  it('has no folder where its batch is larger than the training split', async () => {
    const folder = temporaryFolder();
    const experiment = await load(folder, 'training.batchSize=121');
    const { facts } = await runErrorOf(start({ experiment, folder }), 'too-few-examples');
    expect(facts).toEqual({ batchSize: 121, count: 120 });
    expect(filesBelow(folder).filter((file) => file.startsWith('results'))).toEqual([]);
  });

  // A name that the compiler does not look up: the package is optional.
  const optional: string = '@tensorflow/tfjs-node';
  it.skipIf(
    await import(optional).then(
      () => true,
      () => false,
    ),
  )('has no folder where its engine is not there', async () => {
    const folder = temporaryFolder();
    const error = await rejectionOf(start({ experiment: await load(folder, 'engine=tensorflow'), folder }));
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect(filesBelow(folder).filter((file) => file.startsWith('results'))).toEqual([]);
  });
});
