/** Names, numbers and moments as plots write them. */
import { describe, expect, it } from 'vitest';
import {
  capitalize,
  imageShapeOf,
  latentName,
  misfitOfLatents,
  plural,
  showMoment,
  showNumber,
  showNumbers,
} from '../../../src/components/shared/image-plots.js';
import { dataOf } from '../../support/studio.js';

describe('the words of plots', () => {
  it('counts latents from 1, with subscripts', () => {
    expect([1, 10, 123].map(latentName)).toEqual(['z₁', 'z₁₀', 'z₁₂₃']);
  });

  it('writes numbers with a real minus, and no negative zero', () => {
    expect(showNumber(-1.645, 2)).toBe('−1.65');
    expect(showNumber(-0.001, 2)).toBe('0.00');
    expect(showNumbers([-3, 0, 3])).toEqual(['−3', '0', '3']);
    expect(showNumbers([-0.5, 0, 0.5])).toEqual(['−0.5', '0.0', '0.5']);
    expect(showNumbers([-1 / 3, 1 / 3])).toEqual(['−0.33', '0.33']);
  });

  it('says when a picture was taken', () => {
    const moments = [0, 1, 20].map((epoch) => showMoment({ epoch, step: 5, isLast: false }));
    expect(moments).toEqual(['before training', 'after 1 epoch', 'after 20 epochs']);
    expect(capitalize('after 1 epoch')).toBe('After 1 epoch');
    expect([plural(1, 'sample'), plural(2, 'sample')]).toEqual(['1 sample', '2 samples']);
  });

  it('knows which latents there are', () => {
    expect(misfitOfLatents([1, 20], 20)).toBeNull();
    expect(misfitOfLatents([], 2)).toBeNull();
    expect(misfitOfLatents([3], 2)).toEqual({
      param: 'dimensions',
      message: 'asks for latent 3, the model has 2',
      help: 'Latents are counted from 1; give each once, at most 2.',
    });
  });

  it('draws no points as images', () => {
    expect(imageShapeOf(dataOf([28, 28, 1], []))).toEqual({ height: 28, width: 28, channels: 1 });
    expect(() => imageShapeOf(dataOf([2], []))).toThrow('shape [2] are no images');
  });
});
