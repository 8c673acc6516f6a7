/** Arrays by name from an archive that numpy.savez or numpy.savez_compressed wrote. */
import { basename } from 'node:path';
import { defineComponent } from '../../registry/define.js';
import { arrayParams, assertComplete, createArrayData } from '../shared/array-data.js';
import { sha256 } from '../shared/data-file.js';
import { readGivenFile } from '../shared/given-file.js';
import type { NpyArray } from '../shared/npy.js';
import { openNpz } from '../shared/npz.js';

const optional = (description: string) => ({ type: 'string', minLength: 1, nullable: true, default: null, description }) as const;

export default defineComponent({
  kind: 'dataset',
  name: 'npz',
  description:
    'Arrays of numbers from an NPZ archive, as numpy.savez writes it, compressed or not: images [N, H, W] or [N, H, W, C], or vectors [N, D]. ' +
    'Unsigned bytes are read as k / 255. Relative paths start at the current directory.',
  params: {
    file: { type: 'string', minLength: 1, description: 'The archive.', examples: ['data/mnist.npz'] },
    array: optional('Name of the array with the training examples; the only one that no other param names, if absent.'),
    labels: optional('Name of the array with their labels: integers from 0.'),
    testArray: optional('Name of the array with the test examples; without it the test split is cut from the training examples.'),
    testLabels: optional('Name of the array with the labels of the test examples.'),
    ...arrayParams,
  },
  build: ({ file, array, labels, testArray, testLabels, ...values }) => ({
    facts: null,
    load: async ({ random }) => {
      assertComplete({ labels, test: testArray, testLabels, testParam: 'testArray' }, values);
      const bytes = await readGivenFile(file);
      const npz = openNpz(bytes, file);
      const read = (param: string, name: string | null): NpyArray | null => (name === null ? null : npz.read(param, name));
      const trainLabels = read('labels', labels);
      const tested = read('testArray', testArray);
      const test = tested === null ? null : { examples: tested, labels: read('testLabels', testLabels) };
      const name = array ?? npz.onlyBeside([labels, testArray, testLabels]);
      const train = { examples: npz.read('array', name), labels: trainLabels };
      return createArrayData(
        { title: `${name} of ${basename(file)} (NPZ)`, train, test, hashes: { [file]: sha256(bytes) } },
        values,
        random,
      );
    },
  }),
});
