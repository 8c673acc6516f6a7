/** The classifier of an experiment: found in the cache, or trained by an experiment of its own on the same data. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import { stringify } from 'yaml';
import type { Classifier, Data, Forward, Offers, Pass } from '../../registry/contracts/index.js';
import { loadExperiment, type LoadedExperiment } from '../config/load.js';
import { silentProgress, type ProgressSink } from '../output/progress.js';
import { guardWrite } from '../output/write-errors.js';
import type { RunResult } from '../run.js';
import type { Variables } from '../train/variables.js';
import { keepClassifier, keyOf, readClassifier, type StoredClassifier } from './cache.js';

/** A trained classifier, and where it came from. */
export interface ProvidedClassifier extends Omit<StoredClassifier, 'tensors'> {
  readonly type: string;
  /** Its model, with variables that nothing trains. */
  readonly forward: Forward;
  /** The same with variables of another engine. */
  readonly forwardOn: (variables: Variables) => Forward;
}

export interface ClassifierParts {
  readonly loaded: LoadedExperiment;
  readonly data: Data;
  readonly variables: Variables;
  readonly progress: ProgressSink;
  /** Folder of what is kept between runs. */
  readonly cache: string;
  /** Runs an experiment into a folder of results. */
  readonly run: (experiment: LoadedExperiment, results: string, progress: ProgressSink) => Promise<RunResult>;
}

/** Every classifier begins with the same draws: which one names the digits is not to hang on the seed of who asks. */
const seed = 1;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Its epochs, as notes of the run that waits for it. */
const noteEpochs = (progress: ProgressSink, numEpochs: number): ProgressSink => ({
  ...silentProgress,
  epoch: (row) => {
    const { epoch, 'validation.accuracy': validation, 'train.accuracy': train } = row;
    const accuracy = validation ?? train;
    if (epoch !== 0 && typeof accuracy === 'number')
      progress.note(`classifier: epoch ${String(epoch)}/${String(numEpochs)}, accuracy ${percent(accuracy)}`);
  },
});

/** What the file of its experiment says. */
const describe = ({ loaded, data }: ClassifierParts, { experiment }: Classifier): string => {
  const { data: entry, engine } = loaded.experiment;
  const batchSize = Math.min(experiment.training.batchSize, data.splits.train.count);
  return stringify({
    name: 'classifier',
    description: `Names the classes of samples: ${data.description}.`,
    ...{ seed, engine, data: entry },
    ...experiment,
    training: { ...experiment.training, batchSize },
  });
};

/** Loads the experiment of its own, from a file that is gone afterwards. */
const loadOwn = async (parts: ClassifierParts, classifier: Classifier): Promise<LoadedExperiment> => {
  const workplace = await mkdtemp(join(tmpdir(), 'latentlab-classifier-'));
  try {
    const file = join(workplace, 'classifier.yaml');
    await writeFile(file, describe(parts, classifier));
    return await loadExperiment(file, { registry: parts.loaded.registry });
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
};

const trainClassifier = async (parts: ClassifierParts, own: LoadedExperiment, folder: string): Promise<StoredClassifier> => {
  const { progress, run } = parts;
  const { epochs } = own.experiment.training;
  const shelf = dirname(folder);
  const workplace = await guardWrite(shelf, async () => {
    await mkdir(shelf, { recursive: true });
    return mkdtemp(join(shelf, '.training-'));
  });
  try {
    progress.note(`training a classifier of the data, once (${String(epochs)} epochs); it is kept in ${folder}`);
    const result = await run(own, workplace, noteEpochs(progress, epochs ?? 0));
    await guardWrite(folder, () => keepClassifier(result.folder, folder));
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
  const kept = await readClassifier(folder);
  if (kept === null) throw new Error(`the classifier in ${folder} is gone, or other than it was written`);
  return kept;
};

/**
 * Null where the experiment asks for none.
 * @throws RunError where its run fails, or the cache cannot be written.
 */
export const provideClassifier = async (parts: ClassifierParts): Promise<ProvidedClassifier | null> => {
  const { loaded, data, variables, progress, cache } = parts;
  const { classifier } = loaded.built;
  if (classifier === null) return null;
  const own = await loadOwn(parts, classifier.component);
  // Engines agree to rounding: which of them trained it is no part of what it is.
  const folder = join(cache, 'classifiers', keyOf({ ...own.experiment, engine: null }, data.hashes));
  const stored = (await readClassifier(folder)) ?? (await trainClassifier(parts, own, folder));
  const forwardOn = (others: Variables): Forward => own.built.model.component.build(others.stored(stored.tensors), data);
  const { accuracy, split, sha256 } = stored;
  progress.note(`classifier ${classifier.type}: ${percent(accuracy)} of the ${split} examples right`);
  return { type: classifier.type, folder, accuracy, split, sha256, forward: forwardOn(variables), forwardOn };
};

/** The model, with the classifier among what it offers: while the model trains, the classifier stays as it is, and drops nothing. */
export const withClassifier =
  (forward: Forward, classifier: ProvidedClassifier | null): Forward =>
  (batch, pass) => {
    const offers = forward(batch, pass);
    if (classifier === null) return offers;
    const its: Pass = { ...pass, training: false };
    const classify: Offers['classify'] = Object.assign((x: tf.Tensor) => classifier.forward({ x }, its)['class.logits'], {
      features: (x: tf.Tensor) => classifier.forward({ x }, its)['class.features'],
    });
    return Object.defineProperty(offers, 'classify', { value: classify });
  };
