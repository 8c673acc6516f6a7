/**
 * White shapes on black, made of factors that are known: shape, scale, rotation, and the position across and down. They are drawn
 * independently and uniformly, so that what a latent says of one factor it says of no other. Rotations stay within a quarter turn, beyond
 * which a square is what it was. Pixels at an edge are grey by the share of 4 x 4 points that lie inside.
 * Source: after dSprites, Matthey, Higgins, Hassabis & Lerchner 2017.
 */
import { defineComponent } from '../../registry/define.js';
import type { Factor } from '../../registry/contracts/index.js';
import { drawSprite, spriteShapes } from '../shared/sprites.js';
import { createToyDataset, toyParams } from '../shared/toy-data.js';

const values = (what: string, count: number) =>
  ({ type: 'integer', minimum: 1, maximum: 64, default: count, description: `How many ${what}.` }) as const;

export default defineComponent({
  kind: 'dataset',
  name: 'sprites',
  description:
    'Images of a square, an ellipse or a heart, whose scale, rotation and position are known: what metrics of disentanglement need. The class of ' +
    'an image numbers all its factors together.',
  params: {
    size: { type: 'integer', minimum: 8, maximum: 128, default: 32, unit: 'pixels', description: 'Height and width of an image.' },
    scales: values('scales', 4),
    rotations: values('rotations within a quarter turn', 8),
    positions: values('positions across, and down', 8),
    ...toyParams,
    examples: { ...toyParams.examples, default: 10_000 },
    fresh: { ...toyParams.fresh, default: false },
  },
  build: ({ size, scales, rotations, positions, ...splits }) => {
    const factor = (name: string, numValues: number, isOrdered = true): Factor => ({ name, numValues, isOrdered });
    const factors = [
      factor('shape', spriteShapes.length, false),
      factor('scale', scales),
      factor('rotation', rotations),
      ...[factor('position-x', positions), factor('position-y', positions)],
    ];
    const numClasses = factors.reduce((product, { numValues }) => product * numValues, 1);
    const facts = { shape: [size, size, 1], numClasses, support: 'unit-interval', factors } as const;
    const title = `sprites of ${String(size)} x ${String(size)} pixels, ${String(numClasses)} combinations of 5 factors`;
    return createToyDataset(
      {
        title,
        facts,
        sample: (draws, x, labels) => {
          const drawn = draws('factors');
          for (let i = 0; i < labels.length; i++) {
            const code = factors.map(({ numValues }) => drawn.integer(numValues));
            labels[i] = code.reduce((label, value, k) => label * (factors[k]?.numValues ?? 1) + value, 0);
            const [shape = 0, scale = 0, rotation = 0, across = 0, down = 0] = code;
            const share = (value: number, count: number): number => (count === 1 ? 0.5 : value / (count - 1));
            drawSprite(x.subarray(i * size * size, (i + 1) * size * size), size, {
              shape,
              scale: share(scale, scales),
              turn: (rotation / rotations) * (Math.PI / 2),
              across: share(across, positions),
              down: share(down, positions),
            });
          }
        },
      },
      splits,
    );
  },
});
