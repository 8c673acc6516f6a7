/** Measures generated images against real ones, two folders without any model: the second takes the place of a model's samples. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createOffers } from '../../components/shared/offers.js';
import type { Data, Examples, Forward } from '../../registry/contracts/index.js';
import type { Registry } from '../../registry/registry.js';
import { createContainer, partsOf } from '../assemble/container.js';
import { withClassifier } from '../classifier/provide.js';
import { loadExperiment } from '../config/load.js';
import { RunError } from '../errors.js';
import { silentProgress, type ProgressSink } from '../output/progress.js';
import { describeProvenance, type Provenances } from '../provenance.js';
import { Evaluator } from '../train/evaluate.js';
import { chooseMetrics } from './metrics.js';

export interface FolderOptions {
  readonly registry: Registry;
  readonly real: string;
  readonly generated: string;
  /** Height and width to bring images to; null: they have one size already. */
  readonly size: number | null;
  readonly metrics: readonly string[];
  readonly classifier: string | null;
  readonly progress: ProgressSink;
}

export interface EvaluatedFolders extends Provenances {
  readonly figures: readonly { readonly figure: string; readonly value: number; readonly unit: string }[];
  /** Images of each folder that were taken. */
  readonly count: number;
}

/** All images are one split; what is trained is never built. */
const describe = (folder: string, { size, classifier }: FolderOptions): string =>
  stringify({
    name: 'folders',
    data: { type: 'image-folder', folder, ...(size === null ? {} : { size }) },
    model: { type: 'gan', latent: 1, generator: 'mlp', discriminator: 'mlp' },
    ...(classifier === null ? {} : { classifier }),
    losses: ['gan-non-saturating'],
    training: { steps: 1, batchSize: 1 },
  });

const shorten = (examples: Examples, count: number): Examples => ({ ...examples, count });

const loadImages = async (file: string, folder: string, options: FolderOptions): Promise<Data> => {
  await writeFile(file, describe(folder, { ...options, classifier: null }));
  const experiment = await loadExperiment(file, { registry: options.registry });
  return (await partsOf(createContainer({ experiment, results: '', progress: silentProgress })).get('data')).data;
};

const measure = async (file: string, options: FolderOptions): Promise<EvaluatedFolders> => {
  const { real, generated, metrics: wanted, registry, progress } = options;
  const samples = await loadImages(file, generated, options);
  await writeFile(file, describe(real, options));
  const { loaded, metrics } = await chooseMetrics(file, [], wanted, {}, { registry });
  const parts = partsOf(createContainer({ experiment: loaded, results: '', progress }));
  const { engine, variables, data } = await parts.get('engine', 'variables', 'data');
  try {
    const refuse = (reason: string, help: string): RunError => new RunError('nothing-to-measure', { folder: generated, reason, help });
    if (samples.shape.join() !== data.shape.join())
      throw refuse(
        `its images are [${samples.shape.join(', ')}], and those of ${real} [${data.shape.join(', ')}]`,
        'Give both one size with --size.',
      );
    const needed = [...new Set(metrics.flatMap(({ metric }) => metric.needs))].filter(
      (need) => !['x', 'labels', 'sampleLatent', 'generate', 'classify'].includes(need),
    );
    if (needed.length > 0)
      throw refuse(`there is no model that offers ${needed.join(', ')}`, 'Give metrics of samples, such as frechet-distance.');
    const count = Math.min(samples.splits.train.count, data.splits.train.count);
    const none = shorten(data.splits.test, 0);
    const images: Data = { ...data, splits: { train: shorten(data.splits.train, count), validation: none, test: none } };
    const { classifier, random } = await parts.get('classifier', 'random');
    const forward: Forward = ({ x, labels }) =>
      createOffers({ ...(x === undefined ? {} : { x: () => x }), ...(labels === undefined ? {} : { labels: () => labels }) });
    const evaluator = await Evaluator.create({
      ...{ engine, data: images, forward: withClassifier(forward, classifier), latent: 1, random },
      ...{ batchSize: Math.min(500, count), withLabels: metrics.some(({ metric }) => metric.needs.includes('labels')) },
      metrics: metrics.map(({ entry, ...each }) => ({ ...each, name: entry.type, everyEpochs: null })),
      samples: shorten(samples.splits.train, count),
    });
    const origins = describeProvenance(
      metrics,
      images,
      [['train', count]],
      { classifier: classifier?.sha256.slice(0, 16) ?? null, sampler: null },
      loaded.experiment.seed,
    );
    const values = await evaluator.measure('train');
    const figures = metrics.flatMap(({ columns }) =>
      columns.map(({ name, unit }) => ({ figure: name, value: values[name] ?? Number.NaN, unit })),
    );
    return { ...origins, figures, count };
  } finally {
    variables.dispose();
    await engine.dispose();
  }
};

/** @throws ConfigError, DataError, RunError. As many images of each folder are taken as the smaller one has. */
export const evaluateFolders = async (options: FolderOptions): Promise<EvaluatedFolders> => {
  const workplace = await mkdtemp(join(tmpdir(), 'latentlab-folders-'));
  try {
    return await measure(join(workplace, 'folders.yaml'), options);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
};
