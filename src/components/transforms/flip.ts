/** Mirror images, each with its probability. */
import { defineComponent } from '../../registry/define.js';
import { imageMisfit, imageShape } from '../shared/transform-facts.js';

const probability = (which: string) =>
  ({ type: 'number', minimum: 0, maximum: 1, description: `Probability that the image is mirrored ${which}.` }) as const;

export default defineComponent({
  kind: 'transform',
  name: 'flip',
  description: 'Mirrors training images at random, anew in each epoch. Not for digits and letters, which become others.',
  params: {
    horizontal: { ...probability('left to right'), default: 0.5 },
    vertical: { ...probability('upside down'), default: 0 },
  },
  build: ({ horizontal, vertical }) => ({
    random: true,
    facts: (data) =>
      imageMisfit(data) ??
      (horizontal === 0 && vertical === 0
        ? { param: null, message: 'mirrors nothing: both probabilities are 0', help: 'Give one of them, or leave the transform out.' }
        : data),
    prepare: ({ shape }) => {
      const [height, width, channels] = imageShape(shape);
      const chance = new Float32Array(2);
      return (example, out, draws) => {
        draws.uniform(chance);
        const [isMirrored, isTurned] = [(chance[0] ?? 1) < horizontal, (chance[1] ?? 1) < vertical];
        for (let row = 0; row < height; row++) {
          const fromRow = isTurned ? height - 1 - row : row;
          for (let column = 0; column < width; column++) {
            const fromColumn = isMirrored ? width - 1 - column : column;
            const [from, to] = [(fromRow * width + fromColumn) * channels, (row * width + column) * channels];
            for (let c = 0; c < channels; c++) out[to + c] = example[from + c] ?? 0;
          }
        }
      };
    },
  }),
});
