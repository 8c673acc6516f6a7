/**
 * Samples of any autoencoder, by a distribution that is fitted to the codes of training examples afterwards: a Gaussian, a mixture of
 * Gaussians, a second VAE, or points between neighbouring codes. They show how much of bad samples is the prior's fault, and not the
 * decoder's.
 * Sources: Ghosh et al. 2020, "From variational to deterministic autoencoders", section 4; for the second VAE Dai & Wipf 2019.
 */
import { defineComponent } from '../../registry/define.js';
import { countExamples, misfitOfSplit } from '../shared/example-codes.js';
import { prepareFittedCodes } from '../shared/fitted-codes.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment, squareColumns } from '../shared/image-plots.js';
import { drawSheet, tilesOf } from '../shared/tiles.js';

export default defineComponent({
  kind: 'plot',
  name: 'fitted-samples',
  description:
    'Samples from a distribution that is fitted to the codes of training examples, for models without a prior, or to compare with theirs ' +
    '(Ghosh et al. 2020). Values are clipped to [0, 1].',
  params: {
    sampler: { component: 'sampler', default: 'normal', description: 'What is fitted to the codes.' },
    count: { type: 'integer', minimum: 1, maximum: 2500, default: 25, description: 'How many samples.' },
  },
  build: ({ sampler, count }) => ({
    needs: ['encode', 'generate'],
    check: (facts) => misfitOfImages(facts) ?? misfitOfSplit(facts, 'train'),
    prepare: async (studio) => {
      const { data, latent } = studio;
      const image = imageShapeOf(data);
      const numCodes = countExamples(data, 'train', sampler.codes);
      const drawCodes = await prepareFittedCodes(studio, sampler);
      const generate = await studio.compile('generate', { z: { shape: [count, latent], dtype: 'float32' } }, ({ z }, forward) => ({
        images: forward({}).generate(z),
      }));
      const numColumns = squareColumns(count);
      return async (moment) => {
        const { images = new Float32Array() } = await generate({ z: await drawCodes(count) }, 0);
        const png = await drawSheet({
          title: 'Samples of fitted codes',
          subtitle: `${capitalize(sampler.family)}, ${showMoment(moment)}`,
          image,
          tiles: tilesOf(images, count),
          rowGroups: [Math.ceil(count / numColumns)],
          columnGroups: [numColumns],
          isSpaced: true,
        });
        const caption = `${plural(count, 'sample')} ${showMoment(moment)}, from ${sampler.family} fitted to the codes of ${plural(numCodes, 'training example')}.`;
        return [{ suffix: '', folder: 'images', png, svg: null, caption }];
      };
    },
  }),
});
