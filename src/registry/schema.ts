/**
 * JSON Schema from params, and ajv's verdict on values. A schema is closed, requires what has no default, and leaves slots
 * open: which params a slot takes is known only when its component's name has been looked up (resolve.ts).
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { AnyComponent } from './define.js';
import { kinds } from './kinds.js';
import type { ItemParam, Param, Params } from './params.js';

export type Schema = Readonly<Record<string, unknown>>;

/** What a param is when it is not given; undefined where it must be. An object whose params all have defaults has one too. */
export const defaultOf = (param: Param | ItemParam): { readonly value: unknown } | undefined => {
  if ('default' in param && param.default !== undefined) return { value: param.default };
  if ('type' in param && param.type === 'object' && Object.values(param.properties).every((inner) => defaultOf(inner) !== undefined))
    return { value: {} };
  return undefined;
};

const annotations = ({ description, unit, examples }: Partial<Pick<Param, 'description' | 'unit' | 'examples'>>): Schema => ({
  ...(description === undefined ? {} : { description }),
  ...(unit === undefined ? {} : { unit }),
  ...(examples === undefined ? {} : { examples }),
});

/** ajv refuses `default` below `anyOf`; resolve.ts fills those itself. */
type Position = 'plain' | 'in-union';

const typed = (
  param: Exclude<Param | ItemParam, { readonly component: unknown } | { readonly anyOf: unknown }>,
  position: Position,
): Schema => {
  const isNullable = 'nullable' in param && param.nullable === true;
  const type = isNullable ? [param.type, 'null'] : param.type;
  switch (param.type) {
    case 'array': {
      const { minItems, maxItems } = param;
      return {
        type,
        items: schemaOf(param.items, position),
        ...(minItems === undefined ? {} : { minItems }),
        ...(maxItems === undefined ? {} : { maxItems }),
      };
    }
    case 'object':
      return { ...objectSchema(param.properties, position), type };
    case 'boolean':
      return { type };
    case 'string': {
      const { minLength } = param;
      const pattern = 'pattern' in param ? param.pattern : undefined;
      return {
        type,
        ...(param.enum === undefined ? {} : { enum: isNullable ? [...param.enum, null] : param.enum }),
        ...(pattern === undefined ? {} : { pattern }),
        ...(minLength === undefined ? {} : { minLength }),
      };
    }
    case 'number':
    case 'integer': {
      const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = param;
      return Object.fromEntries(
        Object.entries({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }).filter(([, limit]) => limit !== undefined),
      );
    }
  }
};

/** What a value must be, without what is said about it. */
export const valueSchema = (param: Param | ItemParam, position: Position = 'plain'): Schema => {
  if ('component' in param) return { component: param.component };
  if (!('anyOf' in param)) return typed(param, position);
  const branches = param.anyOf.map((branch) => schemaOf(branch, 'in-union'));
  return { anyOf: 'nullable' in param && param.nullable === true ? [...branches, { type: 'null' }] : branches };
};

const schemaOf = (param: Param | ItemParam, position: Position): Schema => {
  const value = position === 'plain' ? defaultOf(param) : undefined;
  return { ...valueSchema(param, position), ...annotations(param), ...(value === undefined ? {} : { default: value.value }) };
};

/** The closed object schema of params; slots take anything. */
export const objectSchema = (params: Params, position: Position = 'plain'): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(Object.entries(params).map(([name, param]) => [name, schemaOf(param, position)])),
  required: Object.keys(params).filter((name) => {
    const param = params[name];
    return param !== undefined && defaultOf(param) === undefined;
  }),
});

const entryParamsCache = new WeakMap<AnyComponent, Params>();

/** What an entry takes beside `type`: the component's own params, then those that all of its kind take. */
export const entryParams = (component: AnyComponent): Params => {
  const cached = entryParamsCache.get(component);
  if (cached !== undefined) return cached;
  const params: Params = { ...component.params, ...kinds[component.kind].common };
  entryParamsCache.set(component, params);
  return params;
};

/** The object schema of a component's entry without its `type`. */
export const componentSchema = (component: AnyComponent): Schema => objectSchema(entryParams(component));

let ajv: Ajv | undefined;
const validators = new WeakMap<Params, ValidateFunction>();

const validatorOf = (params: Params): ValidateFunction => {
  const cached = validators.get(params);
  if (cached !== undefined) return cached;
  ajv ??= new Ajv({
    strict: true,
    allErrors: true,
    useDefaults: true,
    allowUnionTypes: true,
    // A key called `constructor` is present only if the user wrote it.
    ownProperties: true,
    // A schema made here is one; a test looks. To check and optimize each takes most of the time of `latentlab check`.
    meta: false,
    validateSchema: false,
    code: { optimize: false },
    // The wording is ours (violations.ts).
    messages: false,
  }).addVocabulary(['unit', 'component']);
  const validator = ajv.compile(objectSchema(params));
  validators.set(params, validator);
  return validator;
};

/** Fills defaults into `values`, which is changed, and gives back what ajv finds wrong. */
export const fillAndValidate = (params: Params, values: unknown): readonly ErrorObject[] => {
  const validator = validatorOf(params);
  return validator(values) === true ? [] : (validator.errors ?? []);
};
