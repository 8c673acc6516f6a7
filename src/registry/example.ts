/** Example entries, made from params: valid by construction, and checked by a test over every component. */
import type { AnyComponent } from './define.js';
import { kinds, type Kind } from './kinds.js';
import type { ItemParam, NumberLimits, Param, Params } from './params.js';
import type { Registry } from './registry.js';
import { defaultOf } from './schema.js';
import type { PlainMap } from './values.js';

const exampleNumber = ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: NumberLimits): number => {
  const low = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1);
  const high = maximum ?? (exclusiveMaximum === undefined ? undefined : exclusiveMaximum - 1);
  if (low === undefined) return Math.min(1, high ?? 1);
  if (maximum === undefined && exclusiveMaximum === undefined) return Math.max(low, 1);
  const top = maximum ?? exclusiveMaximum ?? low;
  return low < top ? low : ((minimum ?? exclusiveMinimum ?? 0) + top) / 2;
};

const exampleText = (param: Extract<Param | ItemParam, { readonly type: 'string' }>): string => {
  const pattern = 'pattern' in param ? param.pattern : undefined;
  const text = param.enum?.[0] ?? 'example'.padEnd(param.minLength ?? 0, 'e');
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text)) throw new Error(`A text that must match ${pattern} needs examples.`);
  return text;
};

const exampleMap = (registry: Registry, params: Params, visited: readonly string[]): PlainMap =>
  Object.fromEntries(
    Object.entries(params)
      .map(([name, param]) => [name, exampleValue(registry, param, visited)] as const)
      .filter(([, value]) => value !== null),
  );

/** A component for a required slot: the first that does not need itself. */
const exampleSlot = (registry: Registry, kind: Kind, visited: readonly string[]): unknown => {
  const component = registry.list(kind).find(({ name }) => !visited.includes(`${kind} ${name}`));
  if (component === undefined) throw new Error(`No ${kind} to make an example with.`);
  const entry = exampleEntry(registry, component, visited);
  return Object.keys(entry).length === 1 ? component.name : entry;
};

const exampleValue = (registry: Registry, param: Param | ItemParam, visited: readonly string[]): unknown => {
  const given = defaultOf(param);
  if (param.examples?.[0] !== undefined) return param.examples[0];
  if (given !== undefined) return given.value;
  if ('component' in param) return exampleSlot(registry, param.component, visited);
  if ('anyOf' in param) return param.anyOf[0] === undefined ? null : exampleValue(registry, param.anyOf[0], visited);
  switch (param.type) {
    case 'number':
    case 'integer':
      return exampleNumber(param);
    case 'boolean':
      return true;
    case 'string':
      return exampleText(param);
    case 'array':
      return Array.from({ length: param.minItems ?? 1 }, () => exampleValue(registry, param.items, visited));
    case 'object':
      return exampleMap(registry, param.properties, visited);
  }
};

/** `{ type, ...params }` with an example or the default of each param that says something. */
export const exampleEntry = (registry: Registry, { kind, name, params }: AnyComponent, visited: readonly string[] = []): PlainMap => ({
  type: name,
  ...exampleMap(registry, params, [...visited, `${kind} ${name}`]),
});

const findSlot = (params: Params, kind: Kind): { readonly key: string; readonly isList: boolean } | null => {
  for (const [key, param] of Object.entries(params)) {
    if ('component' in param && param.component === kind) return { key, isList: false };
    if ('type' in param && param.type === 'array' && 'component' in param.items && param.items.component === kind)
      return { key, isList: true };
    const inner = 'type' in param && param.type === 'object' ? findSlot(param.properties, kind) : null;
    if (inner !== null) return inner;
  }
  return null;
};

/** The example below the key where such an entry stands: in the experiment, else in the first component that has such a slot. */
export const exampleInPlace = (registry: Registry, experiment: Params, component: AnyComponent): PlainMap => {
  const entry = exampleEntry(registry, component);
  const hosts = [experiment, ...Object.values(kinds).map(({ common }) => common), ...registry.all().map(({ params }) => params)];
  const slot = hosts.map((params) => findSlot(params, component.kind)).find((found) => found !== null) ?? {
    key: component.kind,
    isList: false,
  };
  return { [slot.key]: slot.isList ? [entry] : entry };
};
