/** What runs begin with, what they keep, and what ends them before their time. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeApng } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { createContainer, partsOf } from '../../src/runner/assemble/container.js';
import { readCheckpoint } from '../../src/runner/output/checkpoint.js';
import { silentProgress, type ProgressSink } from '../../src/runner/output/progress.js';
import type { StoredTensor } from '../../src/runner/output/safetensors.js';
import { findResumePoint, sweepRun } from '../../src/runner/resume.js';
import { runExperiment } from '../../src/runner/run.js';
import { loadSmoke } from '../support/smoke.js';
import { rejectionOf, temporaryFolder } from './output/support.js';
import { columnsOf, loadSmall, runWith, startRun } from './small-run.js';

const stepsIn = (folder: string): readonly number[] =>
  readdirSync(join(folder, 'checkpoints'))
    .map(Number)
    .toSorted((a, b) => a - b);
/** What a step at a learning rate of 1e-30 adds is cut off. */
const valuesOf = (tensor: StoredTensor | undefined): readonly number[] =>
  [...(tensor?.values ?? [])].map((value) => Math.round(value * 1e9) + 0);

describe('early stopping', () => {
  it('ends a run that gets no better, with its last pictures and the figures of the test split', async () => {
    const { folder, record } = await runWith(
      'training.epochs=50',
      'training.optimizer={ type: sgd, learningRate: 1e-9 }',
      'training.earlyStopping={ metric: validation.elbo, mode: max, patience: 2, minDelta: 1 }',
    );
    expect(record).toMatchObject({ status: 'done', epoch: 2 });
    expect((await columnsOf(folder)).get('epoch')).toEqual(['0', '1', '2']);
    expect(record.metrics).toHaveProperty('test.elbo');
    expect(record.pictures.some(({ epoch }) => epoch === 2)).toBe(true);
  });

  it.each([
    ['training.earlyStopping={ metric: validation.elbow, mode: max }', 'training.earlyStopping.metric', 'validation.elbow'],
    ['checkpoints.best={ metric: elbo, mode: max }', 'checkpoints.best.metric', 'elbo'],
    ['training.warmStart=[{ run: x, players: [encodr] }]', 'training.warmStart[0].players[0]', 'encodr'],
  ])('and the like name what there is: %s', async (override, path, given) => {
    const error = await rejectionOf(loadSmoke('vae-grey', temporaryFolder(), [override]));
    expect(String(error)).toContain(path);
    expect(String(error)).toMatch(new RegExp(`cannot be "?${given}"?; did you mean`));
  });
});

describe('checkpoints', () => {
  it('are kept as many as asked for, the best among them', async () => {
    const { folder, record } = await runWith(
      'training.epochs=5',
      'checkpoints={ every: { epochs: 1 }, keep: 2, best: { metric: validation.elbo, mode: min } }',
    );
    // The worst ELBO is that of the beginning, which has no checkpoint; then that of the first epoch.
    const elbos = ((await columnsOf(folder)).get('validation.elbo') ?? []).map(Number);
    expect(Math.min(...elbos)).toBe(elbos[0]);
    const perEpoch = record.step / 5;
    expect(stepsIn(folder).slice(-2)).toEqual([4 * perEpoch, 5 * perEpoch]);
    expect(stepsIn(folder).length).toBeLessThanOrEqual(3);
  });
});

describe('an animation', () => {
  const animation = 'plots=[{ type: animation, count: 4, every: { epochs: 2 } }]';

  it('is written at the end, which is its last frame, whatever its cadence', async () => {
    const { folder, record } = await runWith('training.epochs=3', animation);
    expect(record.pictures.map(({ file }) => file)).toEqual(['images/animation-3.png']);
    expect(decodeApng(readFileSync(join(folder, 'images/animation-3.png'))).frames).toHaveLength(2);
  });

  it('is written when a run is interrupted, and again, alone, when that is gone on with', async () => {
    const folder = temporaryFolder();
    const experiment = await loadSmall(folder, 'training.epochs=5', animation);
    const stop = new AbortController();
    const progress: ProgressSink = {
      ...silentProgress,
      epoch: ({ epoch }) => {
        if (epoch === 2) stop.abort();
      },
    };
    const first = await startRun({ experiment, folder, progress, signal: stop.signal });
    const picturesOf = (): readonly string[] => readdirSync(join(first.folder, 'images'));
    expect(first.record).toMatchObject({ status: 'interrupted', epoch: 2 });
    expect(picturesOf()).toEqual(['animation-2.png']);

    const resumed = await findResumePoint(first.folder);
    await sweepRun(resumed);
    expect(picturesOf()).toEqual([]);
    const results = join(first.folder, '../..');
    const again = createContainer({ experiment, results, progress: silentProgress, resumed });
    const { record } = await runExperiment(partsOf(again));
    expect(record.pictures.map(({ file }) => file)).toEqual(['images/animation-5.png']);
    expect(decodeApng(readFileSync(join(first.folder, 'images/animation-5.png'))).frames).toHaveLength(3);
  });
});

describe('a warm start', () => {
  it('gives players the weights of another run, and leaves the others alone', async () => {
    const first = await runWith('training.epochs=2');
    const weightsAfter = async (...overrides: readonly string[]): Promise<ReadonlyMap<string, StoredTensor>> => {
      const { folder, record } = await runWith(
        'training.epochs=null',
        'training.steps=1',
        'training.optimizer={ type: sgd, learningRate: 1e-30 }',
        ...overrides,
      );
      return (await readCheckpoint(join(folder, 'checkpoints'), record.step)).weights;
    };
    const source = (await readCheckpoint(join(first.folder, 'checkpoints'), first.record.step)).weights;
    const cold = await weightsAfter();
    const warm = await weightsAfter(`training.warmStart=[{ run: ${first.folder}, players: [encoder] }]`);
    const whole = await weightsAfter(`training.warmStart=[{ run: ${first.folder} }]`);
    for (const [path, tensor] of source) {
      const isTaken = path.startsWith('encoder/');
      expect(valuesOf(warm.get(path)), path).toEqual(valuesOf((isTaken ? source : cold).get(path)));
      expect(valuesOf(whole.get(path)), path).toEqual(valuesOf(tensor));
    }
  });

  it('tells weights that do not fit, and a run that is none', async () => {
    const first = await runWith('training.epochs=1');
    const startFrom = async (...overrides: readonly string[]): Promise<unknown> => {
      const folder = temporaryFolder();
      return rejectionOf(startRun({ experiment: await loadSmall(folder, ...overrides), folder }));
    };
    const misfit = await startFrom('model.latent=3', `training.warmStart=[{ run: ${first.folder} }]`);
    expect(misfit).toMatchObject({ code: 'weights-do-not-fit' });
    expect(String(misfit)).toContain('has the shape');
    expect(await startFrom(`training.warmStart=[{ run: ${temporaryFolder()} }]`)).toMatchObject({ code: 'no-such-run' });
  });
});
