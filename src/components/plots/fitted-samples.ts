/**
 * Samples of any autoencoder, by a distribution that is fitted to the codes of training examples afterwards: a Gaussian, a mixture of
 * Gaussians, a second VAE, or points between neighbouring codes. They show how much of bad samples is the prior's fault, and not the
 * decoder's.
 * Sources: Ghosh et al. 2020, "From variational to deterministic autoencoders", section 4; for the second VAE Dai & Wipf 2019.
 */
import type { Draws, Studio } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { betweenNeighbours, fitMixture, fitNormal, type Codes, type CodeSampler } from '../shared/code-fits.js';
import { countExamples, misfitOfSplit, prepareMeans } from '../shared/example-codes.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment, squareColumns } from '../shared/image-plots.js';
import { prepareSecondStage } from '../shared/second-stage.js';
import { drawSheet, tilesOf } from '../shared/tiles.js';

const samplerNames = ['normal', 'mixture', 'two-stage', 'neighbours'] as const;
type SamplerName = (typeof samplerNames)[number];

interface Settings {
  readonly components: number;
  readonly epochs: number;
  readonly neighbours: number;
  readonly numCodes: number;
  readonly numSamples: number;
}

type Fit = (codes: Codes, draws: Draws) => CodeSampler | Promise<CodeSampler>;

/** What a sampler needs before the first moment, such as compiled steps. */
const fits: Readonly<Record<SamplerName, (studio: Studio, settings: Settings) => Fit | Promise<Fit>>> = {
  normal: () => fitNormal,
  mixture:
    (_, { components }) =>
    (codes, draws) =>
      fitMixture(codes, components, draws),
  'two-stage': prepareSecondStage,
  neighbours:
    (_, { neighbours }) =>
    (codes) =>
      betweenNeighbours(codes, neighbours),
};

const words: Readonly<Record<SamplerName, string>> = {
  normal: 'a Gaussian',
  mixture: 'a mixture of Gaussians',
  'two-stage': 'a second VAE',
  neighbours: 'points between neighbours',
};

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
        'What is fitted: one `normal` distribution, a `mixture` of them, a second VAE (`two-stage`, Dai and Wipf 2019), or `neighbours`: ' +
        'points between a code and one near it.',
    },
    count: { type: 'integer', minimum: 1, maximum: 2500, default: 25, description: 'How many samples.' },
    codes: {
      type: 'integer',
      minimum: 2,
      default: 2000,
      unit: 'examples',
      description: 'Training examples whose codes are fitted, or all of fewer.',
    },
    components: {
      type: 'integer',
      minimum: 1,
      default: 10,
      readWhen: { param: 'sampler', is: ['mixture'] },
      description: 'Gaussians of `mixture`.',
    },
    epochs: {
      type: 'integer',
      minimum: 1,
      default: 100,
      unit: 'epochs',
      readWhen: { param: 'sampler', is: ['two-stage'] },
      description: 'How often the second VAE of `two-stage` passes over the codes at each moment of the plot.',
    },
    neighbours: {
      type: 'integer',
      minimum: 1,
      default: 5,
      readWhen: { param: 'sampler', is: ['neighbours'] },
      description: 'Nearest codes that `neighbours` chooses one of.',
    },
  },
  build: ({ sampler, count, codes, components, epochs, neighbours }) => ({
    needs: ['encode', 'generate'],
    check: (facts) => misfitOfImages(facts) ?? misfitOfSplit(facts, 'train'),
    prepare: async (studio) => {
      const { data, latent, random } = studio;
      const image = imageShapeOf(data);
      const numCodes = countExamples(data, 'train', codes);
      const means = await prepareMeans(studio, 'train', numCodes);
      const fit = await fits[sampler](studio, { components, epochs, neighbours, numCodes, numSamples: count });
      const generate = await studio.compile('generate', { z: { shape: [count, latent], dtype: 'float32' } }, ({ z }, forward) => ({
        images: forward({}).generate(z),
      }));
      const numColumns = squareColumns(count);
      return async (moment) => {
        const fitted: Codes = { values: await means(), size: latent };
        const sample = await fit(fitted, random.draws(`fitted-samples/${sampler}/fit`, 0));
        const z = new Float32Array(count * latent);
        await sample(z, random.draws(`fitted-samples/${sampler}/codes`, 0));
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
