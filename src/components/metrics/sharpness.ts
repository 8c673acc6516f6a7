/**
 * How sharp images are: the variance of the Laplacian, x_up + x_down + x_left + x_right - 4 x, within an image, averaged over images. A VAE's
 * means are blurred and lie below the examples; noise lies above them.
 * Source: Pech-Pacheco et al. 2000, "Diatom autofocusing in brightfield microscopy"; for generative models Tolstikhin et al. 2018, "Wasserstein
 * Auto-Encoders", section 4.
 */
import { defineComponent } from '../../registry/define.js';
import { laplacianVariance } from '../shared/image-statistics.js';
import { measureImages } from '../shared/sample-images.js';

export default defineComponent({
  kind: 'metric',
  name: 'sharpness',
  description: 'Variance of the Laplacian within an image, averaged over samples and, to hold that against, over the examples.',
  params: {},
  build: () => ({
    columns: () => [
      { name: 'sharpness', unit: '', title: 'Sharpness of the samples' },
      { name: 'sharpness.examples', unit: '', title: 'Sharpness of the examples' },
    ],
    ...measureImages((image) => {
      let [sum, total] = [0, 0];
      return {
        add: (images, count) => {
          for (let i = 0; i < count; i++) sum += laplacianVariance(images, i * image.height * image.width * image.channels, image);
          total += count;
        },
        result: () => sum / total,
      };
    }),
  }),
});
