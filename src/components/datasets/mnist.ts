/**
 * MNIST: 70,000 handwritten digits, 28 x 28 grey values. The last images of the training file become the validation split.
 * Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", http://yann.lecun.com/exdb/mnist
 */
import { defineComponent } from '../../registry/define.js';
import { binarizationParam, supportOf } from '../shared/binarize.js';
import { parseImages, parseLabels } from '../shared/idx.js';
import { createImageData } from '../shared/image-data.js';
import { mnistFiles, readMnistFile } from '../shared/mnist-files.js';
import { countRows, cut, inOrder, limitParam, shorten } from '../shared/splits.js';

export default defineComponent({
  kind: 'dataset',
  name: 'mnist',
  description:
    'MNIST, 60,000 training and 10,000 test images of 28 x 28 grey values. The files are taken from `folder`, or from the folder that ' +
    'LATENTLAB_DATA names, or from the cache, or are downloaded into it; their MD5 is checked wherever they come from.',
  params: {
    binarization: binarizationParam,
    validation: {
      type: 'integer',
      minimum: 0,
      default: 10_000,
      description: 'Examples of the validation split, taken from the end of the training file; the rest is trained on.',
    },
    limit: limitParam,
    folder: {
      type: 'string',
      minLength: 1,
      nullable: true,
      default: null,
      description: 'Folder with the four IDX files, gzip-compressed or not; nothing is downloaded then.',
    },
    mirrors: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'],
      description: 'Base URLs to download from, tried in turn; an empty list forbids downloading.',
    },
  },
  build: ({ binarization, validation, limit, folder, mirrors }) => ({
    facts: { shape: [28, 28, 1], numClasses: 10, support: supportOf(binarization) },
    counts: () => countRows(shorten({ ...cut(inOrder(60_000), validation, 0), test: inOrder(10_000) }, limit)),
    load: async ({ random, dataFolder, cacheFolder, log }) => {
      const places = { folder, dataFolder, cacheFolder, mirrors, log };
      const { trainImages, trainLabels, testImages, testLabels } = mnistFiles;
      const train = {
        images: parseImages(await readMnistFile(trainImages, places), trainImages.name),
        labels: parseLabels(await readMnistFile(trainLabels, places), trainLabels.name),
      };
      const test = {
        images: parseImages(await readMnistFile(testImages, places), testImages.name),
        labels: parseLabels(await readMnistFile(testLabels, places), testLabels.name),
      };
      const ofTrain = cut(inOrder(train.images.count), validation, 0);
      const rows = shorten({ ...ofTrain, test: inOrder(test.images.count) }, limit);
      return createImageData({
        title: 'MNIST',
        splits: {
          train: { source: train, rows: rows.train },
          validation: { source: train, rows: rows.validation },
          test: { source: test, rows: rows.test },
        },
        numClasses: 10,
        binarization,
        random,
        hashes: Object.fromEntries(Object.values(mnistFiles).map(({ name, hash }) => [name, hash])),
      });
    },
  }),
});
