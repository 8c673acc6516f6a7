/** Data sets of NPY arrays: examples and labels of a training and perhaps a test array, cut into splits. */
import type { Data, RandomStreams } from '../../registry/contracts/index.js';
import type { Params, ValuesOf } from '../../registry/params.js';
import { binarizationParam } from './binarize.js';
import { DataError } from './data-error.js';
import { assertSameShape, countClasses } from './idx-files.js';
import { createImageData, type LabelledImages } from './image-data.js';
import { toImages, toLabels } from './npy-values.js';
import type { NpyArray } from './npy.js';
import { cut, inOrder, limitParam, shorten } from './splits.js';
import { createValueData, findOutside, supportOfValues, supportParam, supportWords } from './value-data.js';

export const arrayParams = {
  divisor: {
    type: 'number',
    exclusiveMinimum: 0,
    nullable: true,
    default: null,
    description: 'What values are divided by; if absent 255 for unsigned bytes (uint8), and 1 for all other types.',
  },
  support: supportParam,
  binarization: binarizationParam,
  validation: {
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'Examples of the validation split, taken from the end of the training examples.',
  },
  test: {
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'Examples of the test split, taken from the end of the training examples where there is no array for it.',
  },
  shuffle: {
    type: 'boolean',
    default: false,
    description:
      'Whether the training examples are put into a random order (stream `data/split`) before they are cut into splits; for files sorted by class.',
  },
  limit: limitParam,
} as const satisfies Params;
type ArrayValues = ValuesOf<typeof arrayParams>;

/** What a user gave, under the names of the params. */
interface GivenArrays {
  readonly labels: string | null;
  readonly test: string | null;
  readonly testLabels: string | null;
  /** The param that names the test examples. */
  readonly testParam: string;
}

/**
 * Labels are for all splits or for none.
 * @throws DataError incomplete-params, conflicting-params
 */
export const assertComplete = ({ labels, test, testLabels, testParam }: GivenArrays, values: ArrayValues): void => {
  if (test === null && testLabels !== null) throw new DataError('incomplete-params', { given: 'testLabels', missing: testParam });
  if (test !== null && labels !== null && testLabels === null)
    throw new DataError('incomplete-params', { given: 'labels', missing: 'testLabels' });
  if (testLabels !== null && labels === null) throw new DataError('incomplete-params', { given: 'testLabels', missing: 'labels' });
  if (test !== null && values.test > 0) throw new DataError('conflicting-params', { params: [testParam, 'test'] });
  if (values.binarization !== 'none' && values.support !== 'auto')
    throw new DataError('conflicting-params', { params: ['binarization', 'support'] });
};

/** Arrays that belong together. */
export interface ArrayPair {
  readonly examples: NpyArray;
  readonly labels: NpyArray | null;
}

interface ArrayDataParts {
  readonly title: string;
  readonly train: ArrayPair;
  /** Null where the test split is cut from the training examples. */
  readonly test: ArrayPair | null;
  readonly hashes: Readonly<Record<string, string>>;
}

const toLabelled = ({ examples, labels }: ArrayPair, divisor: number | null): LabelledImages => {
  const images = toImages(examples, divisor);
  if (labels === null) return { images, labels: null };
  const classes = toLabels(labels);
  if (classes.length !== images.count)
    throw new DataError('count-mismatch', {
      images: examples.file,
      numImages: images.count,
      labels: labels.file,
      numLabels: classes.length,
    });
  return { images, labels: classes };
};

/** @throws DataError value-out-of-range */
const assertWithin = ({ images: { file, pixels } }: LabelledImages, { support, binarization }: ArrayValues): void => {
  const wanted = binarization === 'none' ? (support === 'auto' ? 'real' : support) : 'unit-interval';
  const index = findOutside(pixels, wanted);
  if (index < 0) return;
  const reason = binarization === 'none' ? '' : ', to be binarized';
  throw new DataError('value-out-of-range', { file, index, value: pixels[index] ?? NaN, range: supportWords[wanted] + reason });
};

/**
 * @throws DataError unsupported-npy, no-examples, ambiguous-bytes, value-out-of-range, count-mismatch, shape-mismatch, split-too-large
 */
export const createArrayData = ({ title, train, test, hashes }: ArrayDataParts, values: ArrayValues, random: RandomStreams): Data => {
  const trained = toLabelled(train, values.divisor);
  const tested = test === null ? trained : toLabelled(test, values.divisor);
  assertSameShape(trained.images, tested.images);
  assertWithin(trained, values);
  assertWithin(tested, values);
  const { count } = trained.images;
  const cutRows = cut(values.shuffle ? random.draws('data/split', 0).permutation(count) : inOrder(count), values.validation, values.test);
  const rows = shorten(test === null ? cutRows : { ...cutRows, test: inOrder(tested.images.count) }, values.limit);
  const parts = {
    title,
    splits: {
      train: { source: trained, rows: rows.train },
      validation: { source: trained, rows: rows.validation },
      test: { source: tested, rows: rows.test },
    },
    numClasses: countClasses(trained.labels, tested.labels),
    random,
    hashes,
  };
  if (values.binarization !== 'none') return createImageData({ ...parts, binarization: values.binarization });
  const support = values.support === 'auto' ? supportOfValues(trained.images.pixels, tested.images.pixels) : values.support;
  return createValueData({ ...parts, support });
};
