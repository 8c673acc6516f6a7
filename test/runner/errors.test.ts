/** Every way in which a run can fail, produced where it comes from, and what is then said. */
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunError, type RunErrorCode } from '../../src/runner/errors.js';
import { partsOf } from '../../src/runner/assemble/container.js';
import { evaluateRun } from '../../src/runner/evaluate/run.js';
import { readCheckpoint, writeCheckpoint } from '../../src/runner/output/checkpoint.js';
import { acquireLock } from '../../src/runner/output/lock.js';
import { createCsvMetrics } from '../../src/runner/output/metrics.js';
import { silentProgress } from '../../src/runner/output/progress.js';
import { createRunDirectory } from '../../src/runner/output/run-directory.js';
import { checkWeights } from '../../src/runner/output/weights.js';
import { guardWrite } from '../../src/runner/output/write-errors.js';
import { createRandomStreams } from '../../src/runner/random/index.js';
import { createRegistry } from '../../src/runner/registry.js';
import { findResumePoint } from '../../src/runner/resume.js';
import { runExperiment } from '../../src/runner/run.js';
import { TrainingBatches } from '../../src/runner/train/batches.js';
import { train } from '../../src/runner/train/trainer.js';
import { createSmokeContainer, loadSmoke } from '../support/smoke.js';
import { checkpointOf } from './output/checkpoint-of.js';
import { createFakeClock, rejectionOf, temporaryFolder } from './output/support.js';
import { numberData } from './train/parts.js';

/** One step of an epoch whose figure is this. */
const trainOnce = (figure: number): Promise<unknown> =>
  train({
    batches: new TrainingBatches(numberData({ train: 2, validation: 0, test: 0 }), 2, createRandomStreams(1)),
    round: { run: () => Promise.resolve({ loss: 1, 'loss.kl': 1 }) },
    updates: [
      {
        columns: {
          total: 'loss',
          learningRate: 'learning-rate',
          gradientNorm: null,
          term: (name) => `loss.${name}`,
          all: ['loss', 'loss.kl'],
        },
        learningRateAt: () => 1,
      },
    ],
    evaluator: { measure: () => Promise.resolve({ elbo: figure }) },
    config: 'configs/toy.yaml',
    totalSteps: 1,
    start: null,
    shouldStop: () => false,
    isEnough: () => false,
    onStep: () => undefined,
    onEpoch: () => Promise.resolve(),
    onNonFinite: (error) => Promise.reject(error),
    onState: () => Promise.resolve(),
    history: [],
  });

const smokeParts = async (folder: string, ...overrides: readonly string[]): Promise<ReturnType<typeof partsOf>> =>
  partsOf(createSmokeContainer(await loadSmoke('vae-grey', folder, overrides), folder));

/** By code: what leads there in an empty folder, and what the text says of where and what. */
const ways: { readonly [Code in RunErrorCode]: readonly [produce: (folder: string) => Promise<unknown>, said: readonly string[]] } = {
  'non-finite-loss': [
    async (folder) => runExperiment(await smokeParts(folder, 'training.optimizer={ type: sgd, learningRate: 1e30 }')),
    ['became', 'in step', 'was not taken'],
  ],
  'non-finite-metric': [() => trainOnce(-Infinity), ['train.elbo is -Infinity after step 0 of configs/toy.yaml']],
  sentinel: [
    async (folder) =>
      runExperiment(
        await smokeParts(
          folder,
          'losses=[reconstruction, { type: kl, weight: 100 }]',
          'training.epochs=500',
          'sentinels.posteriorCollapse=stop',
          'plots=[]',
        ),
      ),
    ['stopped by the sentinel posteriorCollapse', 'latents'],
  ],
  'no-gradient': [
    async (folder) => (await smokeParts(folder, 'losses=[kl]')).get('round'),
    ['no loss depends on decoder/', 'decoder could'],
  ],
  'too-few-examples': [
    async (folder) => (await smokeParts(folder, 'training.batchSize=121')).get('plan'),
    ['training.batchSize is 121', '120 examples'],
  ],
  'output-unwritable': [
    (folder) => {
      writeFileSync(join(folder, 'results'), '');
      return createRunDirectory(join(folder, 'results'), 'vae', createFakeClock());
    },
    ['results/vae', 'is a file, where a folder is needed (ENOTDIR)'],
  ],
  // A device that is always full.
  'disk-full': [() => guardWrite('/dev/full', () => writeFile('/dev/full', 'x')), ['cannot write /dev/full', 'the disk is full (ENOSPC)']],
  'bad-row': [
    async (folder) => {
      const metrics = createCsvMetrics(join(folder, 'metrics.csv'));
      await metrics.start(['epoch']);
      await metrics.write({ epoch: 1, elbow: 2 });
    },
    ['metrics.csv', 'column elbow is none of epoch'],
  ],
  'other-columns': [
    (folder) => {
      writeFileSync(join(folder, 'metrics.csv'), 'epoch,loss\n');
      return createCsvMetrics(join(folder, 'metrics.csv')).start(['epoch', 'step']);
    },
    ['metrics.csv', '"epoch,loss"', '"epoch,step"'],
  ],
  'checkpoint-missing': [
    async (folder) => {
      await writeCheckpoint(folder, checkpointOf(20, new Map()));
      await readCheckpoint(folder, 30);
    },
    ['no checkpoint of step 30', 'steps 20'],
  ],
  'checkpoint-corrupt': [
    async (folder) => {
      await writeCheckpoint(folder, checkpointOf(20, new Map()));
      writeFileSync(join(folder, '20/weights.safetensors'), 'other');
      await readCheckpoint(folder, 20);
    },
    ['20/weights.safetensors is not what was saved', '5 bytes'],
  ],
  'run-locked': [
    async (folder) => {
      await acquireLock(join(folder, 'run.lock'));
      await acquireLock(join(folder, 'run.lock'));
    },
    [`process ${String(process.pid)} is at work on this run`, 'run.lock'],
  ],
  'no-such-run': [(folder) => findResumePoint(folder), ['is no run to go on with: run.json cannot be read (ENOENT)']],
  'nothing-to-measure': [
    async (folder) => {
      const { folder: run } = await runExperiment(await smokeParts(folder, 'metrics=[]', 'plots=[]', 'training.epochs=1'));
      const chosen = { metrics: [], checkpoint: 'last', split: 'test', classifier: null, sampler: null } as const;
      return evaluateRun(run, { registry: createRegistry(), ...chosen, progress: silentProgress });
    },
    ['nothing to measure', 'has no metrics', '--metric'],
  ],
  'run-of-other-version': [
    (folder) => {
      writeFileSync(join(folder, 'run.json'), '{"format":2,"versions":{"latentlab":"0.0.9"}}');
      return findResumePoint(folder);
    },
    ['begun by latentlab 0.0.9', 'format 2', 'training.warmStart'],
  ],
  'weights-do-not-fit': [
    async () => {
      await Promise.resolve();
      checkWeights('w.safetensors', new Map(), new Map([['encoder/kernel', [2]]]));
    },
    ['w.safetensors', 'encoder/kernel is not in the file'],
  ],
};

describe('a run that fails', () => {
  it.each(Object.entries(ways))('says where, what, and the way out: %s', async (code, [produce, said]) => {
    const error = await rejectionOf(produce(temporaryFolder()));
    if (!(error instanceof RunError)) throw new Error('expected a RunError', { cause: error });
    expect(error.code).toBe(code);
    const [what = '', wayOut = '', ...more] = error.message.split('\n');
    expect(what).not.toMatch(/\.$|undefined|\[object/);
    expect(wayOut).toMatch(/^ {2}[A-Z].*\.$/);
    expect(more).toEqual([]);
    for (const part of said) expect(error.message).toContain(part);
  });

  it('says that there is no checkpoint where none was saved', async () => {
    const error = await rejectionOf(readCheckpoint(temporaryFolder(), 30));
    expect(error).toMatchObject({ code: 'checkpoint-missing', facts: { step: 30, available: [] } });
    expect(String(error)).toContain('It holds none');
  });

  it('names settings that an experiment takes, with a learning rate that is smaller than the usual one', async () => {
    const { message } = new RunError('non-finite-loss', { step: 1, term: 'loss', value: NaN, config: 'x.yaml', origin: null });
    const overrides = [...message.matchAll(/(training\.[\w.]+): (\{.*?\})/g)].map(([, path = '', value = '']) => `${path}=${value}`);
    expect(overrides.map((override) => override.split('=')[0])).toEqual(['training.optimizer.learningRate', 'training.clipping']);
    const { built } = await loadSmoke('vae-grey', temporaryFolder(), overrides);
    const { learningRate } = built.optimizer.component;
    // Without `to`, a warm-up would end at 1.
    for (const step of [0, 5, 10, 50]) expect(learningRate.at({ step, stepsPerEpoch: 10, totalSteps: 50 })).toBeLessThan(1e-3);
  });
});
