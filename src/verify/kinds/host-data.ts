/** The data of hosts: a few binary images with labels, the same in each split. */
import type { Data, Examples } from '../../registry/contracts/index.js';
import { binaryFeed, sizeOf } from '../values.js';
import { hostData, numClasses } from './hosts.js';

const count = 24;
const size = sizeOf(hostData.shape);
const pixels = binaryFeed('data', [count, size]).values;

const examples: Examples = {
  count,
  read: (indices, _, x, labels) => {
    for (const [i, index] of indices.entries()) {
      x.set(pixels.subarray(index * size, (index + 1) * size), i * size);
      if (labels !== undefined) labels[i] = index % numClasses;
    }
  },
};

export const createHostData = (): Data => ({
  ...hostData,
  // For metrics of mixtures: three modes at corners of the space of images.
  mixture: { means: [0, 0.5, 1].map((level) => Array.from({ length: size }, () => level)), deviation: 0.3 },
  // For metrics of factors: the label is the only one.
  factors: [{ name: 'class', numValues: numClasses, isOrdered: false }],
  description: 'binary images made up for a check',
  splits: { train: examples, validation: examples, test: examples },
  hashes: {},
});
