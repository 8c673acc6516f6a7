/** Which param a place in an experiment belongs to: what may stand there, and whose it is. */
import type { ComponentName } from './faults.js';
import { kinds, type Kind } from './kinds.js';
import type { ItemParam, Param, Params } from './params.js';
import type { Path } from './path.js';
import type { Registry } from './registry.js';
import { entryParams } from './schema.js';
import { isMap, ownValue } from './values.js';

export interface ParamAt {
  readonly param: Param | ItemParam;
  /** Whose param it is; null: the experiment's own. */
  readonly owner: ComponentName | null;
}

const typeParam = (kind: Kind): ParamAt['param'] => ({ type: 'string', description: `Which ${kind}.` });

const defaultName = (param: Param | ItemParam): string | null =>
  'default' in param && typeof param.default === 'string' ? param.default : null;

/** The name that an entry gives, or that its slot gives it: `mlp`, `{ type: mlp }`, a number, or nothing where there is a default. */
const entryType = (param: Extract<Param | ItemParam, { readonly component: Kind }>, value: unknown): string | null => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return kinds[param.component].number?.type ?? null;
  const type = isMap(value) ? ownValue(value, 'type') : undefined;
  if (type !== undefined) return typeof type === 'string' ? type : null;
  return value === undefined || isMap(value) ? defaultName(param) : null;
};

const step = (registry: Registry, { param, owner }: ParamAt, value: unknown, key: string | number): ParamAt | null => {
  if ('component' in param) {
    const kind: Kind = param.component;
    if (key === 'type') return { param: typeParam(kind), owner };
    const name = entryType(param, value);
    const component = name === null ? undefined : registry.lookUp(kind, name);
    const inner = component === undefined ? undefined : ownParam(entryParams(component), key);
    return component === undefined || inner === undefined ? null : { param: inner, owner: { kind, name: component.name } };
  }
  if ('anyOf' in param) {
    for (const branch of param.anyOf) {
      const found = step(registry, { param: branch, owner }, value, key);
      if (found !== null) return found;
    }
    return null;
  }
  if (param.type === 'array') return typeof key === 'number' ? { param: param.items, owner } : null;
  const inner = param.type === 'object' ? ownParam(param.properties, key) : undefined;
  return inner === undefined ? null : { param: inner, owner };
};

const ownParam = (params: Params, key: string | number): Param | undefined =>
  typeof key === 'string' && Object.hasOwn(params, key) ? params[key] : undefined;

/**
 * The param at `path` of an experiment that has `value`, resolved or as written; null where nothing is known of such a place, as below a
 * component that is not known.
 */
export const paramAt = (registry: Registry, params: Params, value: unknown, path: Path): ParamAt | null => {
  const [first, ...rest] = path;
  const param = first === undefined ? undefined : ownParam(params, first);
  if (param === undefined || first === undefined) return null;
  let found: ParamAt | null = { param, owner: null };
  let here = ownValue(value, first);
  for (const key of rest) {
    found = step(registry, found, here, key);
    if (found === null) return null;
    here = ownValue(here, key);
  }
  return found;
};
