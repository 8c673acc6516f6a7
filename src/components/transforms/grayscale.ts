/**
 * Grey images from coloured ones: 0.299 R + 0.587 G + 0.114 B. A fourth channel, the opacity, stays.
 * Source: the luma of ITU-R BT.601, which Pillow's mode `L` is too.
 */
import { defineComponent } from '../../registry/define.js';
import { blendedSupport, changeFacts, imageMisfit, imageShape } from '../shared/transform-facts.js';
import { lumaOf } from '../shared/luma.js';

export default defineComponent({
  kind: 'transform',
  name: 'grayscale',
  description: 'Makes images of three channels grey, of one channel; where there is a fourth channel, the opacity, it is kept.',
  params: {},
  build: () => ({
    random: false,
    facts: (data) => {
      const misfit = imageMisfit(data);
      if (misfit !== null) return misfit;
      const [height, width, channels] = imageShape(data.shape);
      if (channels < 3)
        return { param: null, message: `takes images of 3 or 4 channels, these have ${channels}`, help: 'Leave it out: they are grey.' };
      return changeFacts(data, { shape: [height, width, channels - 2], support: blendedSupport(data.support) });
    },
    prepare: ({ shape }) => {
      const [height, width, channels] = imageShape(shape);
      return (example, out) => {
        for (let pixel = 0, to = 0; pixel < height * width; pixel++) {
          const from = pixel * channels;
          out[to++] = lumaOf(example[from] ?? 0, example[from + 1] ?? 0, example[from + 2] ?? 0);
          if (channels === 4) out[to++] = example[from + 3] ?? 0;
        }
      };
    },
  }),
});
