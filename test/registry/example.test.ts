import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { exampleEntry, exampleInPlace } from '../../src/registry/example.js';
import { Registry } from '../../src/registry/registry.js';
import { resolveEntry } from '../../src/registry/resolve.js';
import { experimentParams } from '../../src/runner/config/experiment.js';
import { toyComponents } from './toy-components.js';

const registry = new Registry(toyComponents);

it.each(toyComponents.map((component) => [`${component.kind} ${component.name}`, component] as const))(
  'gives a valid example of %s',
  (_, component) => {
    const written: unknown = parse(stringify(exampleEntry(registry, component)));
    expect(resolveEntry(registry, component.kind, written).faults).toEqual([]);
  },
);

it('puts examples below the key where they stand', () => {
  const keyOf = (kind: 'loss' | 'dataset' | 'optimizer' | 'encoder', name: string) => {
    const component = registry.find(kind, name);
    return component && Object.keys(exampleInPlace(registry, experimentParams, component));
  };
  expect(keyOf('loss', 'beta-kl')).toEqual(['losses']);
  expect(keyOf('dataset', 'points')).toEqual(['data']);
  expect(keyOf('optimizer', 'adam')).toEqual(['optimizer']);
  expect(keyOf('encoder', 'mlp')).toEqual(['encoder']);
});
