/** Mistakes in what a config says, as people make them: a word mistyped, a value of another type, one out of its range. */
import { kinds } from '../../src/registry/kinds.js';
import type { ItemParam, Param } from '../../src/registry/params.js';
import type { Path } from '../../src/registry/path.js';
import type { Registry } from '../../src/registry/registry.js';
import { inline } from '../../src/registry/values.js';
import type { Site } from './sites.js';

/** Uniform on [0, 1). */
export type Draw = () => number;

export const pick = <T>(list: readonly T[], draw: Draw): T | null => list[Math.floor(draw() * list.length)] ?? null;

/** A value that is wrong, or a key that is (the last of `path`). */
export interface Mistake {
  readonly path: Path;
  readonly value: string;
  readonly isInKey: boolean;
  /** How a message has to say what would be right; null where nobody can know. */
  readonly fix: string | null;
}

const didYouMean = (word: string): string => `did you mean ${JSON.stringify(word)}?`;

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1234567890'];
/** The key to the right or left of a letter's. */
const beside = (letter: string, draw: Draw): string => {
  const row = rows.find((keys) => keys.includes(letter.toLowerCase())) ?? letter;
  const at = row.indexOf(letter.toLowerCase());
  return row[at + (draw() < 0.5 ? 1 : -1)] ?? row[at - 1] ?? row[at + 1] ?? letter;
};

/** One slip of the fingers, or the spelling of another language's style guide. */
const misspell = (word: string, draw: Draw): string => {
  const at = Math.floor(draw() * word.length);
  const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
  const slips = [
    before + after,
    before + letter + letter + after,
    before + beside(letter, draw) + after,
    before + after.charAt(0) + letter + after.slice(1),
    ...(/[a-z][A-Z]/.test(word) ? [word.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`), word.toLowerCase()] : []),
    ...(word.includes('-') ? [word.replaceAll('-', '_'), word.replaceAll('-', '')] : []),
  ];
  return pick(slips, draw) ?? word;
};

/** A misspelling that is not another known word; null where there is hardly one. */
const misspellOutside = (word: string, known: readonly string[], draw: Draw): string | null => {
  for (let i = 0; i < 10; i += 1) {
    const typo = misspell(word, draw);
    // What begins with a digit or a hyphen would not be a slip but another kind of value.
    if (/^[a-z]/i.test(typo) && !known.includes(typo) && !['true', 'false', 'null'].includes(typo)) return typo;
  }
  return null;
};

type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

const values: readonly (readonly [string, JsonType])[] = [
  ['ten', 'string'],
  ['true', 'boolean'],
  ['1.5', 'number'],
  ['7', 'integer'],
  ['[a]', 'array'],
  ['{ a: 1 }', 'object'],
  ['null', 'null'],
];

/** Types of JSON that a param takes; written from docs/reference, not with the schema that the checker uses. */
const typesOf = (param: Param | ItemParam): readonly JsonType[] => {
  const nothing: readonly JsonType[] = 'nullable' in param && param.nullable === true ? ['null'] : [];
  if ('component' in param)
    return [...nothing, 'string', 'object', ...(kinds[param.component].number === null ? [] : (['number', 'integer'] as const))];
  if ('anyOf' in param) return [...nothing, ...param.anyOf.flatMap(typesOf)];
  return [...nothing, param.type, ...(param.type === 'number' ? (['integer'] as const) : [])];
};

const mistypedKey = ({ path, key, given, known }: Site, draw: Draw): Mistake | null => {
  const name = path.at(-1);
  if (key === null || typeof name !== 'string') return null;
  const typo = misspellOutside(name, known, draw);
  return typo === null ? null : { path: [...path.slice(0, -1), typo], value: inline(given), isInKey: true, fix: didYouMean(name) };
};

const mistypedName = ({ path, names, given }: Site, draw: Draw, registry: Registry): Mistake | null => {
  if (names === null || typeof given !== 'string') return null;
  const typo = misspellOutside(given, registry.choices(names), draw);
  return typo === null ? null : { path, value: typo, isInKey: false, fix: didYouMean(given) };
};

const mistypedWord = ({ path, param, given }: Site, draw: Draw): Mistake | null => {
  if (param === null || !('type' in param) || param.type !== 'string' || param.enum === undefined || typeof given !== 'string') return null;
  const typo = misspellOutside(given, param.enum, draw);
  return typo === null ? null : { path, value: typo, isInKey: false, fix: didYouMean(given) };
};

/** Names of what stands elsewhere in the experiment: players, metrics. */
const mistypedMention = ({ path, param, given }: Site, draw: Draw): Mistake | null => {
  if (param === null || !('type' in param) || param.type !== 'string' || param.enum !== undefined || typeof given !== 'string') return null;
  // A name that is given anew is no mistake.
  if (path.at(-1) === 'name' || !path.some((part) => ['player', 'metrics', 'freeze'].includes(String(part)))) return null;
  const typo = misspellOutside(given, [given], draw);
  return typo === null ? null : { path, value: typo, isInKey: false, fix: didYouMean(given) };
};

const wrongType = ({ path, param, given }: Site, draw: Draw): Mistake | null => {
  if (param === null) return null;
  const types = typesOf(param);
  const quoted: readonly (readonly [string, JsonType])[] = typeof given === 'number' ? [[`"${String(given)}"`, 'string']] : [];
  const wrong = pick(
    [...values, ...quoted].filter(([, type]) => !types.includes(type)),
    draw,
  );
  if (wrong === null) return null;
  const [value] = wrong;
  const isNumber = types.includes('number') || types.includes('integer');
  return { path, value, isInKey: false, fix: value.startsWith('"') && isNumber ? 'Take the quotes away.' : null };
};

const outOfRange = ({ path, param }: Site, draw: Draw): Mistake | null => {
  if (param === null || !('type' in param)) return null;
  const beyond: string[] = [];
  if (param.type === 'number' || param.type === 'integer') {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = param;
    if (minimum !== undefined) beyond.push(String(minimum - 1));
    if (maximum !== undefined) beyond.push(String(maximum + 1));
    if (exclusiveMinimum !== undefined) beyond.push(String(exclusiveMinimum), String(exclusiveMinimum - 1));
    if (exclusiveMaximum !== undefined) beyond.push(String(exclusiveMaximum), String(exclusiveMaximum + 1));
  } else if (param.type === 'array' && (param.minItems ?? 0) > 0) beyond.push('[]');
  else if ('pattern' in param) beyond.push('"Not A Name!"');
  const value = pick(beyond, draw);
  return value === null ? null : { path, value, isInKey: false, fix: null };
};

/** Null where the site cannot have such a mistake. */
export const mistakes = {
  'mistyped key': mistypedKey,
  'mistyped component': mistypedName,
  'mistyped word': mistypedWord,
  'mistyped mention': mistypedMention,
  'wrong type': wrongType,
  'out of range': outOfRange,
} as const satisfies Readonly<Record<string, (site: Site, draw: Draw, registry: Registry) => Mistake | null>>;

export type MistakeName = keyof typeof mistakes;
