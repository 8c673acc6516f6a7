/** The definitions behind `sweep` in the JSON Schema for editors: axes, entries and draws, by the paths of an experiment. */
import type { Schema } from '../../registry/schema.js';
import { ownValue } from '../../registry/values.js';
import { distributions } from './distributions.js';
import { experimentRef, type EditorPath } from './editor-paths.js';

export const refTo = (definition: string): Schema => ({ $ref: `#/definitions/${definition}` });

const valueOf = ({ refs }: EditorPath): Schema => {
  const [first, ...others] = refs.map((ref) => ({ $ref: ref }));
  return others.length === 0 ? { ...first } : { anyOf: [first, ...others] };
};

/** The schema that a reference means. */
const follow = (root: Schema, ref: string): unknown =>
  ref
    .split('/')
    .slice(1)
    .reduce<unknown>((schema, key) => ownValue(schema, key.replaceAll('~1', '/').replaceAll('~0', '~')), root);

/** Many components say the same of a param: once is enough. */
export const withoutTwins = (root: Schema, path: EditorPath): EditorPath => {
  const texts = path.refs.map((ref) => JSON.stringify(follow(root, ref)));
  return { ...path, refs: path.refs.filter((_, i) => texts.indexOf(texts[i] ?? '') === i) };
};

export const closed = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const valuesOf = (value: Schema): Schema => ({
  description: 'A list of values, or values with names that stand in the names of runs.',
  anyOf: [
    { type: 'array', items: value, minItems: 1 },
    { type: 'object', additionalProperties: value, minProperties: 1 },
  ],
});

const isInList = ({ path }: EditorPath): boolean => path.includes('[');

/** `losses[0].weight` fits `losses[1].weight`, too. */
const patternOf = (path: string): string => `^${path.replaceAll('.', '\\.').replaceAll('[0]', '\\[\\d+\\]')}$`;

/** Below components that were not looked into, anything may stand. */
const deepPattern = (paths: readonly EditorPath[]): string => {
  const known = new Set(paths.map(({ path }) => path));
  const deep = paths.filter(
    ({ path, isSlot }) => isSlot && ![...known].some((other) => other.startsWith(`${path}.`) && other !== `${path}.type`),
  );
  return `^(${deep.map(({ path }) => patternOf(path).slice(1, -1)).join('|')})[.[](?!type$)`;
};

/** A map by paths, of what `schemaOf` says of each; other keys are as `other` says. */
const byPath = (paths: readonly EditorPath[], schemaOf: (path: EditorPath) => Schema, other: Schema | false, deep: Schema): Schema => {
  const entry = (each: EditorPath): Schema => ({ description: each.description, ...schemaOf(each) });
  return {
    type: 'object',
    minProperties: 1,
    properties: Object.fromEntries(paths.filter((each) => !isInList(each)).map((each) => [each.path, entry(each)])),
    patternProperties: {
      ...Object.fromEntries(paths.filter(isInList).map((each) => [patternOf(each.path), entry(each)])),
      [deepPattern(paths)]: deep,
    },
    additionalProperties: other,
  };
};

const expected = 'Expected a path of the experiment, or a name with a map of its path and what it takes.';

const draws = (isNamed: boolean): Schema => {
  const path = isNamed ? { path: refTo('SweepPath') } : {};
  const number = (description: string): Schema => ({ type: 'number', description });
  const variants: Readonly<Record<(typeof distributions)[number], Schema>> = {
    uniform: { min: number('The lower end.'), max: number('The upper end.') },
    'log-uniform': {
      min: { ...number('The lower end, above 0.'), exclusiveMinimum: 0 },
      max: { ...number('The upper end.'), exclusiveMinimum: 0 },
    },
    int: { min: { type: 'integer', description: 'The smallest.' }, max: { type: 'integer', description: 'The largest.' } },
    choice: { values: valuesOf({}) },
  };
  return {
    type: 'object',
    errorMessage: isNamed ? expected : 'Expected a map such as { type: log-uniform, min: 1e-4, max: 1e-2 }.',
    examples: [{ type: 'log-uniform', min: 1e-4, max: 1e-2 }],
    properties: {
      type: { enum: distributions, description: 'How values are drawn: numbers, logarithms of numbers, whole numbers, or one of a list.' },
    },
    required: ['type', ...(isNamed ? ['path'] : [])],
    additionalProperties: {},
    allOf: distributions.map((type) => ({
      if: { type: 'object', properties: { type: { type: 'string', pattern: `^${type}$` } }, required: ['type'] },
      then: closed({ type: true, ...path, ...variants[type] }, Object.keys(variants[type])),
    })),
  };
};

/** An axis under a name of its own. Values are known where a component is asked for; elsewhere, when the file is checked. */
const namedAxis = (paths: readonly EditorPath[]): Schema => ({
  ...closed({ path: refTo('SweepPath'), values: valuesOf({}) }, ['path', 'values']),
  errorMessage: expected,
  examples: [{ path: 'model.latent', values: [2, 10] }],
  allOf: paths
    .filter((each) => each.isSlot && !isInList(each))
    .map((each) => ({
      if: { type: 'object', properties: { path: { type: 'string', pattern: patternOf(each.path) } }, required: ['path'] },
      then: { properties: { path: true, values: valuesOf(valueOf(each)) } },
    })),
});

/** By name, which begins with `Sweep`. */
export const sweepDefinitions = (paths: readonly EditorPath[]): Schema => {
  const axisOf = (each: EditorPath): Schema => ({
    anyOf: [
      { type: 'array', items: valueOf(each), minItems: 1 },
      // With names for its values; and where the path is one word, it may be the name of an axis.
      each.isSlot ? closed({ path: refTo('SweepPath'), values: valuesOf(valueOf(each)) }, ['values']) : refTo('SweepValues'),
    ],
  });
  return {
    SweepPath: {
      description: 'The path of the values that vary, such as `model.encoder` or `losses[1].weight`.',
      anyOf: [
        { enum: paths.filter((each) => !isInList(each)).map(({ path }) => path), errorMessage: 'Expected a path of the experiment.' },
        {
          type: 'string',
          pattern: `${deepPattern(paths)}|^(${paths
            .filter(isInList)
            .map(({ path }) => patternOf(path))
            .join('|')})`,
        },
      ],
    },
    SweepAxis: namedAxis(paths),
    SweepValues: closed({ path: refTo('SweepPath'), values: valuesOf({}) }, ['values']),
    SweepAxes: byPath(paths, axisOf, refTo('SweepAxis'), { anyOf: [{ type: 'array', minItems: 1 }, { type: 'object' }] }),
    SweepEntry: byPath(
      [
        { path: 'name', description: 'What stands in the name of the run.', refs: [`${experimentRef}/properties/name`], isSlot: false },
        ...paths,
      ],
      valueOf,
      false,
      {},
    ),
    SweepDraws: byPath(paths, () => refTo('SweepDraw'), draws(true), refTo('SweepDraw')),
    SweepDraw: draws(false),
  };
};
