/** `--set path=value`: changes single values of a read file, and remembers which argument did. */
import type { Fault, LocatedFault } from '../../registry/faults.js';
import { formatPath, pointer, type Path } from '../../registry/path.js';
import { inline, isMap, ownValue, setOwn } from '../../registry/values.js';
import { ConfigError } from '../../registry/errors.js';
import { write } from '../../registry/fault-texts.js';
import { convertDocument, type Conversion } from './convert.js';
import type { Origin } from './origins.js';
import { parseSource } from './read.js';

/** Why an override cannot be applied; a clause. */
class OverrideProblem extends Error {}

const parsePath = (text: string): Path => {
  if (!/^[\w-]+(\.[\w-]+|\[\d+\])*$/.test(text)) throw new OverrideProblem(`${JSON.stringify(text)} is not a path`);
  const parts = text.match(/[\w-]+|\[\d+\]/g) ?? [];
  return parts.map((part) => (part.startsWith('[') ? Number(part.slice(1, -1)) : part));
};

const parseValue = (argument: string, text: string): unknown => {
  try {
    const { value, faults } = convertDocument(argument, text, parseSource(argument, text));
    if (faults.length === 0) return value;
    throw new ConfigError(faults);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new OverrideProblem(`its value is wrong: ${error.faults.map(({ fault }) => write(fault).what).join('; ')}`);
  }
};

const childOf = (parent: unknown, key: string | number, path: Path): unknown => {
  const place = formatPath(path);
  if (typeof key === 'string') {
    if (isMap(parent)) return ownValue(parent, key);
    throw new OverrideProblem(
      Array.isArray(parent)
        ? `${place} is a list: say which entry, such as ${place}[0]`
        : `${place} is ${inline(parent)}, which has no ${JSON.stringify(key)}`,
    );
  }
  if (!Array.isArray(parent)) throw new OverrideProblem(`${place} is no list`);
  if (key < parent.length) return parent[key];
  throw new OverrideProblem(parent.length === 0 ? `${place} is empty` : `${place} ends with ${place}[${parent.length - 1}]`);
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const apply = (argument: string, root: object, origins: Map<string, Origin>): void => {
  const equals = argument.indexOf('=');
  if (equals === -1) throw new OverrideProblem(`${JSON.stringify(argument)} has no "="`);
  const path = parsePath(argument.slice(0, equals).trim());
  const value = parseValue(argument, argument.slice(equals + 1));
  if (String(path[0]).startsWith('x-')) throw new OverrideProblem('keys that begin with x- are read by nobody');
  const origin: Origin = { kind: 'override', argument: `--set ${argument}` };
  let parent: object = root;
  for (const [i, key] of path.slice(0, -1).entries()) {
    let child = childOf(parent, key, path.slice(0, i));
    // A bare name is short for a map with its type, and what is absent can be begun.
    if (typeof child === 'string') child = { type: child };
    if ((child ?? null) === null) {
      child = {};
      origins.set(pointer(path.slice(0, i + 1)), origin);
    }
    if (!isObject(child))
      throw new OverrideProblem(`${formatPath(path.slice(0, i + 1))} is ${inline(child)}, which has no ${JSON.stringify(path[i + 1])}`);
    setOwn(parent, key, child);
    parent = child;
  }
  const last = path.at(-1) ?? '';
  childOf(parent, last, path.slice(0, -1));
  setOwn(parent, last, value);
  const place = pointer(path);
  for (const key of [...origins.keys()]) if (key.startsWith(`${place}/`)) origins.delete(key);
  origins.set(place, origin);
};

/** Applies overrides in their order, changing `conversion`'s value and origins; gives back those that cannot be applied. */
export const applyOverrides = (overrides: readonly string[], root: object, origins: Conversion['origins']): readonly LocatedFault[] => {
  const faults: LocatedFault[] = [];
  for (const argument of overrides) {
    try {
      apply(argument, root, origins);
    } catch (error) {
      if (!(error instanceof OverrideProblem)) throw error;
      const fault: Fault = { code: 'bad-override', path: [], at: 'value', facts: { reason: error.message } };
      faults.push({ fault, place: { kind: 'argument', argument: `--set ${argument}` } });
    }
  }
  return faults;
};
