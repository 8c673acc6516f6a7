/**
 * What the model makes of the codes on a path between two codes: whether it has learned more than the examples, and a smooth way from one
 * to the next. Ends that look different say most. Of a number of candidates the two are taken that lie farthest apart in the distance
 * between their pixels, with the weights of that moment: the choice needs no classifier, and may be another pair at another moment.
 * Sources: Goodfellow et al. 2014, figure 3; White 2016, arXiv:1609.04468 (spherical).
 */
import { defineComponent } from '../../registry/define.js';
import { farthestPair, interpolate } from '../shared/codes.js';
import { generatedNeeds, labelsTensor } from '../shared/generated.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment } from '../shared/image-plots.js';
import { numValues } from '../shared/shapes.js';
import { drawSheet, tilesOf } from '../shared/tiles.js';

export default defineComponent({
  kind: 'plot',
  name: 'interpolation',
  description:
    'Images along a path between two codes of the model, in each row. The ends of a row are those two of a number of candidates whose ' +
    'images differ most, pixel by pixel, at that moment. A model with classes makes each row of one class, the first row of the first. ' +
    'Values are clipped to [0, 1].',
  params: {
    rows: { type: 'integer', minimum: 1, maximum: 50, default: 1, description: 'Paths, each with candidates of its own.' },
    steps: { type: 'integer', minimum: 1, maximum: 50, default: 7, description: 'Images between the two ends of a path.' },
    path: {
      type: 'string',
      enum: ['linear', 'spherical'],
      default: 'linear',
      description: 'A straight line, or the arc that keeps the length of codes where both ends have the same, as normal codes nearly do.',
    },
    candidates: {
      type: 'integer',
      minimum: 2,
      maximum: 1000,
      default: 64,
      description: 'Codes for each row, of which the two become its ends whose images differ most; with 2 the ends are any two codes.',
    },
  },
  build: ({ rows, steps, path, candidates }) => ({
    needs: generatedNeeds,
    check: misfitOfImages,
    prepare: async (studio) => {
      const { data, latent } = studio;
      const image = imageShapeOf(data);
      const numColumns = steps + 2;
      const classOf = (row: number): number => row % (data.numClasses ?? 1);
      const labelsFor = (perRow: number) =>
        labelsTensor(
          data.numClasses,
          Array.from({ length: rows * perRow }, (_, i) => classOf(Math.floor(i / perRow))),
        );
      const propose = await studio.compile('candidates', {}, (_, forward, noise) => {
        const { sampleLatent, generate } = forward({});
        const z = sampleLatent(noise, rows * candidates);
        return { z, images: generate(z, labelsFor(candidates)) };
      });
      const decode = await studio.compile('path', { z: { shape: [rows * numColumns, latent], dtype: 'float32' } }, ({ z }, forward) => {
        return { images: forward({}).generate(z, labelsFor(numColumns)) };
      });
      return async (moment) => {
        const proposed = await propose({}, 0);
        const [z, images] = [Float32Array.from(proposed['z'] ?? []), proposed['images'] ?? new Float32Array()];
        const codes = new Float32Array(rows * numColumns * latent);
        for (let row = 0; row < rows; row++) {
          const [from, to] = farthestPair(images, numValues(data.shape), row * candidates, candidates);
          const codeAt = (i: number): Float32Array => z.subarray(i * latent, (i + 1) * latent);
          codes.set(interpolate(codeAt(from), codeAt(to), numColumns, path), row * numColumns * latent);
        }
        const { images: shown = new Float32Array() } = await decode({ z: codes }, 0);
        const png = await drawSheet({
          title: 'Interpolation',
          subtitle: `${capitalize(path)}, ${showMoment(moment)}`,
          image,
          tiles: tilesOf(shown, rows * numColumns),
          rowGroups: [rows],
          columnGroups: [numColumns],
          isSpaced: true,
        });
        const caption = `${capitalize(showMoment(moment))}: images along ${plural(rows, `${path} path`)} between two codes, ${plural(steps, 'step')} between the ends; of ${candidates} candidates the ends are the two that differ most.`;
        return [{ suffix: '', folder: 'images', png, svg: null, caption }];
      };
    },
  }),
});
