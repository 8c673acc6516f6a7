/**
 * Ancestral sampling: z ~ p(z), then the decoder's mean E[x|z], then x ~ p(x|z), value by value. The noise is the same at each
 * moment, so that pictures of one run show the same codes while the decoder learns.
 * Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes", arXiv:1312.6114.
 */
import type { Moment } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment } from '../shared/image-plots.js';
import { drawSheet, tilesOf, type Tile } from '../shared/tiles.js';

type Show = 'means' | 'draws' | 'both';

/** The most nearly square grid: 25 gives 5 columns, 30 gives 6. */
const squareColumns = (count: number): number => Math.ceil(Math.sqrt(count));

const layers: Readonly<Record<Show, readonly ('means' | 'draws')[]>> = { means: ['means'], draws: ['draws'], both: ['means', 'draws'] };

const words: Readonly<Record<Show, string>> = {
  means: 'means E[x|z] of codes z ~ p(z)',
  draws: 'draws x ~ p(x|z) of codes z ~ p(z)',
  both: 'means E[x|z] and draws x ~ p(x|z) of the same codes z ~ p(z)',
};
const layerLabels = { means: 'Means', draws: 'Draws' } as const;

const caption = (count: number, show: Show, moment: Moment): string =>
  `${plural(count, 'sample')} of the model ${showMoment(moment)}: ${words[show]}; the codes are the same at each moment.`;

export default defineComponent({
  kind: 'plot',
  name: 'samples',
  description:
    'Samples of the model: codes from the prior, decoded. The codes stay the same throughout a run. Values are clipped to [0, 1].',
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
      description: 'The means of p(x|z), draws from it, or both beside each other.',
    },
  },
  build: ({ count, columns, show }) => ({
    needs: ['prior', 'decode'],
    check: misfitOfImages,
    prepare: async (studio) => {
      const image = imageShapeOf(studio.data);
      const sample = await studio.compile('samples', {}, (_, forward, noise) => {
        const { prior, decode } = forward({});
        const observation = decode(prior.sample(noise, count));
        return { means: observation.mean, ...(show === 'means' ? {} : { draws: observation.sample(noise) }) };
      });
      const numColumns = Math.min(count, columns ?? squareColumns(count));
      const numRows = Math.ceil(count / numColumns);
      return async (moment) => {
        const results = await sample({}, 0);
        const shown = layers[show];
        const batches = shown.map((layer) => tilesOf(results[layer] ?? new Float32Array(), count));
        const tiles: readonly Tile[] = Array.from({ length: numRows }, (_, row) =>
          batches.flatMap((batch) => Array.from({ length: numColumns }, (_unused, i) => batch[row * numColumns + i] ?? null)),
        ).flat();
        const png = await drawSheet({
          title: 'Samples',
          subtitle: show === 'both' ? capitalize(showMoment(moment)) : `${layerLabels[show]}, ${showMoment(moment)}`,
          image,
          tiles,
          rowGroups: [numRows],
          columnGroups: shown.map(() => numColumns),
          isSpaced: true,
          groupLabels: show === 'both' ? shown.map((layer) => layerLabels[layer]) : [],
        });
        return [{ suffix: '', folder: 'images', png, svg: null, caption: caption(count, show, moment) }];
      };
    },
  }),
});
