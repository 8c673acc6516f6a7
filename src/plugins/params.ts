/** Whether what a plug-in calls params are params, and if not, why. */
import { kindNames } from '../registry/kinds.js';
import type { Params } from '../registry/params.js';
import { suggest } from '../registry/suggest.js';
import { isMap, showGiven, type PlainMap } from '../registry/values.js';

const described = ['description', 'unit', 'examples'];
const defaulted = [...described, 'default', 'nullable', 'readWhen'];
const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];

/** What a param of each type may say beside its type. */
const keysByType: Readonly<Record<string, readonly string[]>> = {
  number: limits,
  integer: limits,
  boolean: [],
  string: ['enum', 'pattern', 'minLength'],
  array: ['items', 'minItems', 'maxItems'],
  object: ['properties'],
};
const types = Object.keys(keysByType);

const quote = (word: unknown): string => JSON.stringify(word);
const didYouMean = (word: unknown, known: readonly string[]): string => {
  const meant = typeof word === 'string' ? suggest(word, known) : null;
  return meant === null ? '' : `; did you mean ${quote(meant)}?`;
};

const unknownKey = (param: PlainMap, allowed: readonly string[], subject: string): string | null => {
  const key = Object.keys(param).find((each) => !allowed.includes(each));
  return key === undefined ? null : `has a ${subject} with ${quote(key)}, which means nothing there${didYouMean(key, allowed)}`;
};

const badLimit = (param: PlainMap, subject: string): string | null => {
  for (const key of [...limits, 'minLength', 'minItems', 'maxItems'])
    if (Object.hasOwn(param, key) && typeof param[key] !== 'number')
      return `has a ${subject} whose ${key} is ${showGiven(param[key])}, and no number`;
  return null;
};

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');

/** Why a param cannot be read when another one of the same component says so. */
const badReadWhen = (param: PlainMap, subject: string, siblings: PlainMap): string | null => {
  const { readWhen } = param;
  if (readWhen === undefined) return null;
  const other = isMap(readWhen) ? readWhen['param'] : undefined;
  if (!isMap(readWhen) || typeof other !== 'string' || !isTexts(readWhen['is']))
    return `has a ${subject} whose readWhen is ${showGiven(readWhen)}, and not { param: another, is: [its words] }`;
  if (Object.hasOwn(siblings, other) && siblings[other] !== param) return null;
  return `has a ${subject} that is read by what ${quote(other)} is, which is no other param${didYouMean(other, Object.keys(siblings))}`;
};

/** Why this is no param, or no item of one, as a clause about the component; null: it is one. */
const oneFault = (param: unknown, path: string, isItem: boolean): string | null => {
  const subject = `param ${quote(path)}`;
  if (!isMap(param)) return `has a ${subject} that is ${showGiven(param)}`;
  const { type, component, anyOf, description } = param;
  if (!isItem && (typeof description !== 'string' || description.trim() === '')) return `has a ${subject} without a description`;
  if ([type, component, anyOf].filter((each) => each !== undefined).length !== 1)
    return `has a ${subject} that needs one of type, component and anyOf`;
  const allowed = isItem ? described : defaulted;
  if (component !== undefined) {
    if (!kindNames.some((kind) => kind === component))
      return `has a ${subject} for the kind ${quote(component)}, which there is not${didYouMean(component, kindNames)}`;
    return unknownKey(param, ['component', ...allowed], subject);
  }
  if (anyOf !== undefined) {
    if (!Array.isArray(anyOf) || anyOf.length === 0) return `has a ${subject} whose anyOf is no list of shapes`;
    const inner = anyOf.map((branch: unknown) => oneFault(branch, path, true)).find((fault) => fault !== null);
    return inner ?? unknownKey(param, ['anyOf', ...allowed], subject);
  }
  if (typeof type !== 'string' || !Object.hasOwn(keysByType, type))
    return `has a ${subject} of the type ${quote(type)}, which there is not${didYouMean(type, types)}`;
  if (param['default'] === undefined && Object.hasOwn(param, 'default')) return `has a ${subject} whose default is undefined`;
  if (param['default'] === null && param['nullable'] !== true) return `has a ${subject} whose default is null: it needs nullable: true`;
  const own = unknownKey(param, ['type', ...(keysByType[type] ?? []), ...allowed], subject) ?? badLimit(param, subject);
  if (own !== null) return own;
  if (type === 'array') return oneFault(param['items'], `${path}[]`, true);
  return type === 'object' ? paramFault(param['properties'], `${path}.`) : null;
};

/** What is wrong with these params, as a clause about the component; null: nothing. `prefix` is put before names. */
export const paramFault = (params: unknown, prefix: string): string | null => {
  if (!isMap(params))
    return prefix === ''
      ? 'has no `params`; a component without any has `params: {}`'
      : `has a param ${quote(prefix.slice(0, -1))} without properties`;
  for (const [name, param] of Object.entries(params)) {
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) return `has a param ${quote(prefix + name)}: names of params are camelCase`;
    const fault =
      oneFault(param, prefix + name, false) ?? (isMap(param) ? badReadWhen(param, `param ${quote(prefix + name)}`, params) : null);
    if (fault !== null) return fault;
  }
  return null;
};

export const isParams = (params: unknown): params is Params => paramFault(params, '') === null;
