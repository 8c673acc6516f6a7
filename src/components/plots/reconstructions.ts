/** Examples and what the model makes of them: x above what it generates from the posterior's mean, z = E_q[z|x], which is E[x|z] in a VAE. */
import { defineComponent } from '../../registry/define.js';
import { countExamples, misfitOfSplit, readExamples, splitParam } from '../shared/example-codes.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment } from '../shared/image-plots.js';
import { drawSheet, type Tile } from '../shared/tiles.js';

export default defineComponent({
  kind: 'plot',
  name: 'reconstructions',
  description:
    'Examples above their reconstructions, what the model generates from the means of q(z|x). The examples stay the same throughout a run. ' +
    'Values are clipped to [0, 1].',
  params: {
    count: { type: 'integer', minimum: 1, maximum: 1000, default: 20, description: 'How many examples, or all of a smaller split.' },
    columns: { type: 'integer', minimum: 1, default: 10, description: 'Examples side by side.' },
    split: splitParam,
  },
  build: ({ count: wanted, columns, split }) => ({
    needs: ['encode', 'generate'],
    check: (facts) => misfitOfImages(facts) ?? misfitOfSplit(facts, split),
    prepare: async (studio) => {
      const { data } = studio;
      const image = imageShapeOf(data);
      const count = countExamples(data, split, wanted);
      const { x: examples } = readExamples(data, split, 0, count);
      const reconstruct = await studio.compile(
        'reconstructions',
        { x: { shape: [count, ...data.shape], dtype: 'float32' } },
        ({ x }, forward) => {
          const { encode, generate } = forward({ x });
          return { means: generate(encode(x).mean) };
        },
      );
      const numColumns = Math.min(columns, count);
      const numPairs = Math.ceil(count / numColumns);
      return async (moment) => {
        const { means = new Float32Array() } = await reconstruct({ x: examples }, 0);
        const tiles = Array.from({ length: numPairs }, (_, pair) =>
          [examples, means].flatMap((values) =>
            Array.from({ length: numColumns }, (_unused, i): Tile => {
              const index = pair * numColumns + i;
              return index < count ? { values, index } : null;
            }),
          ),
        ).flat();
        const png = await drawSheet({
          title: 'Reconstructions',
          subtitle: `${capitalize(split)} split, ${showMoment(moment)}`,
          image,
          tiles,
          rowGroups: Array.from({ length: numPairs }, () => 2),
          columnGroups: [numColumns],
          isSpaced: true,
          rowLabels: Array.from({ length: numPairs }, () => ['input', 'output']).flat(),
        });
        const caption = `${plural(count, 'example')} of the ${split} split (upper rows) and their reconstructions (lower rows) ${showMoment(moment)}.`;
        return [{ suffix: '', folder: 'images', png, svg: null, caption }];
      };
    },
  }),
});
