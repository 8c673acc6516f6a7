/** A border around images, by its width or up to a size. */
import { defineComponent } from '../../registry/define.js';
import { readSize, sizeBranches, type ImageSize } from '../shared/image-size.js';
import { changeFacts, fillMisfit, fillParam, imageMisfit, imageShape, type ImageShape } from '../shared/transform-facts.js';
import { createWindow } from '../shared/window.js';

export default defineComponent({
  kind: 'transform',
  name: 'pad',
  description:
    'Puts a border around images: `amount` pixels on every side, or as many as it takes to reach `size`, the image in the middle.',
  params: {
    amount: {
      type: 'integer',
      minimum: 1,
      nullable: true,
      default: null,
      unit: 'pixels',
      description: 'Width of the border on every side.',
      examples: [2],
    },
    size: {
      anyOf: sizeBranches,
      nullable: true,
      default: null,
      description:
        'Size to reach, in place of `amount`: one number for a square, or `[height, width]`; an odd pixel goes below or to the right.',
    },
    value: fillParam,
  },
  build: ({ amount, size, value }) => {
    const sizeFor = ([height, width]: ImageShape): ImageSize =>
      size === null ? [height + 2 * (amount ?? 0), width + 2 * (amount ?? 0)] : readSize(size);
    return {
      random: false,
      facts: (data) => {
        if ((amount === null) === (size === null)) {
          const given = amount === null ? 'neither `amount` nor `size`' : 'both `amount` and `size`';
          return { param: null, message: `is given ${given}`, help: 'Give one of them.' };
        }
        const misfit = imageMisfit(data) ?? fillMisfit(data, value);
        if (misfit !== null) return misfit;
        const shape = imageShape(data.shape);
        const [height, width] = sizeFor(shape);
        if (height < shape[0] || width < shape[1])
          return {
            param: 'size',
            message: `is to reach ${height} x ${width}, the images are of ${shape[0]} x ${shape[1]} already`,
            help: 'Give a larger size, or use `crop` or `resize`.',
          };
        return changeFacts(data, { shape: [height, width, shape[2]] });
      },
      prepare: (data) => {
        const shape = imageShape(data.shape);
        const [height, width] = sizeFor(shape);
        const copy = createWindow(shape, [height, width], value);
        const [top, left] = [-Math.floor((height - shape[0]) / 2), -Math.floor((width - shape[1]) / 2)];
        return (example, out) => {
          copy(example, out, top, left);
        };
      },
    };
  },
});
