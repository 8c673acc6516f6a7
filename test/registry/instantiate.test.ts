import { describe, expect, it } from 'vitest';
import { instantiate, place } from '../../src/registry/instantiate.js';
import { Registry } from '../../src/registry/registry.js';
import { resolveEntry } from '../../src/registry/resolve.js';
import { toyComponents } from './toy-components.js';

const registry = new Registry(toyComponents);
const progress = { step: 0, stepsPerEpoch: 1, totalSteps: 1 };

describe('instantiate', () => {
  it('builds what stands in slots first', () => {
    const { value } = resolveEntry(registry, 'optimizer', { type: 'adam', learningRate: 0.25 });
    expect(instantiate(registry, 'optimizer', value).learningRate.at(progress)).toBe(0.25);
  });

  it('refuses what has not been resolved', () => {
    expect(() => instantiate(registry, 'optimizer', 'adam')).toThrow('Not a resolved optimizer');
  });
});

describe('place', () => {
  it('keeps type, name, path and the built common params', () => {
    const { value } = resolveEntry(registry, 'loss', {
      type: 'beta-kl',
      weight: { type: 'linear-warmup', epochs: 1, to: 7 },
      name: 'slow',
    });
    const placed = place(registry, 'loss', value, ['losses', 0]);
    expect([placed.type, placed.name, placed.path]).toEqual(['beta-kl', 'slow', ['losses', 0]]);
    expect(placed.common.weight.at(progress)).toBe(7);
    expect(placed.component.terms).toHaveLength(1);
  });

  it('takes the type for a name that is not given, and plain common params as they are', () => {
    const { value } = resolveEntry(registry, 'plot', { type: 'samples', at: ['end', 2] });
    const placed = place(registry, 'plot', value, ['plots', 0]);
    expect(placed.name).toBe('samples');
    expect(placed.common).toEqual({ at: ['end', 2], every: null, name: null });
  });
});
