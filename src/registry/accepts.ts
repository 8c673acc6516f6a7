/** What a param accepts, in words: `number ≥ 0, default 1`. Errors and `latentlab components` both speak this way. */
import { kinds } from './kinds.js';
import type { ItemParam, NumberLimits, Param, Params } from './params.js';
import { defaultOf } from './schema.js';
import { inline, isMap } from './values.js';

const limits = (param: NumberLimits): string => {
  if (param.minimum !== undefined && param.maximum !== undefined) return ` from ${param.minimum} to ${param.maximum}`;
  const bounds: string[] = [];
  if (param.minimum !== undefined) bounds.push(`≥ ${param.minimum}`);
  if (param.exclusiveMinimum !== undefined) bounds.push(`> ${param.exclusiveMinimum}`);
  if (param.maximum !== undefined) bounds.push(`≤ ${param.maximum}`);
  if (param.exclusiveMaximum !== undefined) bounds.push(`< ${param.exclusiveMaximum}`);
  return bounds.length === 0 ? '' : ` ${bounds.join(' and ')}`;
};

const length = (minimum = 0, maximum = Infinity): string => {
  if (minimum === maximum) return ` of length ${minimum}`;
  if (maximum !== Infinity) return `, ${minimum} to ${maximum} of them`;
  return minimum === 0 ? '' : `, at least ${minimum}`;
};

export const joinWords = (words: readonly string[], last: 'and' | 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;

/** Several of it: `integers ≥ 1`, `losses`. */
const plural = (param: ItemParam): string =>
  'component' in param ? kinds[param.component].folder : describeType(param).replace(/^(number|integer|list|map)/, '$1s');

const plain = (param: Param | ItemParam): string => {
  if ('component' in param) return param.component;
  if ('anyOf' in param) return joinWords(alternatives(param), 'or');
  switch (param.type) {
    case 'number':
    case 'integer':
      return `${param.type}${limits(param)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return param.enum === undefined ? 'text' : joinWords(param.enum, 'or');
    case 'array':
      return `list of ${plural(param.items)}${length(param.minItems, param.maxItems)}`;
    case 'object':
      return `map of ${joinWords(Object.keys(param.properties), 'and')}`;
  }
};

const alternatives = (param: Param | ItemParam): readonly string[] => {
  if ('anyOf' in param) return param.anyOf.flatMap(alternatives);
  return 'enum' in param ? param.enum : [plain(param)];
};

/** `integer ≥ 1 or null`; slots are named by their kind. */
export const describeType = (param: Param | ItemParam): string =>
  'nullable' in param && param.nullable === true ? joinWords([...alternatives(param), 'null'], 'or') : plain(param);

/** The default as YAML; null where there is none, or none worth saying: `null`, and objects that are defaults all through. */
export const describeDefault = (param: Param | ItemParam): string | null => {
  const value = defaultOf(param)?.value;
  const isEmptyMap = 'type' in param && param.type === 'object' && isMap(value) && Object.keys(value).length === 0;
  return value === undefined || value === null || isEmptyMap ? null : inline(value);
};

/** `number ≥ 0, default 1`, `number, required` or `integer ≥ 1, optional`. */
export const describeParam = (param: Param): string => {
  if (defaultOf(param) === undefined) return `${describeType(param)}, required`;
  const value = describeDefault(param);
  return value === null ? `${plain(param)}, optional` : `${describeType(param)}, default ${value}`;
};

/** `beta (number ≥ 0, default 1) and freeNats (number ≥ 0, default 0)` */
export const describeParams = (params: Params): string =>
  joinWords(
    Object.entries(params).map(([name, param]) => `${name} (${describeParam(param)})`),
    'and',
  );
