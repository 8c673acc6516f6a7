/** Entries to try components with: their examples, with networks made small and, where they may be, smooth. */
import type { AnyComponent } from '../registry/define.js';
import { exampleEntry } from '../registry/example.js';
import { instantiate } from '../registry/instantiate.js';
import type { Kind, Kinds } from '../registry/kinds.js';
import type { Param, Params } from '../registry/params.js';
import type { Registry } from '../registry/registry.js';
import { resolveEntry } from '../registry/resolve.js';
import { isMap, type PlainMap } from '../registry/values.js';

const maxWidth = 5;
/** Params that say how large a network is, in our components and in those that are written like them. */
const widths = new Set(['hidden', 'filters', 'channels', 'width', 'units', 'embedding']);

const narrow = (value: unknown): unknown => {
  if (typeof value === 'number') return Math.min(value, maxWidth);
  return Array.isArray(value) ? value.map(narrow) : value;
};

/** Slots that are a component's name become what it resolves to, so that their widths can be made small as well. */
const shrinkValue = (registry: Registry, param: Param | undefined, name: string, value: unknown): unknown => {
  if (widths.has(name)) return narrow(value);
  // A plane of codes is what some plots ask for.
  if (name === 'latent' && typeof value === 'number') return 2;
  // Finite differences say little about functions with kinks.
  if (name === 'activation' && param !== undefined && 'enum' in param && param.enum.includes('tanh')) return 'tanh';
  if (param !== undefined && 'component' in param && value !== null) return shrink(registry, param.component, value);
  return value;
};

/** A resolved entry whose networks have few units. */
export const shrink = (registry: Registry, kind: Kind, entry: unknown): PlainMap => {
  const { value, faults } = resolveEntry(registry, kind, entry);
  const [fault] = faults;
  if (fault !== undefined) throw new Error(`its example has a fault: ${fault.code} at ${fault.path.join('.')}`);
  const component = typeof value['type'] === 'string' ? registry.lookUp(kind, value['type']) : undefined;
  const params: Params = component?.params ?? {};
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shrinkValue(registry, params[name], name, each)]));
};

const smallEntry = (registry: Registry, component: AnyComponent, changes: PlainMap = {}): PlainMap =>
  shrink(registry, component.kind, { ...exampleEntry(registry, component), ...changes });

/** Built from its example, with networks made small. */
export const buildSmall = <K extends Kind>(registry: Registry, kind: K, component: AnyComponent<K>, changes: PlainMap = {}): Kinds[K] =>
  instantiate(registry, kind, smallEntry(registry, component, changes));

/** Entries of one component with each of its choices: its example, then each other word of an enum, and each empty slot filled. */
export const variantsOf = (registry: Registry, component: AnyComponent): readonly PlainMap[] => {
  const base = exampleEntry(registry, component);
  const changes = Object.entries(component.params).flatMap(([name, param]): readonly PlainMap[] => {
    if ('type' in param && param.type === 'string' && param.enum !== undefined)
      return param.enum.filter((word) => word !== base[name]).map((word) => ({ [name]: word }));
    if ('component' in param && param.nullable === true)
      return registry.list(param.component).map((choice) => ({ [name]: exampleEntry(registry, choice) }));
    return [];
  });
  return [base, ...changes.map((change) => ({ ...base, ...change }))].filter(isMap);
};
