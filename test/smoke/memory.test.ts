/** Memory: a long run holds its size, and nothing is left when a run is over, however it ended. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { partsOf } from '../../src/runner/assemble/container.js';
import { runExperiment } from '../../src/runner/run.js';
import { temporaryFolder } from '../components/shared/temporary.js';
import { createSmokeContainer, loadSmoke } from '../support/smoke.js';

const folder = temporaryFolder();
const MiB = 2 ** 20;

// Not a flag of the whole suite: only here garbage and what is held must be told apart.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const residentMiB = (): number => {
  collectGarbage();
  return process.memoryUsage.rss() / MiB;
};

/** Tensors of all backends, variables included. tf.memory() needs a backend to be set. */
const held = (): { readonly tensors: number; readonly bytes: number; readonly variables: number } => {
  const { state, registeredVariables } = tf.engine();
  return { tensors: state.numTensors, bytes: state.numBytes, variables: Object.keys(registeredVariables).length };
};

describe('2,000 updates on onnx', () => {
  it('hold the process and the tensors at their size', async () => {
    const parts = partsOf(createSmokeContainer(await loadSmoke('vae-mlp', folder), folder));
    const { batches } = await parts.get('batches');
    const { round } = await parts.get('round');
    let step = 0;
    const train = async (numSteps: number): Promise<void> => {
      for (const end = step + numSteps; step < end; step++) await round.run(batches.read(step), step);
    };
    await train(300);
    const [rss, before] = [residentMiB(), held()];
    const sizes: number[] = [];
    for (let round = 0; round < 4; round++) {
      await train(500);
      sizes.push(residentMiB() - rss);
    }
    expect(held()).toEqual(before);
    // Measured were 1 to 3 MiB: compiled JavaScript, and what the allocators keep. A kernel of this model is 0.1 MiB.
    expect(Math.max(...sizes)).toBeLessThan(10);
    (await parts.get('variables')).variables.dispose();
    await (await parts.get('engine')).engine.dispose();
  });
});

describe.each(['onnx', 'cpu', 'wasm'])('when a run on %s is over', (engine) => {
  const finish = async (...overrides: readonly string[]): Promise<string> => {
    const experiment = await loadSmoke('vae-grey', folder, [`engine=${engine}`, ...overrides]);
    return runExperiment(partsOf(createSmokeContainer(experiment, folder))).then(
      ({ record }) => record.status,
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
    );
  };

  it.each([
    ['done', 'seed=1'],
    ['non-finite-loss', 'training.optimizer={ type: sgd, learningRate: 1e30 }'],
    ['no-gradient', 'losses=[kl]'],
    ['too-few-examples', 'training.batchSize=121'],
  ])('and was %s, it holds no tensor', async (outcome, override) => {
    const before = held();
    expect(await finish(override)).toBe(outcome);
    expect(held()).toEqual(before);
  });
});
