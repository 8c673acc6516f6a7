/** Components as the YAML would have them built: looked up, checked, defaults filled in, slots first. */
import { components } from '../../src/components/index.js';
import { instantiate } from '../../src/registry/instantiate.js';
import type { Kind, Kinds } from '../../src/registry/kinds.js';
import { Registry } from '../../src/registry/registry.js';
import { resolveEntry } from '../../src/registry/resolve.js';

const registry = new Registry(components);

/** Builds an entry such as `{ type: 'adam', learningRate: 0.1 }`, or a bare name. */
export const buildComponent = <K extends Kind>(kind: K, entry: unknown): Kinds[K] => {
  const { value, faults } = resolveEntry(registry, kind, entry);
  if (faults.length > 0) throw new Error(`a test's entry is at fault: ${JSON.stringify(faults)}`);
  return instantiate(registry, kind, value);
};
