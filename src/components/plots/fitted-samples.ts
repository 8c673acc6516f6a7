/**
 * Samples of any autoencoder, by a distribution that is fitted to the codes of training examples afterwards: a Gaussian, a mixture of
 * Gaussians, or points between neighbouring codes. They show how much of bad samples is the prior's fault, and not the decoder's.
 * Source: Ghosh et al. 2020, "From variational to deterministic autoencoders", section 4.
 */
import type { Draws } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { betweenNeighbours, fitMixture, fitNormal, type Codes, type CodeSampler } from '../shared/code-fits.js';
import { countExamples, misfitOfSplit, prepareMeans } from '../shared/example-codes.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment, squareColumns } from '../shared/image-plots.js';
import { drawSheet, tilesOf } from '../shared/tiles.js';

const samplerNames = ['normal', 'mixture', 'neighbours'] as const;

interface Settings {
  readonly components: number;
  readonly neighbours: number;
}

const fits: Readonly<Record<(typeof samplerNames)[number], (codes: Codes, settings: Settings, draws: Draws) => CodeSampler>> = {
  normal: (codes) => fitNormal(codes),
  mixture: (codes, { components }, draws) => fitMixture(codes, components, draws),
  neighbours: (codes, { neighbours }) => betweenNeighbours(codes, neighbours),
};

const words = { normal: 'a Gaussian', mixture: 'a mixture of Gaussians', neighbours: 'points between neighbours' } as const;

export default defineComponent({
  kind: 'plot',
  name: 'fitted-samples',
  description:
    'Samples from a distribution that is fitted to the codes of training examples, for models without a prior, or to compare with theirs ' +
    '(Ghosh et al. 2020). Values are clipped to [0, 1].',
  params: {
    sampler: {
      type: 'string',
      enum: samplerNames,
      default: 'normal',
      description:
        'What is fitted: one `normal` distribution, a `mixture` of them, or `neighbours`: points between a code and one near it.',
    },
    count: { type: 'integer', minimum: 1, maximum: 2500, default: 25, description: 'How many samples.' },
    codes: {
      type: 'integer',
      minimum: 2,
      default: 2000,
      unit: 'examples',
      description: 'Training examples whose codes are fitted, or all of fewer.',
    },
    components: { type: 'integer', minimum: 1, default: 10, description: 'Gaussians of `mixture`.' },
    neighbours: { type: 'integer', minimum: 1, default: 5, description: 'Nearest codes that `neighbours` chooses one of.' },
  },
  build: ({ sampler, count, codes, components, neighbours }) => ({
    needs: ['encode', 'generate'],
    check: (facts) => misfitOfImages(facts) ?? misfitOfSplit(facts, 'train'),
    prepare: async (studio) => {
      const { data, latent, random } = studio;
      const image = imageShapeOf(data);
      const numCodes = countExamples(data, 'train', codes);
      const means = await prepareMeans(studio, 'train', numCodes);
      const generate = await studio.compile('generate', { z: { shape: [count, latent], dtype: 'float32' } }, ({ z }, forward) => ({
        images: forward({}).generate(z),
      }));
      const numColumns = squareColumns(count);
      return async (moment) => {
        const fitted: Codes = { values: await means(), size: latent };
        const sample = fits[sampler](fitted, { components, neighbours }, random.draws(`fitted-samples/${sampler}/fit`, 0));
        const z = new Float32Array(count * latent);
        sample(z, random.draws(`fitted-samples/${sampler}/codes`, 0));
        const { images = new Float32Array() } = await generate({ z }, 0);
        const png = await drawSheet({
          title: 'Samples of fitted codes',
          subtitle: `${capitalize(words[sampler])}, ${showMoment(moment)}`,
          image,
          tiles: tilesOf(images, count),
          rowGroups: [Math.ceil(count / numColumns)],
          columnGroups: [numColumns],
          isSpaced: true,
        });
        const caption = `${plural(count, 'sample')} ${showMoment(moment)}, from ${words[sampler]} fitted to the codes of ${plural(numCodes, 'training example')}.`;
        return [{ suffix: '', folder: 'images', png, svg: null, caption }];
      };
    },
  }),
});
