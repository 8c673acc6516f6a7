/** A run to be shown: how it starts, a row, a picture, and how it ends. */
import type { ProgressStart } from '../../../src/runner/output/progress.js';
import type { RunRecord } from '../../../src/runner/output/record.js';

export const started: ProgressStart = {
  experiment: 'vae-20d',
  folder: 'results/vae-20d/20261123-061902-a1b2',
  engine: 'onnx',
  parameters: 1_234_567,
  data: 'MNIST, one static Bernoulli sample',
  firstStep: 0,
  totalSteps: 1000,
  stepsPerEpoch: 250,
  lastEpoch: 4,
};

export const row = { epoch: 1, step: 250, loss: 150.123456, 'learning-rate': 0.001, 'train.elbo': -140.987654, 'validation.elbo': -142.5 };
export const picture = { file: 'images/samples-1.png', caption: 'Samples of the prior.', plot: 'samples', epoch: 1 };

export const ended: RunRecord = {
  format: 3,
  status: 'done',
  experiment: 'vae-20d',
  run: '20261123-061902-a1b2',
  config: { file: 'configs/vae-20d.yaml', sha256: '' },
  hashes: { experiment: 'e', variant: 'v' },
  seed: 1,
  workingFolder: '/home/ada',
  resumed: [],
  mishaps: [],
  plugins: [],
  started: '2026-11-23T06:19:02.000Z',
  ended: '2026-11-23T06:20:54.000Z',
  seconds: 112.4,
  pid: 1,
  versions: {},
  engine: { name: 'onnx', threads: 2 },
  machine: { platform: 'linux-x64', release: '6', processor: 'x', cores: 2, memoryGiB: 8 },
  git: null,
  data: null,
  classifier: null,
  parameters: 1_234_567,
  epoch: 4,
  step: 1000,
  total: { epochs: 4, steps: 1000 },
  timings: {},
  metrics: { ...row, 'test.elbo': -143.25, 'train.active-units': 12, 'validation.active-units': 11 },
  pictures: [picture],
  warnings: [],
  weights: 'checkpoints/1000/weights.safetensors',
  error: null,
};
