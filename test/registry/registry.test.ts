import { describe, expect, it } from 'vitest';
import { defineComponent } from '../../src/registry/define.js';
import { Registry } from '../../src/registry/registry.js';
import { toyComponents } from './toy-components.js';

const constant = (description: string) =>
  defineComponent({ kind: 'schedule', name: 'constant', description, params: {}, build: () => ({ constant: true, at: () => 1 }) });

describe('Registry', () => {
  const registry = new Registry(toyComponents);

  it('finds components by kind and name', () => {
    expect(registry.find('encoder', 'mlp')?.description).toBe('Dense layers.');
    expect(registry.find('loss', 'mlp')).toBeUndefined();
    expect(registry.find('loss', 'constructor')).toBeUndefined();
  });

  it('lists names in order, and the kinds that share one', () => {
    expect(registry.names('decoder')).toEqual(['mlp', 'pixel-grid']);
    expect(registry.names('generator')).toEqual([]);
    expect(registry.kindsOf('mlp')).toEqual(['encoder', 'decoder']);
    expect(registry.list('schedule').map(({ name }) => name)).toEqual(['constant', 'linear-warmup']);
    expect(registry.all()).toHaveLength(toyComponents.length);
  });

  it('names both of two components of one kind and name', () => {
    expect(() => new Registry([constant('The first.'), constant('The second.')])).toThrow(/schedule "constant".*The first\..*The second\./);
  });

  it('keeps the names that every entry of a kind has', () => {
    const weighted = defineComponent({
      kind: 'loss',
      name: 'weighted',
      description: 'Wants a weight of its own.',
      params: { weight: { type: 'number', default: 1, description: 'Factor.' } },
      build: () => ({ terms: [] }),
    });
    expect(() => new Registry([weighted])).toThrow('"weight"');
  });
});
