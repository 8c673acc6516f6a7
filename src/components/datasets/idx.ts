/**
 * Images from any IDX files: Fashion-MNIST, KMNIST, EMNIST, or your own.
 * Source of the format: http://yann.lecun.com/exdb/mnist
 */
import { basename } from 'node:path';
import { defineComponent } from '../../registry/define.js';
import { binarizationParam } from '../shared/binarize.js';
import { assertSameShape, countClasses, readIdxFiles } from '../shared/idx-files.js';
import { createImageData } from '../shared/image-data.js';
import { cut, inOrder, limitParam, shorten } from '../shared/splits.js';
import { DataError } from '../shared/data-error.js';

const file = (description: string) => ({ type: 'string', minLength: 1, nullable: true, default: null, description }) as const;

export default defineComponent({
  kind: 'dataset',
  name: 'idx',
  description:
    'Images from IDX files, gzip-compressed or not: unsigned bytes (read as k / 255) or floats from 0 to 1, of the form [N, H, W], ' +
    '[N, H, W, C] or [N, D]. Relative paths start at the current directory.',
  params: {
    images: {
      type: 'string',
      minLength: 1,
      description: 'The file with the training images.',
      examples: ['data/train-images-idx3-ubyte.gz'],
    },
    labels: file('The file with their labels: integers from 0.'),
    testImages: file('The file with the test images; without it the test split is cut from the training images.'),
    testLabels: file('The file with the labels of the test images.'),
    binarization: binarizationParam,
    validation: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Examples of the validation split, taken from the end of the training images.',
    },
    test: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Examples of the test split, taken from the end of the training images where there are no `testImages`.',
    },
    shuffle: {
      type: 'boolean',
      default: false,
      description:
        'Whether the training images are put into a random order (stream `data/split`) before they are cut into splits; for files sorted by class.',
    },
    limit: limitParam,
  },
  build: ({ images, labels, testImages, testLabels, binarization, validation, test, shuffle, limit }) => ({
    facts: null,
    load: async ({ random }) => {
      if (testImages === null && testLabels !== null)
        throw new DataError('incomplete-params', { given: 'testLabels', missing: 'testImages' });
      if (testImages !== null && labels !== null && testLabels === null)
        throw new DataError('incomplete-params', { given: 'labels', missing: 'testLabels' });
      if (testLabels !== null && labels === null) throw new DataError('incomplete-params', { given: 'testLabels', missing: 'labels' });
      if (testImages !== null && test > 0) throw new DataError('conflicting-params', { params: ['testImages', 'test'] });
      const train = await readIdxFiles(images, labels);
      const tested = testImages === null ? train : await readIdxFiles(testImages, testLabels);
      assertSameShape(train.images, tested.images);
      const { count } = train.images;
      const cutRows = cut(shuffle ? random.draws('data/split', 0).permutation(count) : inOrder(count), validation, test);
      const rows = shorten(tested === train ? cutRows : { ...cutRows, test: inOrder(tested.images.count) }, limit);
      return createImageData({
        title: `${basename(images)} (IDX)`,
        splits: {
          train: { source: train, rows: rows.train },
          validation: { source: train, rows: rows.validation },
          test: { source: tested, rows: rows.test },
        },
        numClasses: countClasses(train.labels, tested.labels),
        binarization,
        random,
        hashes: { ...train.hashes, ...tested.hashes },
      });
    },
  }),
});
