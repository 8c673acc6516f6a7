/**
 * How alike samples are to each other: the multi-scale structural similarity of a sample and the next, averaged over pairs. 1 where all samples
 * are one; the examples' own figure says how low it is to be. Images too small for five halvings have fewer scales, whose weights are
 * divided by their sum: figures of images of different sizes cannot be compared.
 * Sources: Wang, Simoncelli & Bovik 2003, "Multiscale Structural Similarity for Image Quality Assessment", equation 7; for diversity Odena,
 * Olah & Shlens 2017, section 4.2.
 */
import { defineComponent } from '../../registry/define.js';
import { multiScaleSimilarity } from '../shared/similarity.js';
import { measureImages } from '../shared/sample-images.js';

export default defineComponent({
  kind: 'metric',
  name: 'ms-ssim',
  description:
    'Multi-scale structural similarity between pairs of samples, averaged, and between pairs of examples: samples that are more alike than ' +
    'examples lack diversity.',
  params: {
    range: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
      description: 'Distance between the least and the largest value that a pixel can take.',
    },
  },
  build: ({ range }) => ({
    columns: () => [
      { name: 'ms-ssim', unit: '', title: 'Similarity between samples' },
      { name: 'ms-ssim.examples', unit: '', title: 'Similarity between examples' },
    ],
    ...measureImages((image) => {
      const size = image.height * image.width * image.channels;
      let pending: Float32Array | null = null;
      let [sum, numPairs] = [0, 0];
      return {
        add: (images, count) => {
          for (let i = 0; i < count; i++) {
            const own = images.slice(i * size, (i + 1) * size);
            if (pending === null) pending = own;
            else {
              sum += multiScaleSimilarity(pending, own, image, range);
              numPairs++;
              pending = null;
            }
          }
        },
        result: () => sum / numPairs,
      };
    }),
  }),
});
