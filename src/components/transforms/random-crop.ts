/**
 * A window at a random place of the padded image, every place being equally likely.
 * Source: the augmentation of CIFAR-10 (4 pixels of padding, crops of the image's own size) in He et al. 2016, "Deep Residual Learning".
 */
import { defineComponent } from '../../registry/define.js';
import { readSize, sizeBranches, type ImageSize } from '../shared/image-size.js';
import { changeFacts, fillMisfit, fillParam, imageMisfit, imageShape, type ImageShape } from '../shared/transform-facts.js';
import { createWindow } from '../shared/window.js';

export default defineComponent({
  kind: 'transform',
  name: 'random-crop',
  description:
    'Cuts a window out of the padded image, in training at a random place that is drawn anew in each epoch. Where it changes the size, ' +
    'the other splits are cropped in the middle; where it does not, they stay as they are.',
  params: {
    size: {
      anyOf: sizeBranches,
      nullable: true,
      default: null,
      description: "Size of the window: one number for a square, or `[height, width]`; the image's own size if absent.",
    },
    padding: {
      type: 'integer',
      minimum: 0,
      default: 4,
      unit: 'pixels',
      description: 'Width of a border that is put on every side before.',
    },
    value: fillParam,
  },
  build: ({ size, padding, value }) => {
    const sizeFor = ([height, width]: ImageShape): ImageSize => (size === null ? [height, width] : readSize(size));
    return {
      random: true,
      facts: (data) => {
        const misfit = imageMisfit(data) ?? fillMisfit(data, value);
        if (misfit !== null) return misfit;
        const shape = imageShape(data.shape);
        const [height, width] = sizeFor(shape);
        const [roomBelow, roomRight] = [shape[0] + 2 * padding - height, shape[1] + 2 * padding - width];
        if (roomBelow < 0 || roomRight < 0)
          return {
            param: 'size',
            message: `cuts ${height} x ${width} out of images that are of ${shape[0] + 2 * padding} x ${shape[1] + 2 * padding} with their padding`,
            help: 'Give a smaller size, or more padding.',
          };
        if (roomBelow === 0 && roomRight === 0)
          return {
            param: 'padding',
            message: 'leaves one place only for the window',
            help: 'Give a smaller `size`, or more padding.',
          };
        return height === shape[0] && width === shape[1] ? data : changeFacts(data, { shape: [height, width, shape[2]] });
      },
      prepare: (data) => {
        const shape = imageShape(data.shape);
        const [height, width] = sizeFor(shape);
        const copy = createWindow(shape, [height, width], value);
        const [numRows, numColumns] = [shape[0] + 2 * padding - height + 1, shape[1] + 2 * padding - width + 1];
        return (example, out, draws) => {
          const top = draws.integer(numRows) - padding;
          copy(example, out, top, draws.integer(numColumns) - padding);
        };
      },
    };
  },
});
