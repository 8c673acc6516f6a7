/**
 * Samples against the mixture of Gaussians that the data was drawn from: how many modes are covered, how many samples lie well within
 * one, and how evenly they are shared out. Definitions and sources are in shared/modes.ts.
 */
import type { Facts, Misfit } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { generatedNeeds } from '../shared/generated.js';
import { createModeCounts } from '../shared/modes.js';

const misfitOfMixture = ({ data }: Facts): Misfit | null => {
  if (data === null || data.mixture !== undefined) return null;
  return {
    param: null,
    message: 'counts the modes of a mixture of Gaussians, and the data is not known to be one',
    help: 'Take data such as `gaussian-ring` or `gaussian-grid`, or leave the metric out.',
  };
};

export default defineComponent({
  kind: 'metric',
  name: 'modes',
  description:
    'For data drawn from a mixture of Gaussians: the number of modes that have a sample within 3 standard deviations of their centre, the ' +
    'share of samples that lie so near to one, and KL(g||p) of the shares g of samples whose nearest centre each mode is, from equal ' +
    'shares p. Samples are generated, as many as there are examples.',
  params: {},
  build: () => ({
    needs: [...generatedNeeds, 'x'],
    columns: () => [
      { name: 'modes-covered', unit: 'modes', title: 'Modes covered' },
      { name: 'high-quality', unit: '', title: 'Share of high-quality samples' },
      { name: 'reverse-kl', unit: 'nats', title: 'Reverse KL divergence over modes' },
    ],
    check: misfitOfMixture,
    // Not the fakes of the game: in an adversarial autoencoder they are codes.
    measure: ({ sampleLatent, generate, x }, noise) => ({ samples: generate(sampleLatent(noise, x.shape[0])) }),
    reducer: (_, { mixture }) => {
      if (mixture === undefined) throw new Error('the data is no mixture, and the metric got past its check');
      const counts = createModeCounts(mixture);
      return {
        add: ({ samples = new Float32Array() }, count) => {
          counts.add(samples, count);
        },
        result: () => [counts.covered(), counts.highQuality(), counts.reverseKl()],
      };
    },
  }),
});
