/** Arrays that numpy.save wrote: images or points in one file, their labels in another. */
import { basename } from 'node:path';
import { defineComponent } from '../../registry/define.js';
import { arrayParams, assertComplete, createArrayData } from '../shared/array-data.js';
import { sha256 } from '../shared/data-file.js';
import { readGivenFile } from '../shared/given-file.js';
import { parseNpy, type NpyArray } from '../shared/npy.js';

const optional = (description: string) => ({ type: 'string', minLength: 1, nullable: true, default: null, description }) as const;

export default defineComponent({
  kind: 'dataset',
  name: 'npy',
  description:
    'Arrays of numbers from NPY files, as numpy.save writes them: images [N, H, W] or [N, H, W, C], or vectors [N, D]. ' +
    'Unsigned bytes are read as k / 255. Relative paths start at the current directory; for NPZ archives there is `npz`.',
  params: {
    file: { type: 'string', minLength: 1, description: 'The file with the training examples.', examples: ['data/images.npy'] },
    labels: optional('The file with their labels: integers from 0.'),
    testFile: optional('The file with the test examples; without it the test split is cut from the training examples.'),
    testLabels: optional('The file with the labels of the test examples.'),
    ...arrayParams,
  },
  build: ({ file, labels, testFile, testLabels, ...values }) => ({
    facts: null,
    load: async ({ random }) => {
      assertComplete({ labels, test: testFile, testLabels, testParam: 'testFile' }, values);
      const hashes: Record<string, string> = {};
      const read = async (path: string): Promise<NpyArray> => {
        const bytes = await readGivenFile(path);
        hashes[path] = sha256(bytes);
        return parseNpy(bytes, path);
      };
      const train = { examples: await read(file), labels: labels === null ? null : await read(labels) };
      const test =
        testFile === null ? null : { examples: await read(testFile), labels: testLabels === null ? null : await read(testLabels) };
      return createArrayData({ title: `${basename(file)} (NPY)`, train, test, hashes }, values, random);
    },
  }),
});
