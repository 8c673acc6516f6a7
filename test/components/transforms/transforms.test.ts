/** What holds for every transform, in one table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import binarize from '../../../src/components/transforms/binarize.js';
import brightness from '../../../src/components/transforms/brightness.js';
import contrast from '../../../src/components/transforms/contrast.js';
import crop from '../../../src/components/transforms/crop.js';
import flip from '../../../src/components/transforms/flip.js';
import grayscale from '../../../src/components/transforms/grayscale.js';
import invert from '../../../src/components/transforms/invert.js';
import noise from '../../../src/components/transforms/noise.js';
import normalize from '../../../src/components/transforms/normalize.js';
import pad from '../../../src/components/transforms/pad.js';
import randomCrop from '../../../src/components/transforms/random-crop.js';
import resize from '../../../src/components/transforms/resize.js';
import rotate from '../../../src/components/transforms/rotate.js';
import shift from '../../../src/components/transforms/shift.js';
import type { Data, Dataset, Examples, Support, Transform } from '../../../src/registry/contracts/index.js';
import { withTransforms } from '../../../src/runner/data/transformed.js';
import { contextOf } from '../datasets/context.js';
import { factsOf, isMisfit } from './apply.js';

interface Row {
  readonly name: string;
  readonly transform: Transform;
  readonly takesPoints: boolean;
}
const row = (name: string, transform: Transform, takesPoints = false): Row => ({ name, transform, takesPoints });

const table: readonly Row[] = [
  row('resize', resize.build({ size: [5, 9], interpolation: 'bilinear' })),
  row('resize by nearest', resize.build({ size: [9, 5], interpolation: 'nearest' })),
  row('pad', pad.build({ amount: 2, size: null, value: 1 })),
  row('crop', crop.build({ size: [3, 2] })),
  row('random-crop', randomCrop.build({ size: null, padding: 2, value: 0 })),
  row('random-crop to a size', randomCrop.build({ size: 3, padding: 0, value: 0 })),
  row('flip', flip.build({ horizontal: 0.5, vertical: 0.5 })),
  row('rotate', rotate.build({ degrees: 180, interpolation: 'bilinear', value: 0 })),
  row('rotate by nearest', rotate.build({ degrees: 90, interpolation: 'nearest', value: 1 })),
  row('shift', shift.build({ vertical: 3, horizontal: 3, value: 0 })),
  row('brightness', brightness.build({ amount: 0.8 }), true),
  row('contrast', contrast.build({ amount: 1 }), true),
  row('noise', noise.build({ deviation: 0.7 }), true),
  row('grayscale', grayscale.build({})),
  row('normalize', normalize.build({ mean: 0.2, deviation: 0.1 }), true),
  row('invert', invert.build({}), true),
  row('binarize', binarize.build({ threshold: 0.4 }), true),
];

const NUM_EXAMPLES = 6;
const SHAPE = [6, 7, 4];
const SIZE = 6 * 7 * 4;
/** Example i is a pattern of its own: zeros and ones where the data is binary. */
const patterns = (support: Support): Examples => ({
  count: NUM_EXAMPLES,
  read: (indices, _, x, labels) => {
    indices.forEach((index, at) => {
      for (let i = 0; i < SIZE; i++) {
        const value = ((i * 37 + index * 101) % 256) / 255;
        x[at * SIZE + i] = support === 'binary' ? Math.round(value) : support === 'real' ? value * 6 - 3 : value;
      }
      if (labels) labels[at] = index;
    });
  },
});
const patternData = (support: Support): Dataset => ({
  facts: factsOf(SHAPE, support),
  load: () => {
    const examples = patterns(support);
    return Promise.resolve({
      ...factsOf(SHAPE, support),
      description: 'patterns',
      splits: { train: examples, validation: examples, test: examples },
      hashes: {},
    });
  },
});

const load = (transform: Transform, seed = 1, support: Support = 'unit-interval'): Promise<Data> =>
  withTransforms(patternData(support), [transform]).load(contextOf({ seed }));
const readOne = ({ shape, splits }: Data, index: number, epoch: number, split: 'train' | 'test' = 'train'): Float32Array => {
  const x = new Float32Array(shape.reduce((size, dim) => size * dim, 1)).fill(NaN);
  splits[split].read(Int32Array.of(index), epoch, x);
  return x;
};

describe.each(table)('$name', ({ transform, takesPoints }) => {
  it('is a function of (seed, epoch, example), whatever was read before and with whom', async () => {
    const data = await load(transform);
    const expected = readOne(data, 3, 2);
    for (const [index, epoch] of [
      [0, 0],
      [3, 3],
      [5, 2],
    ] as const)
      readOne(data, index, epoch);
    expect(readOne(data, 3, 2)).toEqual(expected);
    expect(readOne(await load(transform), 3, 2)).toEqual(expected);
    const together = new Float32Array(expected.length * 3);
    data.splits.train.read(Int32Array.of(1, 3, 3), 2, together);
    expect(together.subarray(expected.length, 2 * expected.length)).toEqual(expected);
    expect(together.subarray(2 * expected.length)).toEqual(expected);
  });

  it('changes from epoch to epoch and from seed to seed if it is random, in training alone; and never if it is not', async () => {
    const kinds = async (split: 'train' | 'test'): Promise<number> => {
      const seen = new Set<string>();
      for (const seed of [1, 2]) {
        const data = await load(transform, seed);
        for (let epoch = 0; epoch < 6; epoch++) seen.add(readOne(data, 3, epoch, split).join());
      }
      return seen.size;
    };
    // A flip has four outcomes, so not every epoch has its own.
    if (transform.random) expect(await kinds('train')).toBeGreaterThan(2);
    else expect(await kinds('train')).toBe(1);
    expect(await kinds('test')).toBe(1);
  });

  it.each(['unit-interval', 'binary', 'real'] as const)('keeps values of %s data within the support that it claims', async (support) => {
    const after = transform.facts(factsOf(SHAPE, support));
    if (isMisfit(after)) return;
    const within = {
      binary: (value: number) => value === 0 || value === 1,
      'unit-interval': (value: number) => value >= 0 && value <= 1,
      real: Number.isFinite,
    }[after.support];
    const data = await load(transform, 1, support);
    expect(data.shape).toEqual(after.shape);
    for (const split of ['train', 'test'] as const)
      for (let index = 0; index < NUM_EXAMPLES; index++) expect(readOne(data, index, index, split).every(within)).toBe(true);
  });

  it('takes images of 1 to 4 channels and any size, and leaves what it is given as it was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 9 }),
        fc.integer({ min: 4, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (height, width, channels) => {
          const before = factsOf([height, width, channels]);
          const after = transform.facts(before);
          if (isMisfit(after)) {
            expect(channels).toBeLessThan(3);
            return;
          }
          const example = Float32Array.from({ length: height * width * channels }, (_, i) => (i % 17) / 16);
          const out = new Float32Array(after.shape.reduce((size, dim) => size * dim, 1)).fill(NaN);
          const draws = contextOf().random.draws('data/transform-0', 0);
          const copy = example.slice();
          transform.prepare(before)(example, out, draws);
          expect(example).toEqual(copy);
          expect(out.some(Number.isNaN)).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('says what it thinks of points', () => {
    expect(isMisfit(transform.facts(factsOf([2])))).toBe(!takesPoints);
    if (!takesPoints) expect(transform.facts(factsOf([2]))).toMatchObject({ param: null });
  });
});
