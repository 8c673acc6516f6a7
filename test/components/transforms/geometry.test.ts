/** Transforms that move pixels: resize, pad, crop, random-crop, flip, rotate, shift. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import crop from '../../../src/components/transforms/crop.js';
import flip from '../../../src/components/transforms/flip.js';
import pad from '../../../src/components/transforms/pad.js';
import randomCrop from '../../../src/components/transforms/random-crop.js';
import resize from '../../../src/components/transforms/resize.js';
import rotate from '../../../src/components/transforms/rotate.js';
import shift from '../../../src/components/transforms/shift.js';
import { apply, factsOf, misfitOf, sixteenths } from './apply.js';

const square = (side: number, channels = 1) => factsOf([side, side, channels]);
/** 1 2 3 / 4 5 6 / 7 8 9, in ninths. */
const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => Math.fround(k / 9));
const ninths = (values: readonly number[]): readonly number[] => values.map((value) => Math.round(value * 9));

describe('resize', () => {
  it('averages blocks when it halves an image, with weights 1 3 3 1 over the neighbours', () => {
    const row = [0, 0, 0, 1, 1, 0, 0, 0];
    const { facts, values } = apply(resize.build({ size: [1, 4], interpolation: 'bilinear' }), factsOf([1, 8, 1]), row);
    expect(facts.shape).toEqual([1, 4, 1]);
    // By hand: pixels 1 to 4 with 1/8, 3/8, 3/8, 1/8; at the edge 3/7, 3/7, 1/7.
    expect(values).toEqual([0, 4 / 8, 4 / 8, 0].map(Math.fround));
    const edge = apply(resize.build({ size: [1, 4], interpolation: 'bilinear' }), factsOf([1, 8, 1]), [1, 0, 0, 0, 0, 0, 0, 0]);
    expect(edge.values).toEqual([Math.fround(3 / 7), 0, 0, 0]);
  });

  it('blends neighbours when it enlarges an image, and repeats its edges', () => {
    const { values } = apply(resize.build({ size: [1, 4], interpolation: 'bilinear' }), factsOf([1, 2, 1]), [0, 1]);
    expect(values).toEqual([0, 0.25, 0.75, 1]);
  });

  it('weighs by a triangle as wide as a new pixel', () => {
    const { values } = apply(resize.build({ size: [2, 3], interpolation: 'bilinear' }), square(4), sixteenths(16));
    // By hand. Columns: middles at 2/3, 2 and 10/3, weights 0.7 0.3, then 0.5 0.5, then 0.3 0.7. Rows: 3/7, 3/7, 1/7, and mirrored.
    const expected = [20 / 7, 64 / 7].flatMap((row) => [0.3, 1.5, 2.7].map((column) => (row + column) / 16));
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 7));
  });

  it('takes the pixel below the middle of the new one when it is to take the nearest', () => {
    const nearest = (size: readonly number[]) => resize.build({ size, interpolation: 'nearest' });
    expect(apply(nearest([2, 2]), square(4), sixteenths(16)).values).toEqual([5, 7, 13, 15].map((k) => k / 16));
    expect(apply(nearest([1, 4]), factsOf([1, 2, 1]), [0.5, 1]).values).toEqual([0.5, 0.5, 1, 1]);
  });

  it('keeps channels apart, and a grey area grey', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), (from, to, channels) => {
        const colour = [0.1, 1, 0, 0.3].slice(0, channels);
        const image = Array.from({ length: from * from }, () => colour).flat();
        const { values } = apply(resize.build({ size: to, interpolation: 'bilinear' }), square(from, channels), image);
        expect(values).toEqual(Array.from({ length: to * to }, () => colour.map(Math.fround)).flat());
      }),
    );
  });

  it('makes binary values grey where it blends, and leaves them binary where it does not', () => {
    const support = (interpolation: 'bilinear' | 'nearest') =>
      apply(resize.build({ size: 3, interpolation }), factsOf([2, 2, 1], 'binary'), [0, 1, 1, 0]).facts.support;
    expect(support('bilinear')).toBe('unit-interval');
    expect(support('nearest')).toBe('binary');
  });
});

describe('pad', () => {
  it('puts a border on every side', () => {
    const { facts, values } = apply(pad.build({ amount: 1, size: null, value: 0.5 }), factsOf([1, 2, 1]), [0, 1]);
    expect(facts.shape).toEqual([3, 4, 1]);
    expect(values).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0, 1, 0.5, 0.5, 0.5, 0.5, 0.5]);
  });

  it('reaches a size, with the odd pixel below and to the right', () => {
    const { facts, values } = apply(pad.build({ amount: null, size: [2, 3], value: 0 }), factsOf([1, 1, 2]), [0.25, 1]);
    expect(facts.shape).toEqual([2, 3, 2]);
    expect(values).toEqual([0, 0, 0.25, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(apply(pad.build({ amount: null, size: 2, value: 0 }), factsOf([1, 1, 1]), [1]).values).toEqual([1, 0, 0, 0]);
  });

  it('needs one of amount and size, a size that is larger, and a value that the data can have', () => {
    expect(misfitOf(pad.build({ amount: null, size: null, value: 0 }), square(2))).toMatchObject({ param: null });
    expect(misfitOf(pad.build({ amount: 1, size: 4, value: 0 }), square(2))).toMatchObject({ param: null });
    expect(misfitOf(pad.build({ amount: null, size: [8, 1], value: 0 }), square(2))).toMatchObject({ param: 'size' });
    expect(misfitOf(pad.build({ amount: 1, size: null, value: -1 }), square(2))).toMatchObject({ param: 'value' });
    expect(misfitOf(pad.build({ amount: 1, size: null, value: 0.5 }), factsOf([2, 2, 1], 'binary'))).toMatchObject({ param: 'value' });
    expect(apply(pad.build({ amount: 1, size: null, value: -1 }), factsOf([1, 1, 1], 'real'), [3]).values[4]).toBe(3);
  });
});

describe('crop', () => {
  it('keeps the middle, and what is odd is cut off below and on the right', () => {
    expect(ninths(apply(crop.build({ size: 1 }), square(3), nine).values)).toEqual([5]);
    expect(ninths(apply(crop.build({ size: 2 }), square(3), nine).values)).toEqual([1, 2, 4, 5]);
    expect(ninths(apply(crop.build({ size: [3, 1] }), square(3), nine).values)).toEqual([2, 5, 8]);
  });

  it('undoes padding', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (side, size, channels) => {
          fc.pre(size > side);
          const image = sixteenths(side * side * channels);
          const before = factsOf([side, side, channels], 'real');
          const padded = apply(pad.build({ amount: null, size, value: 7 }), before, image);
          expect(apply(crop.build({ size: side }), padded.facts, padded.values).values).toEqual(image);
        },
      ),
    );
  });

  it('refuses a size that the images do not have', () => {
    expect(misfitOf(crop.build({ size: [2, 4] }), square(3))).toMatchObject({ param: 'size' });
  });
});

describe('random-crop', () => {
  it('cuts a window at the place that is drawn', () => {
    const transform = randomCrop.build({ size: 2, padding: 0, value: 0 });
    const at = (top: number, left: number) => ninths(apply(transform, square(3), nine, [top, left]).values);
    expect([at(0, 0), at(0, 1), at(1, 0), at(1, 1)]).toEqual([
      [1, 2, 4, 5],
      [2, 3, 5, 6],
      [4, 5, 7, 8],
      [5, 6, 8, 9],
    ]);
    expect(() => at(2, 0)).toThrow('only numbers below 2');
  });

  it('keeps the size of the image where none is given, and shows the padding', () => {
    const transform = randomCrop.build({ size: null, padding: 2, value: 1 });
    const { facts, values } = apply(transform, square(3), nine, [0, 3]);
    expect(facts).toEqual(square(3));
    expect(ninths(values)).toEqual([9, 9, 9, 9, 9, 9, 2, 3, 9]);
  });

  it('refuses a window that is larger than the padded image, and one that can be in one place only', () => {
    expect(misfitOf(randomCrop.build({ size: 6, padding: 1, value: 0 }), square(3))).toMatchObject({ param: 'size' });
    expect(misfitOf(randomCrop.build({ size: null, padding: 0, value: 0 }), square(3))).toMatchObject({ param: 'padding' });
    expect(misfitOf(randomCrop.build({ size: null, padding: 1, value: 2 }), square(3))).toMatchObject({ param: 'value' });
  });
});

describe('flip', () => {
  const both = flip.build({ horizontal: 0.5, vertical: 0.25 });
  it.each([
    { drawn: [0.49, 0.25], expected: [3, 2, 1, 6, 5, 4, 9, 8, 7] },
    { drawn: [0.5, 0.24], expected: [7, 8, 9, 4, 5, 6, 1, 2, 3] },
    { drawn: [0, 0], expected: [9, 8, 7, 6, 5, 4, 3, 2, 1] },
    { drawn: [0.5, 0.25], expected: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
  ])('mirrors with the probabilities that are given: $drawn', ({ drawn, expected }) => {
    expect(ninths(apply(both, square(3), nine, drawn).values)).toEqual(expected);
  });

  it('moves pixels whole', () => {
    const { values } = apply(flip.build({ horizontal: 1, vertical: 0 }), factsOf([1, 2, 3]), sixteenths(6), [0.99, 0]);
    expect(values).toEqual([3, 4, 5, 0, 1, 2].map((k) => k / 16));
  });

  it('refuses to do nothing', () => {
    expect(misfitOf(flip.build({ horizontal: 0, vertical: 0 }), square(3))).toMatchObject({ param: null });
  });
});

describe('rotate', () => {
  it.each(['bilinear', 'nearest'] as const)(
    'turns an image by a quarter, counter-clockwise where the angle is positive (%s)',
    (interpolation) => {
      const transform = rotate.build({ degrees: 90, interpolation, value: 0 });
      expect(ninths(apply(transform, square(3), nine, [1]).values)).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
      expect(ninths(apply(transform, square(3), nine, [0]).values)).toEqual([7, 4, 1, 8, 5, 2, 9, 6, 3]);
      expect(apply(transform, square(3), nine, [0.5]).values).toEqual(nine);
    },
  );

  it('blends the four pixels around, and the fill beyond the edges', () => {
    // By 45 degrees the corners of the new image come from sqrt(2) off the middle: 0.41 of a pixel beyond the old one's edge.
    const transform = rotate.build({ degrees: 45, interpolation: 'bilinear', value: 1 });
    const image = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    const { values } = apply(transform, square(3), image, [1]);
    const beyond = Math.SQRT2 - 1;
    [beyond, 0, beyond, 0, 0, 0, beyond, 0, beyond].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
    // And the middles of the edges from (1 +- 0.71, 1 +- 0.71): of a bright corner they see 0.71 squared.
    const corner = apply(rotate.build({ degrees: 45, interpolation: 'bilinear', value: 0 }), square(3), [1, 0, 0, 0, 0, 0, 0, 0, 0], [1]);
    expect(corner.values[3]).toBeCloseTo(0.5, 6);
  });

  it('gives a full turn back in two halves', () => {
    const half = rotate.build({ degrees: 180, interpolation: 'bilinear', value: 0 });
    const image = sixteenths(4 * 5 * 2);
    const before = factsOf([4, 5, 2], 'real');
    expect(apply(half, before, apply(half, before, image, [1]).values, [1]).values).toEqual(image);
  });

  it('makes binary values grey where it blends, and leaves them binary where it does not', () => {
    const binary = factsOf([3, 3, 1], 'binary');
    const support = (interpolation: 'bilinear' | 'nearest') =>
      apply(rotate.build({ degrees: 10, interpolation, value: 1 }), binary, [0, 1, 0, 1, 0, 1, 0, 1, 0], [0.2]).facts.support;
    expect([support('bilinear'), support('nearest')]).toEqual(['unit-interval', 'binary']);
    expect(misfitOf(rotate.build({ degrees: 10, interpolation: 'nearest', value: 0.5 }), binary)).toMatchObject({ param: 'value' });
  });
});

describe('shift', () => {
  const transform = shift.build({ vertical: 1, horizontal: 2, value: 1 });
  it('moves the image by what is drawn, and fills what it leaves', () => {
    expect(ninths(apply(transform, square(3), nine, [1, 2]).values)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(ninths(apply(transform, square(3), nine, [2, 2]).values)).toEqual([4, 5, 6, 7, 8, 9, 9, 9, 9]);
    expect(ninths(apply(transform, square(3), nine, [0, 0]).values)).toEqual([9, 9, 9, 9, 9, 1, 9, 9, 4]);
  });

  it('refuses to do nothing, and to move images out of sight', () => {
    expect(misfitOf(shift.build({ vertical: 0, horizontal: 0, value: 0 }), square(3))).toMatchObject({ param: null });
    expect(misfitOf(shift.build({ vertical: 3, horizontal: 0, value: 0 }), square(3))).toMatchObject({ param: 'vertical' });
    expect(misfitOf(shift.build({ vertical: 0, horizontal: 3, value: 0 }), square(3))).toMatchObject({ param: 'horizontal' });
  });
});
