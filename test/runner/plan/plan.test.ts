/** Plans of runs: counts against those done by hand, for all configs that come with the package, and without memory. */
import { readdirSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadVariants } from '../../../src/index.js';
import { describePlan } from '../../../src/cli/plan-text.js';
import { planRun } from '../../../src/runner/plan/plan.js';
import { secondsOf, type Speed } from '../../../src/runner/plan/speed.js';
import { configFolder, loadSmoke, smokeNames } from '../../support/smoke.js';
import { rejectionOf, temporaryFolder } from '../output/support.js';
import { configOf, planFile, planText } from './support.js';
import { startCpuClock } from '../../support/cpu-clock.js';

const dense = (inputs: number, outputs: number): number => inputs * outputs + outputs;

describe('fits of the sampler', () => {
  it('are as many as the epochs at which a metric of samples is measured, or a plot of samples drawn', async () => {
    const file = configOf('smoke/autoencoder');
    expect((await planFile(file)).fits).toEqual({ sampler: 'two-stage', codes: 100, epochs: [2] });
    const often = ['training.epochs=5', 'metrics[+]={ type: sliced-wasserstein, name: rare, every: { epochs: 3 } }', 'sampler.codes=5000'];
    expect((await planFile(file, [], often)).fits).toEqual({ sampler: 'two-stage', codes: 120, epochs: [2, 3, 4, 5] });
    expect((await planFile(file, [], ['metrics[1]=sliced-wasserstein'])).fits?.epochs).toEqual([0, 1, 2]);
    const early = ['training.epochs=5', 'metrics[1].every.epochs=4', 'plots[0].at=[start, 1]', 'plots[2].at=[3]'];
    expect((await planFile(file, [], early)).fits?.epochs).toEqual([0, 1, 4, 5]);
    expect((await planFile(configOf('smoke/vae-deep'))).fits).toBeNull();
  });

  it('are told beside the estimate of the time', async () => {
    expect(describePlan(await planFile(configOf('smoke/autoencoder')), false)).toContain(
      'on top: sampler two-stage is fitted to 100 codes after epoch 2\n',
    );
  });
});

describe('parameters', () => {
  it('of a dense VAE are those of its four layers', async () => {
    const { parameters, players } = await planFile(configOf('seed/vae-20d'));
    expect(players).toEqual([
      {
        player: 'encoder',
        components: ['encoder mlp'],
        parameters: dense(784, 500) + dense(500, 40),
        layers: [
          { path: 'encoder/hidden-0', output: [500], parameters: dense(784, 500) },
          { path: 'encoder/output', output: [40], parameters: dense(500, 40) },
        ],
      },
      {
        player: 'decoder',
        components: ['decoder mlp'],
        parameters: dense(20, 500) + dense(500, 784),
        layers: [
          { path: 'decoder/hidden-0', output: [500], parameters: dense(20, 500) },
          { path: 'decoder/output', output: [784], parameters: dense(500, 784) },
        ],
      },
    ]);
    expect(parameters).toBe(815_824);
  });

  it('of a DCGAN are those of its convolutions, with gain and bias where layers are normalized', async () => {
    const { players } = await planText(`data: { type: mnist-10k, binarization: none }
model:
  type: gan
  latent: 16
  generator: { type: dcgan, filters: [8, 12], kernel: 4, hidden: [32] }
  discriminator: { type: dcgan, filters: [8, 12], kernel: 4, hidden: [32] }
losses: [gan-non-saturating]
training: { epochs: 1, batchSize: 32 }
`);
    const normalized = (channels: number): number => 2 * channels;
    const convolution = (from: number, to: number, bias = to): number => 4 * 4 * from * to + bias;
    const [generator, discriminator] = players;
    expect(generator?.parameters).toBe(
      dense(16, 32) +
        normalized(32) +
        dense(32, 7 * 7 * 12) +
        normalized(12) +
        convolution(8, 12, 8) +
        normalized(8) +
        convolution(1, 8, 1),
    );
    expect(discriminator?.parameters).toBe(
      convolution(1, 8) + convolution(8, 12) + normalized(12) + dense(7 * 7 * 12, 32) + normalized(32) + dense(32, 1),
    );
    expect(generator?.layers.map(({ path, output }) => [path, output?.join('x')])).toEqual([
      ['generator/hidden-0', '32'],
      ['generator/hidden-0/normalization', '32'],
      ['generator/start', '588'],
      ['generator/start/normalization', '7x7x12'],
      ['generator/convolution-0', '14x14x8'],
      ['generator/convolution-0/normalization', '14x14x8'],
      ['generator/convolution-1', '28x28x1'],
    ]);
  });
});

describe('the plan of a dense VAE', () => {
  it('has the cost, the memory and the steps that can be worked out', async () => {
    const { cost, memory, steps, data } = await planFile(configOf('seed/vae-20d'));
    const [batch, forward, first] = [128, 784 * 500 + 500 * 40 + 20 * 500 + 500 * 784, 784 * 500];
    // Forward, by the weights, and by what comes from below: not wanted of the data. Gradients of biases are products with ones.
    const biases = 500 + 40 + 500 + 784;
    expect(cost?.multiplyAdds).toBe(batch * (3 * forward - first + biases));
    expect(cost?.flops).toBe(2 * (cost?.multiplyAdds ?? 0) + (cost?.elementOps ?? 0));
    expect(memory).toMatchObject({ weights: 4 * 815_824, optimizer: 8 * 815_824, averages: 0, states: 0 });
    // At least all gradients, which the optimizer reads at the end.
    expect(memory.step).toBeGreaterThan(4 * 815_824);
    expect(data).toMatchObject({
      type: 'mnist',
      shape: [28, 28, 1],
      isLoaded: false,
      counts: { train: 50_000, validation: 10_000, test: 10_000 },
    });
    expect(steps).toMatchObject({ batchSize: 128, perEpoch: Math.floor(50_000 / 128), total: steps.epochs * Math.floor(50_000 / 128) });
  });

  it('has a copy of all weights for their moving average', async () => {
    const text = `data: mnist-10k
model: { type: vae, latent: 2 }
losses: [reconstruction, kl]
training: { steps: 3, updates: [{ player: [encoder, decoder], ema: 0.9 }] }
`;
    const { memory } = await planText(text);
    expect(memory.averages).toBe(memory.weights);
  });

  it('lists what the run will write', async () => {
    const { files } = await planText(`data: mnist-10k
model: { type: vae, latent: 2 }
losses: [reconstruction, kl]
training: { epochs: 10 }
metrics: [elbo]
checkpoints: { every: { epochs: 3 }, keep: 2 }
plots:
  - { type: samples, every: { epochs: 5 }, at: [start] }
  - { type: animation, every: { epochs: 1 } }
`);
    expect(files.metrics).toEqual({
      rows: 11,
      columns: ['epoch', 'step', 'loss', 'loss.reconstruction', 'loss.kl', 'learning-rate', 'train.elbo', 'validation.elbo'],
    });
    expect(files.pictures).toMatchObject([
      { plot: 'samples', epochs: [0, 5, 10], isOne: false },
      { plot: 'animation', epochs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], isOne: true },
    ]);
    // After epochs 3, 6, 9, and at the end.
    expect(files.checkpoints).toMatchObject({ written: 4, kept: 2 });
  });

  it('counts passes of metrics over equally many examples of both splits', async () => {
    const text = `data: { type: mnist-10k, validation: 700, test: 1200 }
model: { type: vae, latent: 2 }
losses: [reconstruction, kl]
training: { epochs: 3, evaluationBatchSize: 500 }
metrics: [elbo]
`;
    expect((await planText(text)).cost?.numEvaluations).toBe(4 * (2 + 2) + 3);
  });
});

describe('a plan without memory', () => {
  it('is made of a model of 1.6 billion parameters', async () => {
    const before = process.memoryUsage();
    const cpuMs = startCpuClock();
    const { parameters, memory } = await planText(`data: mnist-10k
model: { type: vae, latent: 1000000 }
losses: [reconstruction, kl]
training: { epochs: 1 }
`);
    const after = process.memoryUsage();
    expect(parameters).toBe(dense(784, 500) + dense(500, 2_000_000) + dense(1_000_000, 500) + dense(500, 784));
    expect(memory.weights).toBe(4 * parameters);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2e7);
    expect(after.rss - before.rss).toBeLessThan(2e8);
    expect(cpuMs()).toBeLessThan(3000);
  });

  it('leaves no tensor behind, whether it can be made or not', async () => {
    const { numTensors } = tf.memory();
    await planFile(configOf('seed/vae-20d'));
    await rejectionOf(planFile(configOf('seed/vae-20d'), [], ['losses=[kl]']));
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('the configs of the package', () => {
  const others = readdirSync(configFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && !file.startsWith('smoke'))
    .map((file) => file.slice(0, -'.yaml'.length));

  it.each(others.toSorted())('%s has a plan', async (name) => {
    const [loaded] = await loadVariants(configOf(name));
    if (loaded === undefined) throw new Error('it declares no run');
    const { parameters, cost, steps, notes } = await planRun(loaded, () => Promise.resolve(null));
    const isTrained = loaded.built.model.component.fit === undefined;
    expect(parameters > 0).toBe(isTrained);
    expect(isTrained ? cost?.multiplyAdds : cost?.evaluationMultiplyAdds).toBeGreaterThan(0);
    expect(steps.total > 0).toBe(isTrained);
    expect(notes).toEqual([]);
  });

  it.each(smokeNames)('smoke/%s has a plan', async (name) => {
    const loaded = await loadSmoke(name, temporaryFolder());
    const { parameters, cost, data } = await planRun(loaded, () => Promise.resolve(null));
    const isTrained = loaded.built.model.component.fit === undefined;
    expect(parameters > 0).toBe(isTrained);
    expect(isTrained ? cost?.multiplyAdds : cost?.evaluationMultiplyAdds).toBeGreaterThan(0);
    expect(data.isLoaded).toBe(loaded.built.data.component.facts === null);
  });
});

describe('what only the number of examples can tell', () => {
  it('is told by the plan', async () => {
    const error = await rejectionOf(planFile(configOf('quickstart'), [], ['data.validation=0', 'plots=[reconstructions]']));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain('the data has none there');
  });

  it('and so is a batch that is larger than the training split', async () => {
    expect(await rejectionOf(planFile(configOf('quickstart'), [], ['training.batchSize=9000']))).toMatchObject({
      code: 'too-few-examples',
    });
  });
});

describe('the time of steps', () => {
  const speed: Speed = { engine: 'onnx', threads: 1, multiplyAddsPerSecond: 1e9, bytesPerSecond: 1e9 };
  const step = {
    name: '',
    firstUses: new Map(),
    numNodes: 1,
    multiplyAdds: 2e9,
    elementOps: 0,
    bytesMoved: 1e9,
    peakBytes: 0,
    numFeeds: 0,
  };

  it('is that of products and of all else, and a little for each run', () => {
    expect(secondsOf([step, step], speed)).toBeCloseTo(6, 3);
    expect(secondsOf([{ ...step, multiplyAdds: 0, bytesMoved: 0 }], speed)).toBeGreaterThan(0);
    expect(secondsOf([{ ...step, multiplyAdds: 0, bytesMoved: 0 }], { ...speed, engine: 'cpu' })).toBe(0);
  });
});
