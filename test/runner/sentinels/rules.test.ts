/** What sentinels see and what they let pass, on figures that are known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import {
  DivergenceWatch,
  findModeCollapse,
  findPosteriorCollapse,
  findSaturation,
  GradientWatch,
  meanDistance,
} from '../../../src/runner/sentinels/rules.js';

const normals = (count: number, stream = 'x'): Float32Array => {
  const out = new Float32Array(count);
  createRandomStreams(3).draws(stream, 0).normal(out);
  return out;
};

describe('exploding gradients', () => {
  const findingsOf = (norms: readonly number[]): readonly number[] => {
    const watch = new GradientWatch();
    return norms.flatMap((norm, step) => (watch.add('gradient-norm', norm, step) === null ? [] : [step]));
  };

  it('are told when three steps in a while are a hundred times the usual size', () => {
    const norms = Array.from({ length: 120 }, (_, step) => (step >= 100 && step % 5 === 0 ? 500 : 1 + (step % 7)));
    expect(findingsOf(norms)[0]).toBe(110);
  });

  it('are not told of the first steps, of single outliers, nor of norms that wander by a factor of ten', () => {
    expect(findingsOf(Array.from({ length: 40 }, (_, step) => 10 ** step))).toEqual([]);
    expect(findingsOf(Array.from({ length: 900 }, (_, step) => (step % 300 === 299 ? 1e6 : 2)))).toEqual([]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 10, noNaN: true }), { minLength: 300, maxLength: 400 }), (norms) => {
        expect(findingsOf(norms)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

describe('divergence', () => {
  const findingsOf = (losses: readonly number[]): readonly number[] => {
    const watch = new DivergenceWatch();
    return losses.flatMap((loss, step) => (watch.add('loss', loss) === null ? [] : [step]));
  };

  it('is told once, when a loss was beyond a hundred times the first for five steps', () => {
    expect(findingsOf([543, 1e5, 1e5, 1e5, 1e5, 1e5, 1e8, 1e9])).toEqual([5]);
    expect(findingsOf([543, 5e4, 5e4, 5e4, 5e4, 5e4, 5e4, 5e4])).toEqual([]);
  });

  it('is not told of large batches between others, of large first losses, nor of losses that begin close to zero', () => {
    expect(findingsOf([543, 1e9, 1e9, 1e9, 1e9, 500, 1e9])).toEqual([]);
    expect(findingsOf([1e12, 1e12, 1e12, 1e12, 1e12, 1e12, 1e12])).toEqual([]);
    expect(findingsOf([1e-6, ...new Array<number>(20).fill(5000)])).toEqual([]);
  });
});

describe('a saturated discriminator', () => {
  it('is right, and sure of it', () => {
    const sure = Float32Array.from({ length: 100 }, () => 6);
    expect(
      findSaturation(
        sure,
        sure.map((logit) => -logit),
      )?.what,
    ).toContain('right about 100.0 %');
  });

  it('is not one that is right without being sure, nor one that is sure and wrong', () => {
    const right = Float32Array.from({ length: 100 }, () => 3);
    expect(
      findSaturation(
        right,
        right.map((logit) => -logit),
      ),
    ).toBeNull();
    const wild = Float32Array.from({ length: 100 }, (_, i) => (i % 4 === 0 ? -9 : 9));
    expect(
      findSaturation(
        wild,
        wild.map((logit) => -logit),
      ),
    ).toBeNull();
  });
});

describe('mode collapse', () => {
  /** 120 points of a ring of `modes` modes, radius 2, deviation 0.05. */
  const ring = (modes: number, stream: string): Float32Array => {
    const noise = normals(240, stream);
    return noise.map((value, i) => {
      const angle = (2 * Math.PI * (Math.floor(i / 2) % modes)) / 8;
      return 2 * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) + 0.05 * value;
    });
  };

  it('is one mode of eight, and not eight, four or two that lie apart', () => {
    const examples = ring(8, 'examples');
    expect(findModeCollapse(ring(1, 'a'), examples, 120)?.what).toMatch(
      /^120 samples lie 0\.09\d* apart on average, and as many examples 2\.5/,
    );
    expect(findModeCollapse(ring(8, 'b'), examples, 120)).toBeNull();
    expect(findModeCollapse(ring(4, 'c'), examples, 120)).toBeNull();
    expect(findModeCollapse(ring(2, 'd'), examples, 120)).toBeNull();
  });

  it('goes by the mean distance of pairs: 2 sigma / sqrt(pi) for a normal distribution', () => {
    expect(meanDistance(normals(4000), 4000)).toBeCloseTo(2 / Math.sqrt(Math.PI), 1);
    expect(meanDistance([0, 0, 3, 4, 6, 8], 3)).toBeCloseTo((5 + 10 + 5) / 3, 10);
  });
});

describe('posterior collapse', () => {
  /** [100, 20] means of which the first `active` vary. */
  const means = (active: number): Float32Array => normals(2000).map((value, i) => (i % 20 < active ? value : 0.05 * value));

  it('is a posterior in which hardly a unit is active', () => {
    expect(findPosteriorCollapse(means(0), 100)?.what).toBe('of 20 latents none say anything of the examples');
    expect(findPosteriorCollapse(means(2), 100)?.what).toBe('of 20 latents 2 say anything of the examples');
    expect(findPosteriorCollapse(means(3), 100)).toBeNull();
    expect(findPosteriorCollapse(means(20), 100)).toBeNull();
  });
});
