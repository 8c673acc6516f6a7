/**
 * Rotation about the middle of the image by a random angle. Each output pixel asks where it came from:
 *
 *   source = centre + R(-angle) (target - centre),   centre = ((H - 1) / 2, (W - 1) / 2)
 *
 * and takes the four pixels around that place by their distance, or the nearest one.
 */
import { defineComponent } from '../../registry/define.js';
import { interpolations } from '../shared/resample.js';
import { blendedSupport, changeFacts, fillMisfit, fillParam, imageMisfit, imageShape, type ImageShape } from '../shared/transform-facts.js';

/** Places a few rounding errors off a pixel count as that pixel: quarter turns are exact then. */
const SNAP = 1e-9;
const snap = (place: number): number => (Math.abs(place - Math.round(place)) < SNAP ? Math.round(place) : place);

type Look = (example: Float32Array, y: number, x: number, channel: number) => number;

const createLook = ([height, width, channels]: ImageShape, fill: number): { readonly bilinear: Look; readonly nearest: Look } => {
  const pixel: Look = (example, y, x, channel) =>
    y < 0 || y >= height || x < 0 || x >= width ? fill : (example[(y * width + x) * channels + channel] ?? 0);
  return {
    nearest: (example, y, x, channel) => pixel(example, Math.round(y), Math.round(x), channel),
    bilinear: (example, y, x, channel) => {
      const [top, left] = [Math.floor(y), Math.floor(x)];
      const [down, right] = [y - top, x - left];
      const above = (1 - right) * pixel(example, top, left, channel) + right * pixel(example, top, left + 1, channel);
      const below = (1 - right) * pixel(example, top + 1, left, channel) + right * pixel(example, top + 1, left + 1, channel);
      return (1 - down) * above + down * below;
    },
  };
};

export default defineComponent({
  kind: 'transform',
  name: 'rotate',
  description:
    'Rotates training images about their middle, by an angle that is drawn anew in each epoch, equally likely from -degrees to degrees.',
  params: {
    degrees: { type: 'number', exclusiveMinimum: 0, maximum: 180, unit: 'degrees', description: 'The largest angle.', examples: [15] },
    interpolation: {
      type: 'string',
      enum: interpolations,
      default: 'bilinear',
      description: '`bilinear` blends the four pixels around; `nearest` takes one, and binary values stay binary.',
    },
    value: fillParam,
  },
  build: ({ degrees, interpolation, value }) => ({
    random: true,
    facts: (data) => {
      const misfit = imageMisfit(data) ?? fillMisfit(data, value);
      if (misfit !== null) return misfit;
      return interpolation === 'bilinear' && data.support === 'binary'
        ? changeFacts(data, { support: blendedSupport(data.support) })
        : data;
    },
    prepare: ({ shape }) => {
      const image = imageShape(shape);
      const [height, width, channels] = image;
      const look = createLook(image, value)[interpolation];
      const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
      const chance = new Float32Array(1);
      return (example, out, draws) => {
        draws.uniform(chance);
        const angle = ((2 * (chance[0] ?? 0) - 1) * degrees * Math.PI) / 180;
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        for (let row = 0, to = 0; row < height; row++) {
          for (let column = 0; column < width; column++) {
            const [dy, dx] = [row - middleY, column - middleX];
            // Rows count downwards: a positive angle turns counter-clockwise to the eye.
            const y = snap(middleY + cos * dy + sin * dx);
            const x = snap(middleX + cos * dx - sin * dy);
            for (let c = 0; c < channels; c++) out[to++] = look(example, y, x, c);
          }
        }
      };
    },
  }),
});
