/**
 * Latent traversals: one latent at a time takes values from -range to +range while the others stay as they are.
 * Sources: Higgins et al. 2017, "beta-VAE"; from samples, Chen et al. 2016, "InfoGAN", figure 2.
 */
import type { Data, OfferName, Studio } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { countExamples, misfitOfSplit, prepareMeans, readExamples, splitParam } from '../shared/example-codes.js';
import { generatedNeeds, labelsTensor } from '../shared/generated.js';
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

/** Compiles codes that the model samples, the same each time: [count, latent]. */
const prepareSamples = async (studio: Studio, count: number): Promise<() => Promise<Float32Array>> => {
  const sample = await studio.compile('starts', {}, (_, forward, noise) => ({ codes: forward({}).sampleLatent(noise, count) }));
  return async () => Float32Array.from((await sample({}, 0))['codes'] ?? []);
};

/** A class for each start, in turn, where there are classes: one for each of its codes. */
const classesOf = ({ numClasses }: Data, numStarts: number, perStart: number): readonly number[] =>
  Array.from({ length: numStarts * perStart }, (_, i) => Math.floor(i / perStart) % (numClasses ?? 1));

export default defineComponent({
  kind: 'plot',
  name: 'traversals',
  description:
    'What each latent does: a row of what is generated for each, in which that latent alone changes. A model with classes generates from ' +
    'each start with one class, from the first with the first. Values are clipped to [0, 1].',
  params: {
    from: {
      type: 'string',
      enum: ['examples', 'samples'],
      default: 'examples',
      description: 'What the rows start from: the posterior means of examples, or codes that the model samples, as a GAN has no encoder.',
    },
    count: {
      type: 'integer',
      minimum: 0,
      maximum: 100,
      default: 1,
      description: 'Examples or samples whose codes the rows start from; with 0 they start from z = 0.',
    },
    split: { ...splitParam, readWhen: { param: 'from', is: ['examples'] } },
    dimensions: {
      type: 'array',
      items: { type: 'integer', minimum: 1 },
      minItems: 1,
      nullable: true,
      default: null,
      description:
        'Latents to change, counted from 1; if absent the 10 whose posterior means vary most among 500 examples, in that order, and from ' +
        'samples the first 10.',
      examples: [[1, 2]],
    },
    range: { type: 'number', exclusiveMinimum: 0, default: 3, description: 'The largest value; the smallest is its negative.' },
    steps: { type: 'integer', minimum: 2, maximum: 50, default: 11, description: 'Values of each latent, evenly spaced.' },
  },
  build: ({ from, count: wanted, split, dimensions, range, steps }) => {
    const isFromSamples = from === 'samples';
    const needsExamples = !isFromSamples && (wanted > 0 || dimensions === null);
    const needsOfStart: readonly OfferName[] = isFromSamples && wanted > 0 ? generatedNeeds : ['generate'];
    return {
      needs: needsExamples ? ['encode', 'generate'] : needsOfStart,
      check: (facts) =>
        misfitOfImages(facts) ?? misfitOfLatents(dimensions ?? [], facts.latent) ?? (needsExamples ? misfitOfSplit(facts, split) : null),
      prepare: async (studio) => {
        const { data, latent } = studio;
        const image = imageShapeOf(data);
        const count = isFromSamples || wanted === 0 ? wanted : countExamples(data, split, wanted);
        const numComputed = needsExamples && dimensions === null ? countExamples(data, split, Math.max(numMeasured, count)) : count;
        const prepareCodes = (): Promise<() => Promise<Float32Array>> =>
          isFromSamples ? prepareSamples(studio, count) : prepareMeans(studio, split, numComputed);
        const computeCodes = numComputed === 0 ? null : await prepareCodes();
        const inputs = isFromSamples || count === 0 ? null : readExamples(data, split, 0, count).x;
        const numStarts = Math.max(1, count);
        const numRows = dimensions?.length ?? Math.min(mostRows, latent);
        const values = Array.from({ length: steps }, (_, i) => range * ((2 * i) / (steps - 1) - 1));
        const numCodes = numStarts * numRows * steps;
        const generate = await studio.compile('traversals', { z: { shape: [numCodes, latent], dtype: 'float32' } }, ({ z }, forward) => {
          const labels = labelsTensor(data.numClasses, classesOf(data, numStarts, numRows * steps));
          return { images: forward({}).generate(z, labels) };
        });
        const examples = `${plural(count, 'example')} of the ${split} split`;
        const origin = count === 0 ? 'z = 0' : isFromSamples ? plural(count, 'sampled code') : examples;
        return async (moment) => {
          const codes = (await computeCodes?.()) ?? new Float32Array(latent);
          const shown = dimensions ?? (needsExamples ? mostActive(codes, latent) : Array.from({ length: numRows }, (_, i) => i + 1));
          const starts = count === 0 ? [new Float32Array(latent)] : rowsOf(codes, count, latent);
          const { images = new Float32Array() } = await generate({ z: traverse(starts, shown, values, latent) }, 0);
          const tiles = Array.from({ length: numStarts * numRows }, (_, row): readonly Tile[] => {
            const varied = values.map((_value, i): Tile => ({ values: images, index: row * steps + i }));
            if (inputs === null) return varied;
            return [...varied, row % numRows === 0 ? { values: inputs, index: row / numRows } : null];
          }).flat();
          const png = await drawSheet({
            title: 'Latent traversals',
            subtitle: `From ${origin}, ${showMoment(moment)}`,
            image,
            tiles,
            rowGroups: Array.from({ length: numStarts }, () => numRows),
            columnGroups: inputs === null ? [steps] : [steps, 1],
            isSpaced: true,
            rowLabels: Array.from({ length: numStarts }, () => shown.map(latentName)).flat(),
            columnLabels: showNumbers(values),
            groupLabels: inputs === null ? ['Value of the latent'] : ['Value of the latent', 'Input'],
          });
          const start = inputs === null ? origin : `the posterior means of ${origin} (their inputs on the right)`;
          const caption = `${capitalize(showMoment(moment))}: what is generated from ${start}, with one latent at a time going from ${showNumber(-range, 1)} to ${showNumber(range, 1)}.`;
          return [{ suffix: '', folder: 'images', png, svg: null, caption }];
        };
      },
    };
  },
});
