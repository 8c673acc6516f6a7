/** Whole runs: what they leave, that they can be repeated, and that each of their parts may be another. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadExperiment } from '../../src/index.js';
import type { HistoryRow } from '../../src/registry/contracts/index.js';
import { tokens } from '../../src/runner/assemble/tokens.js';
import { silentProgress } from '../../src/runner/output/progress.js';
import { decodeSafetensors } from '../../src/runner/output/safetensors.js';
import type { RunResult } from '../../src/runner/run.js';
import { readPng } from '../support/png.js';
import { loadSmoke } from '../support/smoke.js';
import { createFakeClock, filesBelow, temporaryFolder } from './output/support.js';
import { columnsOf, eventsOf, loadSmall, runWith, startRun, textOf } from './small-run.js';

describe('a run', () => {
  it('leaves a folder with everything that is known of it', async () => {
    const folder = temporaryFolder();
    const experiment = await loadSmoke('vae-mlp', folder);
    const result = await startRun({
      experiment,
      folder,
      change: (container) => container.rebind(tokens.clock).toConstantValue(createFakeClock()),
    });
    const files = filesBelow(result.folder).map((file) => file.replace(/tfevents.*/, 'tfevents'));
    expect(files).toEqual([
      'checkpoints/8/optimizer.safetensors',
      'checkpoints/8/plots.safetensors',
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
      for (const extent of [width, height]) expect(extent, file).toSatisfy((pixels: number) => pixels >= 200 && pixels <= 2000);
      // Below the title, which alone would be neither black nor constant.
      const colors = new Set<string>();
      for (let y = Math.floor(height / 3); y < height; y += 2) for (let x = 0; x < width; x += 2) colors.add(String(pixel(x, y)));
      expect(colors.size, file).toBeGreaterThan(3);
      expect(Math.max(...[...colors].flatMap((color) => color.split(',').map(Number))), file).toBeGreaterThan(128);
    }
    const [before, after] = await Promise.all(
      ['samples-0', 'samples-2'].map((name) => readFile(join(result.folder, `images/${name}.png`))),
    );
    expect(before?.equals(after ?? Buffer.of())).toBe(false);
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
      length: 0,
    };
    const result = await startRun({
      experiment: await loadSmall(folder),
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
    const result = await startRun({
      experiment: await loadSmall(folder),
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
    const result = await startRun({
      experiment: await loadSmall(folder),
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
