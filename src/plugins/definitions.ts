/**
 * What a plug-in exports, checked as TypeScript would have: a plug-in may be plain JavaScript, and what is wrong with its definitions
 * should be said when it is loaded, not when a run is under way.
 */
import type { AnyComponent } from '../registry/define.js';
import { kindNames, kinds } from '../registry/kinds.js';
import { componentSchema, defaultOf } from '../registry/schema.js';
import { suggest } from '../registry/suggest.js';
import { isMap, showGiven, type PlainMap } from '../registry/values.js';
import { findViolations } from '../registry/violations.js';
import { isParams, paramFault } from './params.js';
import { PluginError } from './errors.js';

const wayOut = 'A definition is what `defineComponent({ kind, name, description, params, build })` gives.';
const quote = (word: unknown): string => JSON.stringify(word);

const keys = ['kind', 'name', 'description', 'params', 'build'];

const fail = (title: string, reason: string, help = ''): never => {
  throw new PluginError(`${title} ${reason}`, help);
};

const assertKnownKeys = (definition: PlainMap, title: string): void => {
  const unknown = Object.keys(definition).find((key) => !keys.includes(key));
  if (unknown === undefined) return;
  const meant = suggest(unknown, keys);
  fail(title, `has ${quote(unknown)}, which no definition has${meant === null ? '' : `; did you mean ${quote(meant)}?`}`, wayOut);
};

const isDescribed = (text: unknown): text is string => typeof text === 'string' && text.trim() !== '';

const isDefinition = (value: PlainMap): value is PlainMap & AnyComponent =>
  kindNames.some((kind) => kind === value['kind']) &&
  typeof value['name'] === 'string' &&
  isDescribed(value['description']) &&
  isParams(value['params']) &&
  typeof value['build'] === 'function';

/** Defaults that are no values of their own param would be met by every user. */
const assertDefaults = (component: AnyComponent, title: string): void => {
  for (const [name, param] of Object.entries(component.params)) {
    const value = defaultOf(param);
    if (value === undefined) continue;
    const [fault] = findViolations({ [name]: param }, { [name]: structuredClone(value.value) }, { component: null, inside: null });
    if (fault !== undefined)
      fail(title, `has a param ${quote(name)} whose default ${showGiven(value.value)} it does not accept itself`, '');
  }
};

const toDefinition = (value: unknown, place: string): AnyComponent => {
  if (!isMap(value)) return fail(place, `is ${showGiven(value)}, and no definition`, wayOut);
  const { kind, name, description, params, build } = value;
  if (typeof kind !== 'string' || !kindNames.some((known) => known === kind)) {
    const meant = typeof kind === 'string' ? suggest(kind, kindNames) : null;
    const guess = meant === null ? '' : `; did you mean ${quote(meant)}?`;
    return fail(
      place,
      kind === undefined ? 'has no kind' : `is of the kind ${quote(kind)}, which there is not${guess}`,
      `Kinds: ${kindNames.join(', ')}.`,
    );
  }
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name))
    return fail(place, `has the name ${quote(name)}`, 'Names are lower-case words with hyphens, such as `beta-kl`.');
  const title = `${kind} ${quote(name)}`;
  assertKnownKeys(value, title);
  if (!isDescribed(description))
    return fail(title, 'has no description', 'One sentence says what it is, to editors and in `latentlab components`.');
  const fault = paramFault(params, '');
  if (fault !== null) return fail(title, fault, '');
  if (typeof build !== 'function') return fail(title, 'has no function `build`', wayOut);
  if (!isDefinition(value)) return fail(title, 'is no definition', wayOut);
  const common = Object.keys(kinds[value.kind].common);
  const reserved = ['type', ...common].find((each) => Object.hasOwn(value.params, each));
  if (reserved !== undefined)
    return fail(title, `has a param ${quote(reserved)}, and every ${kind} has one already`, 'Give it another name.');
  assertDefaults(value, title);
  componentSchema(value);
  return value;
};

/**
 * The definitions among a module's exports: every export that is a definition or a list of them. Functions, texts and numbers that a module
 * exports beside are its own business; any other object is taken for a definition gone wrong.
 * @throws PluginError
 */
export const definitionsOf = (exported: PlainMap): readonly AnyComponent[] => {
  const found = new Map<unknown, AnyComponent>();
  const add = (value: unknown, place: string): void => {
    if (!found.has(value)) found.set(value, toDefinition(value, place));
  };
  for (const [name, value] of Object.entries(exported)) {
    const place = name === 'default' ? 'its default export' : `its export ${quote(name)}`;
    // What Node adds to the exports of a CommonJS module.
    if (name === 'module.exports' || typeof value !== 'object' || value === null) continue;
    const isOfCommonJs = name === 'default' && isMap(value) && !Object.hasOwn(value, 'kind') && !Object.hasOwn(value, 'build');
    if (Array.isArray(value))
      value.forEach((item: unknown, i) => {
        add(item, `${place}, entry ${String(i + 1)},`);
      });
    else if (isOfCommonJs)
      for (const [inner, item] of Object.entries(value))
        if (typeof item === 'object') add(item, `its export ${quote(inner)}`);
        else continue;
    else add(value, place);
  }
  if (found.size === 0) throw new PluginError('it exports no component', wayOut);
  return [...found.values()];
};
