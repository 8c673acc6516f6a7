/**
 * Samples beside the training examples nearest to them, by the distance of their values: whether a model makes something new, or gives back
 * what it was shown. The codes are the same at each moment.
 */
import { defineComponent } from '../../registry/define.js';
import { codesClause, generatedNeeds, prepareGenerated } from '../shared/generated.js';
import { imageShapeOf, misfitOfImages, plural, showMoment, capitalize, showNumber } from '../shared/image-plots.js';
import { nearestInTraining } from '../shared/nearest-training.js';
import { numValues } from '../shared/shapes.js';
import { drawSheet, type Tile } from '../shared/tiles.js';

export default defineComponent({
  kind: 'plot',
  name: 'nearest-training',
  description:
    'Samples, each with the training examples that are nearest to it by their values, the nearest first: a model that copies is found out.',
  params: {
    count: { type: 'integer', minimum: 1, maximum: 100, default: 8, description: 'How many samples.' },
    neighbours: { type: 'integer', minimum: 1, maximum: 20, default: 5, description: 'How many training examples beside each.' },
  },
  build: ({ count, neighbours }) => ({
    needs: generatedNeeds,
    drawsFittedCodes: true,
    check: misfitOfImages,
    prepare: async (studio) => {
      const { data } = studio;
      const image = imageShapeOf(data);
      const size = numValues(data.shape);
      const numNearest = Math.min(neighbours, data.splits.train.count);
      const generate = await prepareGenerated(studio, 'nearest-training', count);
      return async (moment) => {
        const samples = Float32Array.from(await generate());
        const nearest = nearestInTraining({ values: samples, count, width: size }, data, null, numNearest);
        const examples = new Float32Array(nearest.indices.length * size);
        const { train } = data.splits;
        (train.plain ?? train).read(nearest.indices, 0, examples);
        const tiles: readonly Tile[] = Array.from({ length: count }, (_, row) => [
          { values: samples, index: row },
          ...Array.from({ length: numNearest }, (_unused, i) => ({ values: examples, index: row * numNearest + i })),
        ]).flat();
        const png = await drawSheet({
          title: 'Nearest training examples',
          subtitle: `${capitalize(showMoment(moment))}${codesClause(studio)}`,
          image,
          tiles,
          rowGroups: [count],
          columnGroups: [1, numNearest],
          isSpaced: true,
          groupLabels: ['Sample', 'Nearest'],
          rowLabels: Array.from({ length: count }, (_, row) => showNumber(Math.sqrt(nearest.values[row * numNearest] ?? 0), 2)),
          rowTitle: 'Distance',
        });
        const caption = `${capitalize(plural(count, 'sample'))} of the model ${showMoment(moment)}${codesClause(studio)}, each with its ${plural(numNearest, 'nearest training example')}; on the left the distance to the nearest.`;
        return [{ suffix: '', folder: 'images', png, svg: null, caption }];
      };
    },
  }),
});
