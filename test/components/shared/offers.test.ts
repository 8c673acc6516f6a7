import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createOffers, memoize } from '../../../src/components/shared/offers.js';
import { useCpuBackend } from '../../support/pass.js';

useCpuBackend();

describe('createOffers', () => {
  it('computes what is read, and that once', () => {
    const computed: string[] = [];
    const offers = createOffers({
      x: () => {
        computed.push('x');
        return tf.scalar(1);
      },
      z: () => {
        computed.push('z');
        return tf.scalar(2);
      },
    });
    expect(computed).toEqual([]);
    expect(offers.x).toBe(offers.x);
    expect(computed).toEqual(['x']);
  });

  it('says what it does offer when something else is read', () => {
    const offers = createOffers({ x: () => tf.scalar(1), z: () => tf.scalar(2) });
    expect(() => offers.kl).toThrow(/"kl".*offers x, z/);
    expect(() => offers.encode).toThrow('encode');
  });
});

describe('memoize', () => {
  it('remembers null and undefined, too', () => {
    let calls = 0;
    const compute = memoize(() => {
      calls += 1;
      return null;
    });
    expect([compute(), compute(), calls]).toEqual([null, null, 1]);
  });
});
