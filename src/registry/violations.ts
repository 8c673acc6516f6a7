/** ajv's errors read as faults: a table by keyword. Nothing of ajv's own wording gets past this file. */
import type { ErrorObject } from 'ajv';
import type { Fault, FaultCode, FaultFacts, Owner } from './faults.js';
import type { ItemParam, Param, Params } from './params.js';
import { pointer, type Path } from './path.js';
import { fillAndValidate } from './schema.js';
import { suggest } from './suggest.js';
import { ownValue } from './values.js';

/** What ajv's error is about. */
interface Subject {
  readonly path: Path;
  readonly param: Param | ItemParam | null;
  /** The params of the object at `path`, if it is one. */
  readonly params: Params;
  readonly given: unknown;
  readonly owner: Owner;
  readonly error: ErrorObject;
}

const fault = <C extends FaultCode>(code: C, path: Path, at: 'key' | 'value', facts: FaultFacts[C]): Fault<C> => ({
  code,
  path,
  at,
  facts,
});

const word = (error: ErrorObject, name: string): string => String(ownValue(error.params, name));

const ofParam = ({ param, given }: Subject): { param: Param | ItemParam; given: unknown } => {
  if (param === null) throw new Error('The object itself has no limits.');
  return { param, given };
};

const wrongType = (subject: Subject): Fault => fault('wrong-type', subject.path, 'value', ofParam(subject));
const outOfRange = (subject: Subject): Fault => fault('out-of-range', subject.path, 'value', ofParam(subject));
const badLength = (subject: Subject): Fault =>
  fault('bad-length', subject.path, 'value', {
    ...ofParam(subject),
    length: Array.isArray(subject.given) || typeof subject.given === 'string' ? subject.given.length : 0,
  });

const readers: Readonly<Record<string, (subject: Subject) => Fault>> = {
  additionalProperties: ({ path, params, owner, error }) => {
    const key = word(error, 'additionalProperty');
    return fault('unknown-key', [...path, key], 'key', {
      key,
      owner,
      params,
      suggestion: suggest(key, [...Object.keys(params), ...(owner.component !== null && owner.inside === null ? ['type'] : [])]),
      elsewhere: null,
    });
  },
  required: ({ path, params, owner, error }) => {
    const key = word(error, 'missingProperty');
    const param = params[key];
    if (param === undefined) throw new Error(`ajv requires "${key}", which is no param.`);
    return fault('missing-key', path, 'key', { key, owner, param });
  },
  type: wrongType,
  anyOf: wrongType,
  minimum: outOfRange,
  maximum: outOfRange,
  exclusiveMinimum: outOfRange,
  exclusiveMaximum: outOfRange,
  minItems: badLength,
  maxItems: badLength,
  minLength: badLength,
  pattern: (subject) => fault('bad-pattern', subject.path, 'value', { ...ofParam(subject), pattern: word(subject.error, 'pattern') }),
  enum: (subject) => {
    const allowed = ownValue(subject.error.params, 'allowedValues');
    const options: readonly unknown[] = Array.isArray(allowed) ? allowed : [];
    const words = options.filter((option) => typeof option === 'string');
    const suggestion = typeof subject.given === 'string' ? suggest(subject.given, words) : null;
    return fault('not-one-of', subject.path, 'value', { ...ofParam(subject), options, suggestion });
  },
};

const parent = (schemaPath: string): string => schemaPath.slice(0, schemaPath.lastIndexOf('/'));
const isBelow = (error: ErrorObject, union: ErrorObject): boolean =>
  error.schemaPath.startsWith(`${union.schemaPath}/`) && error.instancePath.startsWith(union.instancePath);

/**
 * A value that fits no branch of a union gives errors of all branches. If its type leaves one branch that can be meant,
 * that branch's errors say what is wrong; otherwise only the union as a whole does.
 */
const withoutNoise = (errors: readonly ErrorObject[]): readonly ErrorObject[] => {
  const dropped = new Set<ErrorObject>();
  for (const union of errors.filter(({ keyword }) => keyword === 'anyOf')) {
    const below = errors.filter((error) => isBelow(error, union));
    const branchOf = (error: ErrorObject): string => error.schemaPath.slice(union.schemaPath.length + 1).split('/', 1)[0] ?? '';
    const excluded = new Set(below.filter((error) => error.keyword === 'type' && error.instancePath === union.instancePath).map(branchOf));
    const meant = new Set(below.map(branchOf).filter((branch) => !excluded.has(branch)));
    if (meant.size === 1) dropped.add(union);
    for (const error of below) if (meant.size !== 1 || !meant.has(branchOf(error))) dropped.add(error);
  }
  const isType = (error: ErrorObject): boolean => error.keyword === 'type';
  const mistyped = new Set(errors.filter(isType).map((error) => `${error.instancePath} ${parent(error.schemaPath)}`));
  return errors.filter(
    (error) => !dropped.has(error) && (isType(error) || !mistyped.has(`${error.instancePath} ${parent(error.schemaPath)}`)),
  );
};

/** Follows a schema path such as `#/properties/at/items/anyOf/0` through the params that the schema was made of. */
const paramAt = (params: Params, schemaPath: string): { param: Param | ItemParam | null; params: Params } => {
  let param: Param | ItemParam | null = null;
  let inner = params;
  const [, ...steps] = schemaPath.split('/');
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i];
    if (step === 'items') {
      param = param !== null && 'type' in param && param.type === 'array' ? param.items : null;
    } else {
      i += 1;
      const name = decodeURIComponent(steps[i] ?? '');
      param =
        step === 'properties' ? (inner[name] ?? null) : param !== null && 'anyOf' in param ? (param.anyOf[Number(name)] ?? null) : null;
    }
    inner = param !== null && 'type' in param && param.type === 'object' ? param.properties : {};
  }
  return { param, params: inner };
};

const follow = (values: unknown, instancePath: string): { path: Path; given: unknown } => {
  const path: (string | number)[] = [];
  let given = values;
  for (const step of instancePath.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(given) ? Number(key) : key);
    given = ownValue(given, key);
  }
  return { path, given };
};

/** A mistyped key leaves the right one missing: that is one mistake. */
const withoutEchoes = (faults: readonly Fault[]): readonly Fault[] => {
  const meant = new Set(
    faults.flatMap((each) => (each.code === 'unknown-key' ? `${pointer(each.path.slice(0, -1))} ${each.facts.suggestion}` : [])),
  );
  return faults.filter((each) => each.code !== 'missing-key' || !meant.has(`${pointer(each.path)} ${each.facts.key}`));
};

/** Fills defaults into `values`, which is changed; the faults' paths start at `values`. */
export const findViolations = (params: Params, values: unknown, owner: Owner): readonly Fault[] => {
  const found = new Map<string, Fault>();
  for (const error of withoutNoise(fillAndValidate(params, values))) {
    const { path, given } = follow(values, error.instancePath);
    const inside = path.findLast((part) => typeof part === 'string') ?? null;
    const subject: Subject = {
      path,
      given,
      error,
      owner: { ...owner, inside: inside ?? owner.inside },
      ...paramAt(params, parent(error.schemaPath)),
    };
    if (path.length === 0) Object.assign(subject, { params });
    const read = readers[error.keyword];
    if (read === undefined) throw new Error(`No text for ajv's keyword "${error.keyword}".`);
    const next = read(subject);
    found.set(`${next.code} ${pointer(next.path)} ${'key' in next.facts ? next.facts.key : ''}`, next);
  }
  return withoutEchoes([...found.values()]);
};
