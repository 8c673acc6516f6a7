/**
 * The data manifold of a model with two latents: E[x|z] at a grid of codes that are evenly spaced in probability,
 * z = Phi^-1(p), so that each cell stands for the same share of the prior's mass within the coverage.
 * Source: Kingma & Welling 2014, arXiv:1312.6114, figure 4; Doersch 2016, arXiv:1606.05908.
 */
import type { Facts, Misfit } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { capitalize, imageShapeOf, latentName, misfitOfImages, showMoment, showNumber } from '../shared/image-plots.js';
import { normalQuantile } from '../shared/normal-quantile.js';
import { drawSheet, tilesOf } from '../shared/tiles.js';

const misfitOfLatent = ({ latent }: Facts): Misfit | null => {
  if (latent === 2) return null;
  return {
    param: null,
    message: `draws a plane of codes and needs 2 latents, the model has ${String(latent)}`,
    help: `Set the model's latent size to 2, or look at ${latent === 1 ? 'one latent' : 'several latents'} with "traversals".`,
  };
};

/** Codes along one axis, lowest first. */
const quantiles = (size: number, coverage: number): readonly number[] =>
  Array.from({ length: size }, (_, i) => normalQuantile((1 - coverage) / 2 + (coverage * i) / (size - 1)));

/** Labels for some of them, placed symmetrically: 4 of an even number, 5 of an odd one. */
const sparseLabels = (values: readonly number[]): readonly string[] => {
  const numGaps = values.length % 2 === 0 ? 3 : 4;
  const labelled = new Set(Array.from({ length: numGaps + 1 }, (_, k) => Math.round((k * (values.length - 1)) / numGaps)));
  return values.map((value, i) => (values.length <= 8 || labelled.has(i) ? showNumber(value, 2) : ''));
};

export default defineComponent({
  kind: 'plot',
  name: 'latent-manifold',
  description:
    'Decoded means at a grid of codes, for a model with 2 latents: the first latent grows to the right, the second upwards. Codes lie at ' +
    'quantiles of the standard normal distribution. Values are clipped to [0, 1].',
  params: {
    size: { type: 'integer', minimum: 2, maximum: 100, default: 20, description: 'Codes along each axis.' },
    coverage: {
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.98,
      description:
        'Share of the normal distribution between the first and the last code of an axis: 0.9 goes from the 5 % to the 95 % quantile.',
    },
  },
  build: ({ size, coverage }) => ({
    needs: ['decode'],
    check: (facts) => misfitOfLatent(facts) ?? misfitOfImages(facts),
    prepare: async (studio) => {
      const image = imageShapeOf(studio.data);
      const axis = quantiles(size, coverage);
      const upwards = [...axis].reverse();
      const codes = Float32Array.from(upwards.flatMap((second) => axis.flatMap((first) => [first, second])));
      const decode = await studio.compile('manifold', { z: { shape: [size * size, 2], dtype: 'float32' } }, ({ z }, forward) => {
        return { means: forward({}).decode(z).mean };
      });
      return async (moment) => {
        const { means = new Float32Array() } = await decode({ z: codes }, 0);
        const png = await drawSheet({
          title: 'Latent manifold',
          subtitle: capitalize(showMoment(moment)),
          image,
          tiles: tilesOf(means, size * size),
          rowGroups: [size],
          columnGroups: [size],
          isSpaced: false,
          rowLabels: sparseLabels(upwards),
          columnLabels: sparseLabels(axis),
          rowTitle: latentName(2),
          columnTitle: latentName(1),
        });
        const range = `${showNumber(axis[0] ?? 0, 2)} to ${showNumber(axis.at(-1) ?? 0, 2)}`;
        const caption = `Decoded means ${showMoment(moment)} at ${String(size)} x ${String(size)} codes, ${latentName(1)} to the right and ${latentName(2)} upwards, both from ${range} at normal quantiles.`;
        return [{ suffix: '', folder: 'images', png, svg: null, caption }];
      };
    },
  }),
});
