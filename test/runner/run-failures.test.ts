/** Runs that are stopped or fail: what is recorded, and what is kept. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineUnavailableError } from '../../src/engine/index.js';
import type { Plot } from '../../src/registry/contracts/index.js';
import { ConfigError } from '../../src/registry/errors.js';
import { silentProgress } from '../../src/runner/output/progress.js';
import { filesBelow, rejectionOf, runErrorOf, temporaryFolder } from './output/support.js';
import { columnsOf, eventsOf, loadSmall, onlyRun, runWith, startRun } from './small-run.js';

// A name that the compiler does not look up: the package is optional.
const optional = '@tensorflow/tfjs-node';
const hasTensorflow = await import(optional).then(
  () => true,
  () => false,
);

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
    const { record, folder: runFolder } = await startRun({
      experiment: await loadSmall(folder),
      folder,
      progress,
      signal: controller.signal,
    });
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
    const loaded = await loadSmall(folder);
    const broken: Plot = { needs: [], prepare: () => Promise.resolve(() => Promise.reject(new RangeError('the paint ran out'))) };
    const experiment = { ...loaded, built: { ...loaded.built, plots: loaded.built.plots.map((plot) => ({ ...plot, component: broken })) } };
    expect(await rejectionOf(startRun({ experiment, folder }))).toMatchObject({ message: 'the paint ran out' });
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
      const experiment = await loadSmall(folder, `engine=${engine}`, 'training.optimizer={ type: sgd, learningRate: 1e30 }');
      const { facts, message } = await runErrorOf(startRun({ experiment, folder }), 'non-finite-loss');
      expect(facts).toMatchObject({ step: 2, config: experiment.file });
      const { record, folder: runFolder } = await onlyRun(folder);
      expect(record).toMatchObject({ status: 'failed', error: { code: 'non-finite-loss', message }, weights: null, epoch: 0, step: 0 });
      for (const part of ['step 2', facts.term, 'vae-grey.yaml']) expect(message).toContain(part);
      expect((await columnsOf(runFolder)).get('epoch')).toEqual(['0']);
      expect(filesBelow(runFolder).filter((file) => file.startsWith('checkpoints/'))).toEqual([]);
    },
  );

  it.each(['onnx', 'cpu'])('has no folder on %s where a part is reached by no loss', async (engine) => {
    const folder = temporaryFolder();
    const experiment = await loadSmall(folder, 'losses=[kl]', `engine=${engine}`);
    const error = await rejectionOf(startRun({ experiment, folder }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      faults: [{ fault: { code: 'no-gradient', path: ['losses'], facts: { player: 'decoder', isAll: true } } }],
    });
    expect(filesBelow(folder).filter((file) => file.startsWith('results'))).toEqual([]);
  });

  it('has no folder where its batch is larger than the training split', async () => {
    const folder = temporaryFolder();
    const experiment = await loadSmall(folder, 'training.batchSize=121');
    const { facts } = await runErrorOf(startRun({ experiment, folder }), 'too-few-examples');
    expect(facts).toEqual({ batchSize: 121, count: 120 });
    expect(filesBelow(folder).filter((file) => file.startsWith('results'))).toEqual([]);
  });

  it.skipIf(hasTensorflow)('has no folder where its engine is not there', async () => {
    const folder = temporaryFolder();
    const error = await rejectionOf(startRun({ experiment: await loadSmall(folder, 'engine=tensorflow'), folder }));
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect(filesBelow(folder).filter((file) => file.startsWith('results'))).toEqual([]);
  });
});
