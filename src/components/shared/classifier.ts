/** How a classifier is trained that names the classes of samples: as any experiment is. */
import type { Classifier } from '../../registry/contracts/index.js';
import type { Params, ValuesOf } from '../../registry/params.js';

export const classifierParams = {
  epochs: { type: 'integer', minimum: 1, default: 3, unit: 'epochs', description: 'How often training passes over the data.' },
  batchSize: {
    type: 'integer',
    minimum: 1,
    default: 128,
    unit: 'examples',
    description: 'Examples per update; all of them where there are fewer.',
  },
  learningRate: { type: 'number', exclusiveMinimum: 0, default: 1e-3, description: "Adam's learning rate." },
} as const satisfies Params;

/** `network` is an entry of the kind `discriminator`. */
export const describeTraining = (
  network: Readonly<Record<string, unknown>>,
  { epochs, batchSize, learningRate }: ValuesOf<typeof classifierParams>,
): Classifier => ({
  experiment: {
    model: { type: 'classifier', network },
    losses: ['cross-entropy'],
    training: { epochs, batchSize, optimizer: { type: 'adam', learningRate } },
    metrics: ['accuracy'],
  },
});
