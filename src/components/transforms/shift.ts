/** Translation by whole pixels, every one of them equally likely. */
import { defineComponent } from '../../registry/define.js';
import { fillMisfit, fillParam, imageMisfit, imageShape } from '../shared/transform-facts.js';
import { createWindow } from '../shared/window.js';

const pixels = (where: string) =>
  ({ type: 'integer', minimum: 0, unit: 'pixels', description: `The farthest that an image is moved ${where}.` }) as const;

export default defineComponent({
  kind: 'transform',
  name: 'shift',
  description: 'Moves training images by whole pixels, as far as is drawn anew in each epoch.',
  params: {
    vertical: { ...pixels('up or down'), default: 2 },
    horizontal: { ...pixels('left or right'), default: 2 },
    value: fillParam,
  },
  build: ({ vertical, horizontal, value }) => ({
    random: true,
    facts: (data) => {
      const misfit = imageMisfit(data) ?? fillMisfit(data, value);
      if (misfit !== null) return misfit;
      if (vertical === 0 && horizontal === 0)
        return { param: null, message: 'moves nothing: both distances are 0', help: 'Give one of them, or leave the transform out.' };
      const [height, width] = imageShape(data.shape);
      if (vertical >= height || horizontal >= width)
        return {
          param: vertical >= height ? 'vertical' : 'horizontal',
          message: `can move images of ${height} x ${width} out of sight`,
          help: 'Give less than the size of the image.',
        };
      return data;
    },
    prepare: ({ shape }) => {
      const image = imageShape(shape);
      const copy = createWindow(image, [image[0], image[1]], value);
      return (example, out, draws) => {
        const top = draws.integer(2 * vertical + 1) - vertical;
        copy(example, out, top, draws.integer(2 * horizontal + 1) - horizontal);
      };
    },
  }),
});
