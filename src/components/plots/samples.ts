/**
 * Samples of any model that makes examples of codes: z ~ p(z), then G(z), which is the mean E[x|z] where the decoder gives a likelihood;
 * there the last step of ancestral sampling, x ~ p(x|z), can be shown as well. The noise is the same at each
 * moment, so that pictures of one run show the same codes while the decoder learns.
 * Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes", arXiv:1312.6114.
 */
import type { Facts, Misfit, Moment, Studio } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { codesClause, generatedNeeds, prepareFromCodes } from '../shared/generated.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment, squareColumns } from '../shared/image-plots.js';
import { drawSheet, tilesOf, type Tile } from '../shared/tiles.js';

type Show = 'means' | 'draws' | 'both';

const layers: Readonly<Record<Show, readonly ('means' | 'draws')[]>> = { means: ['means'], draws: ['draws'], both: ['means', 'draws'] };

/** What is shown, for captions, before the words that say of what distribution the codes are. */
const words: Readonly<Record<Show, string>> = {
  means: 'generated from codes',
  draws: 'draws x ~ p(x|z) of codes',
  both: 'means E[x|z] and draws x ~ p(x|z) of the same codes',
};
const layerLabels = { means: 'Means', draws: 'Draws' } as const;

const misfitOfDraws = (show: Show, { offers }: Facts): Misfit | null => {
  if (show === 'means' || (offers.includes('prior') && offers.includes('decode'))) return null;
  return {
    param: 'show',
    message: `is "${show}", and the model has no p(x|z) to draw from`,
    help: 'Set `show: means`, which shows what the model generates.',
  };
};

const caption = (count: number, show: Show, moment: Moment, { fittedCodes }: Studio): string => {
  const origin =
    fittedCodes === null
      ? 'z ~ p(z); the codes are the same at each moment'
      : `z of ${fittedCodes.family}; fitted to those of training examples`;
  return `${plural(count, 'sample')} of the model ${showMoment(moment)}: ${words[show]} ${origin}.`;
};

export default defineComponent({
  kind: 'plot',
  name: 'samples',
  description:
    'Samples of the model: codes from its prior, decoded or put through its generator, which stay the same throughout a run; where the ' +
    'experiment has a `sampler`, codes of that. Values are clipped to [0, 1].',
  params: {
    count: { type: 'integer', minimum: 1, maximum: 2500, default: 25, description: 'How many samples.' },
    columns: {
      type: 'integer',
      minimum: 1,
      nullable: true,
      default: null,
      description: 'Samples side by side; as square as possible if absent.',
    },
    show: {
      type: 'string',
      enum: ['means', 'draws', 'both'],
      default: 'means',
      description:
        'What is generated of codes (for a VAE the means of p(x|z)), draws from p(x|z), or both beside each other; draws need a likelihood.',
    },
  },
  build: ({ count, columns, show }) => ({
    needs: generatedNeeds,
    drawsFittedCodes: true,
    check: (facts) => misfitOfImages(facts) ?? misfitOfDraws(show, facts),
    prepare: async (studio) => {
      const image = imageShapeOf(studio.data);
      const sample = await prepareFromCodes(studio, 'samples', count, (z, offers, noise) => {
        if (show === 'means') return { means: offers.generate(z) };
        const observation = offers.decode(z);
        return { means: observation.mean, draws: observation.sample(noise) };
      });
      const numColumns = Math.min(count, columns ?? squareColumns(count));
      const numRows = Math.ceil(count / numColumns);
      return async (moment) => {
        const results = await sample();
        const shown = layers[show];
        const batches = shown.map((layer) => tilesOf(results[layer] ?? new Float32Array(), count));
        const tiles: readonly Tile[] = Array.from({ length: numRows }, (_, row) =>
          batches.flatMap((batch) => Array.from({ length: numColumns }, (_unused, i) => batch[row * numColumns + i] ?? null)),
        ).flat();
        const png = await drawSheet({
          title: 'Samples',
          subtitle: `${show === 'draws' ? `Draws, ${showMoment(moment)}` : capitalize(showMoment(moment))}${codesClause(studio)}`,
          image,
          tiles,
          rowGroups: [numRows],
          columnGroups: shown.map(() => numColumns),
          isSpaced: true,
          groupLabels: show === 'both' ? shown.map((layer) => layerLabels[layer]) : [],
        });
        return [{ suffix: '', folder: 'images', png, svg: null, caption: caption(count, show, moment, studio) }];
      };
    },
  }),
});
