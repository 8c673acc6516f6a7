/** Transforms that change values where they are: brightness, contrast, noise, grayscale, normalize, invert, binarize. */
import { describe, expect, it } from 'vitest';
import binarize from '../../../src/components/transforms/binarize.js';
import brightness from '../../../src/components/transforms/brightness.js';
import contrast from '../../../src/components/transforms/contrast.js';
import grayscale from '../../../src/components/transforms/grayscale.js';
import invert from '../../../src/components/transforms/invert.js';
import noise from '../../../src/components/transforms/noise.js';
import normalize from '../../../src/components/transforms/normalize.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { apply, factsOf, misfitOf } from './apply.js';

const grey = factsOf([1, 2, 1]);
const real = factsOf([1, 2, 1], 'real');
const binary = factsOf([1, 2, 1], 'binary');

describe('brightness', () => {
  const transform = brightness.build({ amount: 0.5 });
  it('adds one number to all values, within their range', () => {
    expect(apply(transform, grey, [0.25, 0.75], [0.75]).values).toEqual([0.5, 1]);
    expect(apply(transform, grey, [0.125, 0.75], [0.25]).values).toEqual([0, 0.5]);
    expect(apply(transform, grey, [0.25, 0.75], [0.5]).values).toEqual([0.25, 0.75]);
  });

  it('goes beyond 1 only where values are any real numbers', () => {
    expect(apply(transform, real, [1, -3], [1]).values).toEqual([1.5, -2.5]);
    expect(apply(transform, binary, [1, 0], [1])).toEqual({ facts: grey, values: [1, 0.5] });
  });
});

describe('contrast', () => {
  it('stretches values about their mean, within their range', () => {
    const transform = contrast.build({ amount: 1 });
    expect(apply(transform, grey, [0.25, 0.5], [1]).values).toEqual([0.125, 0.625]);
    expect(apply(transform, grey, [0.25, 0.5], [0]).values).toEqual([0.375, 0.375]);
    expect(apply(transform, grey, [0, 1], [1]).values).toEqual([0, 1]);
    expect(apply(transform, real, [0, 1], [1]).values).toEqual([-0.5, 1.5]);
    expect(apply(transform, binary, [0, 1], [0.25])).toEqual({ facts: grey, values: [0.25, 0.75] });
  });
});

describe('noise', () => {
  it('adds normal draws of its deviation, within the range of the values', () => {
    const transform = noise.build({ deviation: 0.5 });
    expect(apply(transform, grey, [0.25, 0.75], [-0.25, 0.25]).values).toEqual([0.125, 0.875]);
    expect(apply(transform, grey, [0.25, 0.75], [-2, 2]).values).toEqual([0, 1]);
    expect(apply(transform, factsOf([2], 'real'), [0.25, 0.75], [-2, 2]).values).toEqual([-0.75, 1.75]);
    expect(apply(transform, binary, [0, 1], [1, -1])).toEqual({ facts: grey, values: [0.5, 0.5] });
  });

  it('has the deviation that it says', () => {
    const count = 40_000;
    const before = factsOf([count], 'real');
    const out = new Float32Array(count);
    noise.build({ deviation: 0.3 }).prepare(before)(new Float32Array(count), out, createRandomStreams(1).draws('data/transform-0', 0));
    const meanSquare = out.reduce((sum, value) => sum + value * value, 0) / count;
    // The deviation of a mean square of N normal values is sqrt(2 / N) of it.
    expect(Math.abs(meanSquare / 0.09 - 1)).toBeLessThan(4.5 * Math.sqrt(2 / count));
  });

  it('leaves what is known of the data as it is: the other splits are not changed', () => {
    const mixture = { means: [[0, 0]], deviation: 1 };
    const points = { ...factsOf([2], 'real'), mixture };
    expect(noise.build({ deviation: 1 }).facts(points)).toEqual(points);
  });
});

describe('grayscale', () => {
  const transform = grayscale.build({});
  it('weighs colours as the eye does, and leaves greys alone', () => {
    const colours = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0.3, 0.3, 0.3, 1, 1, 1];
    const { facts, values } = apply(transform, factsOf([1, 5, 3]), colours);
    expect(facts.shape).toEqual([1, 5, 1]);
    expect(values).toEqual([0.299, 0.587, 0.114, 0.3, 1].map(Math.fround));
  });

  it('keeps opacity', () => {
    const { facts, values } = apply(transform, factsOf([1, 2, 4], 'binary'), [1, 0, 0, 1, 0, 0, 0, 0]);
    expect(facts).toEqual(factsOf([1, 2, 2]));
    expect(values).toEqual([0.299, 1, 0, 0].map(Math.fround));
  });

  it('refuses what is grey already', () => {
    for (const channels of [1, 2]) expect(misfitOf(transform, factsOf([2, 2, channels]))).toMatchObject({ param: null });
  });
});

describe('normalize', () => {
  it('takes [0, 1] to [-1, 1] as it stands', () => {
    const { facts, values } = apply(normalize.build({ mean: 0.5, deviation: 0.5 }), grey, [0, 0.75]);
    expect(facts).toEqual(real);
    expect(values).toEqual([-1, 0.5]);
  });

  it('has a mean and a deviation for each channel', () => {
    const transform = normalize.build({ mean: [0, 0.5], deviation: [2, 0.25] });
    expect(apply(transform, factsOf([1, 2, 2]), [1, 1, 0.5, 0.25]).values).toEqual([0.5, 2, 0.25, -1]);
    expect(misfitOf(transform, grey)).toMatchObject({ param: 'mean' });
    expect(misfitOf(normalize.build({ mean: 0, deviation: [1, 1, 1] }), grey)).toMatchObject({ param: 'deviation' });
  });

  it('forgets modes that were known, and keeps classes', () => {
    const before = { ...factsOf([2], 'real'), numClasses: 2, classNames: ['a', 'b'], mixture: { means: [[0, 0]], deviation: 1 } };
    const { facts } = apply(normalize.build({ mean: 0, deviation: 1 }), before, [0, 0]);
    expect(facts).toEqual({ shape: [2], numClasses: 2, support: 'real', classNames: ['a', 'b'] });
  });
});

describe('invert', () => {
  it('turns values around, and leaves binary ones binary', () => {
    expect(apply(invert.build({}), grey, [0.25, 1])).toEqual({ facts: grey, values: [0.75, 0] });
    expect(apply(invert.build({}), binary, [0, 1])).toEqual({ facts: binary, values: [1, 0] });
  });

  it('refuses values without a range', () => {
    expect(misfitOf(invert.build({}), real)).toMatchObject({ param: null });
  });
});

describe('binarize', () => {
  it('gives 1 above the threshold, and 0 at it', () => {
    expect(apply(binarize.build({ threshold: 0.25 }), grey, [0.25, 0.3])).toEqual({ facts: binary, values: [0, 1] });
    expect(apply(binarize.build({ threshold: -2 }), real, [-2, 5])).toEqual({ facts: binary, values: [0, 1] });
  });

  it('refuses data that is binary, and thresholds that all values are on one side of', () => {
    expect(misfitOf(binarize.build({ threshold: 0.5 }), binary)).toMatchObject({ param: null });
    expect(misfitOf(binarize.build({ threshold: 1 }), grey)).toMatchObject({ param: 'threshold' });
    expect(misfitOf(binarize.build({ threshold: -0.1 }), grey)).toMatchObject({ param: 'threshold' });
  });
});
