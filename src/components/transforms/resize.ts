/** Images of another size, stretched where height and width change by different factors; see shared/resample.ts for the filter. */
import { defineComponent } from '../../registry/define.js';
import { readSize, sizeBranches } from '../shared/image-size.js';
import { createResampling, interpolations, resampleAxis } from '../shared/resample.js';
import { blendedSupport, changeFacts, imageMisfit, imageShape } from '../shared/transform-facts.js';

export default defineComponent({
  kind: 'transform',
  name: 'resize',
  description: 'Gives images another size, stretching them where height and width change by different factors.',
  params: {
    size: { anyOf: sizeBranches, description: 'Height and width: one number for a square, or `[height, width]`.', examples: [32] },
    interpolation: {
      type: 'string',
      enum: interpolations,
      default: 'bilinear',
      description:
        '`bilinear` averages where it shrinks, so that nothing is skipped, and blends where it enlarges; `nearest` repeats or skips pixels, and binary values stay binary.',
    },
  },
  build: ({ size, interpolation }) => {
    const [height, width] = readSize(size);
    return {
      random: false,
      facts: (data) => {
        const misfit = imageMisfit(data);
        if (misfit !== null) return misfit;
        const support = interpolation === 'nearest' ? data.support : blendedSupport(data.support);
        return changeFacts(data, { shape: [height, width, imageShape(data.shape)[2]], support });
      },
      prepare: ({ shape }) => {
        const [inHeight, inWidth, channels] = imageShape(shape);
        const columns = createResampling(interpolation, inWidth, width);
        const rows = createResampling(interpolation, inHeight, height);
        const narrowed = new Float32Array(inHeight * width * channels);
        return (example, out) => {
          resampleAxis(columns, example, narrowed, inHeight, inWidth, channels);
          resampleAxis(rows, narrowed, out, 1, inHeight, width * channels);
        };
      },
    };
  },
});
