/**
 * Latent traversals: one latent at a time takes values from -range to +range while the others stay as they are.
 * Source: Higgins et al. 2017, "beta-VAE".
 */
import { defineComponent } from '../../registry/define.js';
import { countExamples, misfitOfSplit, prepareMeans, readExamples, splitParam } from '../shared/example-codes.js';
import {
  capitalize,
  imageShapeOf,
  latentName,
  misfitOfImages,
  misfitOfLatents,
  plural,
  showMoment,
  showNumber,
  showNumbers,
} from '../shared/image-plots.js';
import { drawSheet, type Tile } from '../shared/tiles.js';

/** Rows without `dimensions`, and the examples whose codes say which latents these are. */
const mostRows = 10;
const numMeasured = 500;

const variance = (means: Float32Array, latent: number, dimension: number): number => {
  const values = means.filter((_, i) => i % latent === dimension - 1);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};

/**
 * The latents that say most about the examples, counted from 1: those whose posterior means vary most, which is how
 * Burda et al. 2016, arXiv:1509.00519, tell active units.
 */
const mostActive = (means: Float32Array, latent: number): readonly number[] => {
  const activities = Array.from({ length: latent }, (_, i) => ({ dimension: i + 1, activity: variance(means, latent, i + 1) }));
  activities.sort((a, b) => b.activity - a.activity);
  return activities.slice(0, mostRows).map(({ dimension }) => dimension);
};

const rowsOf = (values: Float32Array, count: number, width: number): readonly Float32Array[] =>
  Array.from({ length: count }, (_, i) => values.subarray(i * width, (i + 1) * width));

/** Codes for each start, each of the latents and each value in turn: [starts * dimensions * values, latent]. */
const traverse = (
  starts: readonly Float32Array[],
  dimensions: readonly number[],
  values: readonly number[],
  latent: number,
): Float32Array => {
  const codes = new Float32Array(starts.length * dimensions.length * values.length * latent);
  let at = 0;
  for (const start of starts) {
    for (const dimension of dimensions) {
      for (const value of values) {
        codes.set(start, at);
        codes[at + dimension - 1] = value;
        at += latent;
      }
    }
  }
  return codes;
};

export default defineComponent({
  kind: 'plot',
  name: 'traversals',
  description: 'What each latent does: a row of decoded means for each, in which that latent alone changes. Values are clipped to [0, 1].',
  params: {
    count: {
      type: 'integer',
      minimum: 0,
      maximum: 100,
      default: 1,
      description: 'Examples whose posterior means the rows start from; with 0 they start from z = 0.',
    },
    split: splitParam,
    dimensions: {
      type: 'array',
      items: { type: 'integer', minimum: 1 },
      minItems: 1,
      nullable: true,
      default: null,
      description: 'Latents to change, counted from 1; if absent the 10 whose posterior means vary most among 500 examples, in that order.',
      examples: [[1, 2]],
    },
    range: { type: 'number', exclusiveMinimum: 0, default: 3, description: 'The largest value; the smallest is its negative.' },
    steps: { type: 'integer', minimum: 2, maximum: 50, default: 11, description: 'Values of each latent, evenly spaced.' },
  },
  build: ({ count: wanted, split, dimensions, range, steps }) => {
    const needsExamples = wanted > 0 || dimensions === null;
    return {
      needs: needsExamples ? ['encode', 'decode'] : ['decode'],
      check: (facts) =>
        misfitOfImages(facts) ?? misfitOfLatents(dimensions ?? [], facts.latent) ?? (needsExamples ? misfitOfSplit(facts, split) : null),
      prepare: async (studio) => {
        const { data, latent } = studio;
        const image = imageShapeOf(data);
        const count = wanted === 0 ? 0 : countExamples(data, split, wanted);
        const numMeans = dimensions === null ? countExamples(data, split, Math.max(numMeasured, count)) : count;
        const computeMeans = numMeans === 0 ? null : await prepareMeans(studio, split, numMeans);
        const inputs = count === 0 ? null : readExamples(data, split, 0, count).x;
        const numStarts = Math.max(1, count);
        const numRows = dimensions?.length ?? Math.min(mostRows, latent);
        const values = Array.from({ length: steps }, (_, i) => range * ((2 * i) / (steps - 1) - 1));
        const numCodes = numStarts * numRows * steps;
        const decode = await studio.compile('traversals', { z: { shape: [numCodes, latent], dtype: 'float32' } }, ({ z }, forward) => {
          return { means: forward({}).decode(z).mean };
        });
        return async (moment) => {
          const means = (await computeMeans?.()) ?? new Float32Array(latent);
          const shown = dimensions ?? mostActive(means, latent);
          const starts = inputs === null ? [new Float32Array(latent)] : rowsOf(means, count, latent);
          const { means: decoded = new Float32Array() } = await decode({ z: traverse(starts, shown, values, latent) }, 0);
          const tiles = Array.from({ length: numStarts * numRows }, (_, row): readonly Tile[] => {
            const varied = values.map((_value, i): Tile => ({ values: decoded, index: row * steps + i }));
            if (inputs === null) return varied;
            return [...varied, row % numRows === 0 ? { values: inputs, index: row / numRows } : null];
          }).flat();
          const png = await drawSheet({
            title: 'Latent traversals',
            subtitle: `${inputs === null ? 'From z = 0' : `From ${plural(count, 'example')} of the ${split} split`}, ${showMoment(moment)}`,
            image,
            tiles,
            rowGroups: Array.from({ length: numStarts }, () => numRows),
            columnGroups: inputs === null ? [steps] : [steps, 1],
            isSpaced: true,
            rowLabels: Array.from({ length: numStarts }, () => shown.map(latentName)).flat(),
            columnLabels: showNumbers(values),
            groupLabels: inputs === null ? ['Value of the latent'] : ['Value of the latent', 'Input'],
          });
          const from = inputs === null ? 'the origin' : `the posterior means of ${plural(count, 'example')} (their inputs on the right)`;
          const caption = `${capitalize(showMoment(moment))}: decoded means from ${from}, with one latent at a time going from ${showNumber(-range, 1)} to ${showNumber(range, 1)}.`;
          return [{ suffix: '', folder: 'images', png, svg: null, caption }];
        };
      },
    };
  },
});
