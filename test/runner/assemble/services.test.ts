import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/registry/errors.js';
import { partsOf } from '../../../src/runner/assemble/container.js';
import { createPlan, readsLabels } from '../../../src/runner/assemble/services.js';
import { tokens } from '../../../src/runner/assemble/tokens.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { TrainingBatches } from '../../../src/runner/train/batches.js';
import { temporaryFolder } from '../../components/shared/temporary.js';
import { createSmokeContainer, loadSmoke } from '../../support/smoke.js';
import { numberData } from '../train/parts.js';

const folder = temporaryFolder();
const load = (...overrides: readonly string[]): ReturnType<typeof loadSmoke> => loadSmoke('vae-grey', folder, overrides);

describe('createPlan', () => {
  // 11 examples in batches of 3: three steps an epoch, and two examples that wait for the next one.
  const batches = new TrainingBatches(numberData({ train: 11, validation: 0, test: 0 }), 3, createRandomStreams(1));

  it('counts whole epochs in steps', async () => {
    const plan = createPlan(await load('training.epochs=4'), batches);
    expect(plan).toMatchObject({ totalSteps: 12, stepsPerEpoch: 3, lastEpoch: 4 });
    expect(plan.progressAt(7)).toEqual({ step: 7, stepsPerEpoch: 3, totalSteps: 12 });
  });

  it.each([
    [3, 1],
    [7, 3],
  ])('counts %i steps as %i epochs, the last of which may be cut short', async (steps, lastEpoch) => {
    expect(createPlan(await load('training.epochs=null', `training.steps=${String(steps)}`), batches)).toMatchObject({
      totalSteps: steps,
      lastEpoch,
    });
  });
});

describe('readsLabels', () => {
  it('is false where no loss and no metric asks for them', async () => {
    expect(readsLabels(await load())).toBe(false);
  });
});

describe('createBatches', () => {
  it('refuses a batch that is larger than the training split', async () => {
    const parts = partsOf(createSmokeContainer(await load('training.batchSize=121'), folder));
    await expect(parts.get('plan')).rejects.toMatchObject({ code: 'too-few-examples', facts: { batchSize: 121, count: 120 } });
    const whole = partsOf(createSmokeContainer(await load('training.batchSize=120'), folder));
    expect((await whole.get('plan')).plan).toMatchObject({ stepsPerEpoch: 1 });
  });
});

describe('loadData', () => {
  it('checks what only the data could tell, at the place where it was written', async () => {
    // IDX files tell what they hold when they are read: zeros and ones are no data for a continuous Bernoulli.
    const loaded = await load('data.binarization=threshold');
    const line = loaded.source.split('\n').findIndex((each) => each.startsWith('  likelihood:')) + 1;
    const parts = partsOf(createSmokeContainer(loaded, folder));
    const error: unknown = await parts.get('data').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      faults: [{ fault: { code: 'misfit', path: ['model', 'likelihood'] }, place: { kind: 'file', span: { line } } }],
    });
  });
});

describe('createContainer', () => {
  it('makes each part once, and nothing that is not asked for', async () => {
    const container = createSmokeContainer(await load(), folder);
    const made: string[] = [];
    for (const [name, token] of Object.entries(tokens))
      container.onActivation<unknown>(token, (_, value) => {
        made.push(name);
        return value;
      });
    const parts = partsOf(container);
    expect((await parts.get('data')).data).toBe((await parts.get('data')).data);
    expect(made.toSorted()).toEqual(['data', 'experiment', 'progress', 'random']);
  });
});
