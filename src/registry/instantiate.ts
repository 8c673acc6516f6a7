/** Builds resolved entries into components, innermost first. */
import type { AnyComponent } from './define.js';
import { guard } from './guards.js';
import { kinds, type Kind, type Kinds } from './kinds.js';
import type { ItemParam, Param, Params, ValuesOf } from './params.js';
import type { Path } from './path.js';
import type { Registry } from './registry.js';
import type { Entry } from './resolve.js';
import { isMap, type PlainMap } from './values.js';

/** What every entry of a kind says beside its component's own params, built: a loss's `weight` is a Schedule. */
export type CommonOf<K extends Kind> = ValuesOf<(typeof kinds)[K]['common']>;

/** A built component and its place in the experiment. */
export interface Placed<K extends Kind> {
  readonly kind: K;
  readonly type: string;
  /** The entry's `name`, or its type (without the plug-in) where it has none. */
  readonly name: string;
  /** For faults that come to light later. */
  readonly path: Path;
  readonly common: CommonOf<K>;
  readonly component: Kinds[K];
}

const isEntry = (value: unknown): value is Entry => isMap(value) && typeof value['type'] === 'string';

const componentOf = <K extends Kind>(registry: Registry, kind: K, entry: unknown): { entry: Entry; component: AnyComponent<K> } => {
  const component = isEntry(entry) ? registry.lookUp(kind, entry.type) : undefined;
  if (!isEntry(entry) || component === undefined) throw new Error(`Not a resolved ${kind}: ${JSON.stringify(entry)}`);
  return { entry, component };
};

const buildValue = (registry: Registry, param: Param | ItemParam, value: unknown, path: Path): unknown => {
  if (value === null) return null;
  if ('component' in param) return instantiate(registry, param.component, value, path);
  if ('type' in param && param.type === 'array' && Array.isArray(value))
    return value.map((item, i) => buildValue(registry, param.items, item, [...path, i]));
  if ('type' in param && param.type === 'object' && isMap(value)) return buildValues(registry, param.properties, value, path);
  return value;
};

const buildValues = (registry: Registry, params: Params, values: PlainMap, path: Path): PlainMap =>
  Object.fromEntries(Object.entries(params).map(([name, param]) => [name, buildValue(registry, param, values[name], [...path, name])]));

/** Builds one resolved entry, which stands at `path`, with all components in its slots. */
export const instantiate = <K extends Kind>(registry: Registry, kind: K, entry: unknown, path: Path = []): Kinds[K] => {
  const resolved = componentOf(registry, kind, entry);
  const built = resolved.component.build(buildValues(registry, resolved.component.params, resolved.entry, path));
  return guard(kind, built, { path, kind, name: resolved.entry.type });
};

/** Builds one entry of the experiment and keeps what the runner wants to know of it. */
export const place = <K extends Kind>(registry: Registry, kind: K, value: unknown, path: Path): Placed<K> => {
  const { entry } = componentOf(registry, kind, value);
  const { type, name } = entry;
  // ajv has checked the entry against these very params; what is erased here is only that the compiler cannot know.
  const common = buildValues(registry, kinds[kind].common, entry, path) as CommonOf<K>;
  // A plug-in's name is `<plug-in>/<name>`; what is named after an entry are files and columns.
  const ownName = type.slice(type.lastIndexOf('/') + 1);
  return { kind, type, name: typeof name === 'string' ? name : ownName, path, common, component: instantiate(registry, kind, entry, path) };
};
