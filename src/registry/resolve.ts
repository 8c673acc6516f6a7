/**
 * From what a user wrote to plain, complete data: first the skeleton with ajv, then each slot by its component's own params,
 * all the way down, collecting every fault. Params stand in the order of their declaration, `type` before them.
 */
import { withElsewhere } from './elsewhere.js';
import type { Fault, Owner } from './faults.js';
import { kinds, type Kind } from './kinds.js';
import type { ItemParam, Param, Params, SlotParam } from './params.js';
import { pointer, type Path } from './path.js';
import type { Registry } from './registry.js';
import { defaultOf, entryParams } from './schema.js';
import { suggest } from './suggest.js';
import { isMap, ownValue, setOwn, type PlainMap } from './values.js';
import { findViolations } from './violations.js';

/** A component as it stands in a resolved experiment. */
export interface Entry {
  readonly type: string;
  readonly [param: string]: unknown;
}

export interface Resolution {
  /** Complete where there are no faults; parts without a fault below their path are complete in any case. */
  readonly value: PlainMap;
  readonly faults: readonly Fault[];
  /** JSON pointers of the values that nobody wrote, with the component (or null: the experiment) whose defaults they are. */
  readonly defaults: ReadonlyMap<string, Owner['component']>;
}

interface Slot {
  readonly component: Kind;
  readonly default?: SlotParam['default'];
}

interface Context {
  readonly registry: Registry;
  readonly faults: Fault[];
  readonly defaults: Map<string, Owner['component']>;
}

/** An object that has a `type` may be given by it alone, as a component may: `engine: onnx`. */
const unfoldBareTypes = (params: Params, values: unknown): void => {
  if (!isMap(values)) return;
  for (const [name, param] of Object.entries(params)) {
    if (!('type' in param) || param.type !== 'object') continue;
    const value = ownValue(values, name);
    if (typeof value === 'string' && Object.hasOwn(param.properties, 'type')) setOwn(values, name, { type: value });
    unfoldBareTypes(param.properties, ownValue(values, name));
  }
};

const completeUnion = (context: Context, branches: readonly ItemParam[], value: unknown, path: Path): unknown => {
  const fits = branches.find(
    (branch) => 'type' in branch && (branch.type === 'object' ? isMap(value) : branch.type === 'array' && Array.isArray(value)),
  );
  if (fits === undefined) return value;
  if (!('type' in fits) || fits.type !== 'object' || !isMap(value)) return complete(context, fits, value, value, path, null);
  const filled: Record<string, unknown> = { ...value };
  for (const [name, param] of Object.entries(fits.properties)) {
    const missing = Object.hasOwn(filled, name) ? undefined : defaultOf(param);
    if (missing !== undefined) filled[name] = structuredClone(missing.value);
  }
  return completeMap(context, fits.properties, filled, value, path, null);
};

const completeMap = (
  context: Context,
  params: Params,
  filled: PlainMap,
  given: unknown,
  path: Path,
  owner: Owner['component'],
): PlainMap => {
  const out: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(params)) {
    if (!Object.hasOwn(filled, name)) continue;
    const at = [...path, name];
    if (isMap(given) && !Object.hasOwn(given, name)) context.defaults.set(pointer(at), owner);
    out[name] = complete(context, param, filled[name], ownValue(given, name), at, owner);
  }
  return out;
};

const complete = (
  context: Context,
  param: Param | ItemParam,
  filled: unknown,
  given: unknown,
  path: Path,
  owner: Owner['component'],
): unknown => {
  if ('component' in param) {
    const isNull = filled === null && 'nullable' in param && param.nullable === true;
    return isNull ? null : resolveSlot(context, param, filled, path);
  }
  if ('anyOf' in param) return completeUnion(context, param.anyOf, filled, path);
  if (param.type === 'array' && Array.isArray(filled)) {
    return filled.map((item, i) => complete(context, param.items, item, ownValue(given, i), [...path, i], owner));
  }
  if (param.type === 'object' && isMap(filled)) return completeMap(context, param.properties, filled, given, path, owner);
  return filled;
};

/** The three ways to write a component, brought to one; null where it is none of them. */
const toEntry = (slot: Slot, value: unknown): PlainMap | null => {
  const bareNumber = kinds[slot.component].number;
  if (typeof value === 'number' && bareNumber !== null) return { type: bareNumber.type, [bareNumber.param]: value };
  if (typeof value === 'string') return { type: value };
  if (!isMap(value)) return null;
  // A slot's default names a component, so `type` has a default there too.
  return typeof slot.default === 'string' && !Object.hasOwn(value, 'type') ? { type: slot.default, ...value } : value;
};

const resolveSlot = (context: Context, slot: Slot, value: unknown, path: Path): unknown => {
  const { registry, faults } = context;
  const kind: Kind = slot.component;
  const entry = toEntry(slot, value);
  if (entry === null) {
    faults.push({ code: 'wrong-type', path, at: 'value', facts: { param: slot, given: value } });
    return value;
  }
  const type = ownValue(entry, 'type');
  const typePath = [...path, 'type'];
  if (type === undefined) {
    const mistyped = Object.keys(entry).find((key) => suggest(key, ['type']) !== null) ?? null;
    faults.push({ code: 'missing-type', path, at: 'value', facts: { kind, known: registry.choices(kind), mistyped } });
    return value;
  }
  if (typeof type !== 'string') {
    faults.push({
      code: 'wrong-type',
      path: typePath,
      at: 'value',
      facts: { param: { type: 'string', description: `Name of a ${kind}.` }, given: type },
    });
    return value;
  }
  const component = registry.lookUp(kind, type);
  if (component === undefined) {
    const known = registry.choices(kind);
    faults.push({
      code: 'unknown-component',
      path: typePath,
      at: 'value',
      facts: { kind, name: type, known, suggestion: suggest(type, known), otherKinds: registry.kindsOf(type) },
    });
    return value;
  }
  const given = Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'type'));
  const params = resolveMap(context, entryParams(component), given, path, { kind, name: type });
  return { type, ...params };
};

const resolveMap = (context: Context, params: Params, given: PlainMap, path: Path, component: Owner['component']): PlainMap => {
  const unfolded = structuredClone(given);
  unfoldBareTypes(params, unfolded);
  const filled = structuredClone(unfolded);
  for (const fault of findViolations(params, filled, { component, inside: null }))
    context.faults.push({ ...fault, path: [...path, ...fault.path] });
  context.faults.push(...unreadValues(params, unfolded, filled, path));
  return completeMap(context, params, filled, unfolded, path, component);
};

/** Values that are given, are no defaults, and that nothing reads. */
const unreadValues = (params: Params, given: PlainMap, filled: PlainMap, path: Path): readonly Fault[] =>
  Object.entries(params).flatMap(([key, param]): readonly Fault[] => {
    const { readWhen } = param;
    if (readWhen === undefined || !Object.hasOwn(given, key) || given[key] === defaultOf(param)?.value) return [];
    const chosen = filled[readWhen.param];
    if (typeof chosen !== 'string' || readWhen.is.includes(chosen)) return [];
    return [
      { code: 'unread-value', path: [...path, key], at: 'key', facts: { key, param: readWhen.param, given: chosen, wanted: readWhen.is } },
    ];
  });

/** Resolves a map of params, such as the experiment file; `input` is left as it is. */
export const resolveParams = (registry: Registry, params: Params, input: PlainMap): Resolution => {
  const context: Context = { registry, faults: [], defaults: new Map() };
  const value = resolveMap(context, params, input, [], null);
  return { value, faults: context.faults.map((fault) => withElsewhere(registry, params, value, fault)), defaults: context.defaults };
};

/** Resolves one component, written as a name, a number (where its kind allows that), or a map with a `type`. */
export const resolveEntry = (registry: Registry, kind: Kind, input: unknown): Resolution => {
  const context: Context = { registry, faults: [], defaults: new Map() };
  const value = resolveSlot(context, { component: kind }, input, []);
  return { value: isMap(value) ? value : {}, faults: context.faults, defaults: context.defaults };
};
