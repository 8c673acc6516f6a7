/** The middle of images. */
import { defineComponent } from '../../registry/define.js';
import { readSize, sizeBranches } from '../shared/image-size.js';
import { changeFacts, imageMisfit, imageShape } from '../shared/transform-facts.js';
import { createWindow } from '../shared/window.js';

export default defineComponent({
  kind: 'transform',
  name: 'crop',
  description: 'Keeps the middle of images; where an odd pixel is left over, it is cut off below or on the right.',
  params: {
    size: { anyOf: sizeBranches, description: 'Size to keep: one number for a square, or `[height, width]`.', examples: [24] },
  },
  build: ({ size }) => {
    const [height, width] = readSize(size);
    return {
      random: false,
      facts: (data) => {
        const misfit = imageMisfit(data);
        if (misfit !== null) return misfit;
        const shape = imageShape(data.shape);
        if (height > shape[0] || width > shape[1])
          return {
            param: 'size',
            message: `is to keep ${height} x ${width}, the images are of ${shape[0]} x ${shape[1]}`,
            help: 'Give a smaller size, or use `pad` or `resize`.',
          };
        return changeFacts(data, { shape: [height, width, shape[2]] });
      },
      prepare: (data) => {
        const shape = imageShape(data.shape);
        const copy = createWindow(shape, [height, width], 0);
        const [top, left] = [Math.floor((shape[0] - height) / 2), Math.floor((shape[1] - width) / 2)];
        return (example, out) => {
          copy(example, out, top, left);
        };
      },
    };
  },
});
