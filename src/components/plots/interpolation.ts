/**
 * What the model makes of the codes on a path between two codes: whether it has learned more than the examples, and a smooth way from one
 * to the next. Ends that look different say most. Of a number of candidates the two are taken that lie farthest apart in the distance
 * between their pixels, or those of different classes that the experiment's classifier is surest of; with the weights of that moment, so
 * that it may be another pair at another moment.
 * Sources: Goodfellow et al. 2014, figure 3; White 2016, arXiv:1609.04468 (spherical).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Studio } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { likeliestClasses, surestPair, type NamedClass } from '../shared/class-shares.js';
import { farthestPair, interpolate } from '../shared/codes.js';
import { generatedNeeds, labelsTensor, nameOfClass } from '../shared/generated.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment } from '../shared/image-plots.js';
import { numValues } from '../shared/shapes.js';
import { drawSheet, tilesOf } from '../shared/tiles.js';

const describeEnds = (data: Studio['data'], named: readonly NamedClass[], pair: readonly [number, number] | null): string => {
  const show = (i: number): string => {
    const { label, probability } = named[i] ?? { label: 0, probability: 0 };
    return `${nameOfClass(data, label)} (${(100 * probability).toFixed(0)} %)`;
  };
  if (pair === null) return `differ most, for all candidates are of the class ${nameOfClass(data, named[0]?.label ?? 0)}`;
  return `the classifier is surest of as different classes: ${show(pair[0])} and ${show(pair[1])}`;
};

export default defineComponent({
  kind: 'plot',
  name: 'interpolation',
  description:
    'Images along a path between two codes of the model, in each row. The ends of a row are two of a number of candidates: those whose ' +
    'images differ most, pixel by pixel, at that moment, or two of different classes. A model with classes makes each row of one class, the first row of the first. ' +
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
      description: 'Codes for each row, of which two become its ends; with 2 the ends are any two codes.',
    },
    ends: {
      type: 'string',
      enum: ['pixels', 'classes'],
      default: 'pixels',
      description: "Images that differ most pixel by pixel, or the surest two of different classes by the experiment's `classifier`.",
    },
  },
  build: ({ rows, steps, path, candidates, ends }) => ({
    needs: ends === 'classes' ? [...generatedNeeds, 'classify'] : generatedNeeds,
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
        const offers = forward({});
        const z = offers.sampleLatent(noise, rows * candidates);
        const images = offers.generate(z, labelsFor(candidates));
        return { z, images, ...(ends === 'classes' ? { probabilities: tf.softmax(offers.classify(images)) } : {}) };
      });
      const decode = await studio.compile('path', { z: { shape: [rows * numColumns, latent], dtype: 'float32' } }, ({ z }, forward) => {
        return { images: forward({}).generate(z, labelsFor(numColumns)) };
      });
      return async (moment) => {
        const proposed = await propose({}, 0);
        const [z, images] = [Float32Array.from(proposed['z'] ?? []), proposed['images'] ?? new Float32Array()];
        const probabilities = proposed['probabilities'] ?? new Float32Array();
        const codes = new Float32Array(rows * numColumns * latent);
        const reasons: string[] = [];
        for (let row = 0; row < rows; row++) {
          const first = row * candidates;
          const named = ends === 'classes' ? likeliestClasses(probabilities, data.numClasses ?? 0, first, candidates) : [];
          const surest = surestPair(named);
          const [from, to] = surest?.map((i) => first + i) ?? farthestPair(images, numValues(data.shape), first, candidates);
          reasons.push(ends === 'pixels' ? 'differ most' : describeEnds(data, named, surest));
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
        const choice = [...new Set(reasons)].join('; ');
        const caption = `${capitalize(showMoment(moment))}: images along ${plural(rows, `${path} path`)} between two codes, ${plural(steps, 'step')} between the ends; of ${candidates} candidates the ends are the two that ${choice}.`;
        return [{ suffix: '', folder: 'images', png, svg: null, caption }];
      };
    },
  }),
});
