/**
 * JSON Schema for editors: what a value of some params may be, all the way down into slots. The schema that checks values
 * (schema.ts) leaves slots open, since a component's name is looked up first; an editor has the schema alone.
 *
 * Draft-07, in the forms that yaml-language-server completes and explains best:
 * - names stand in an `anyOf` below the key (it looks for proposals there, never in `then`), and in its first branch, because
 *   of branches that fail alike it reports the first;
 * - params stand in the `then` of an `if` on `type`, closed there, with `type` among them: `additionalProperties` sees
 *   nothing but the `properties` beside it;
 * - whatever is no text may also be text with a reference in it, `${...}`, whose value nobody knows before it is resolved.
 */
import { describeParam, describeType, joinWords } from './accepts.js';
import type { AnyComponent } from './define.js';
import { kindNames, kinds, type Kind } from './kinds.js';
import type { ItemParam, Param, Params } from './params.js';
import type { Registry } from './registry.js';
import { defaultOf, entryParams, valueSchema, type Schema } from './schema.js';

/**
 * A whole experiment, or a part of one that extends others: there nothing is required, and a map without a `type` is more of a component
 * that another file names.
 */
type Extent = 'whole' | 'part';

const holdsReference = '\\$\\{';

/** RFC 6901; the name of a plug-in's component has a slash. */
const refTo = (definition: string): Schema => ({ $ref: `#/definitions/${definition.replaceAll('~', '~0').replaceAll('/', '~1')}` });

/** A definition; components and kinds cannot have its name, which has a capital. */
const reference = refTo('Reference');

/** Said aloud: keys that fit something make the language server see that a map is meant, where a name could stand as well. */
const anything: Schema = {};

/** Description for any editor, and with what is accepted for those that show Markdown. */
const documentation = (param: Param | ItemParam): Schema => {
  if (param.description === undefined) return {};
  const { description, unit } = param;
  const accepts = 'default' in param || 'nullable' in param ? describeParam({ ...param, description }) : describeType(param);
  return { description, markdownDescription: `${description}\n\n\`${accepts}\`${unit === undefined ? '' : ` (${unit})`}` };
};

const annotations = (param: Param | ItemParam): Schema => {
  const value = defaultOf(param);
  return {
    ...documentation(param),
    // yaml-language-server gives up completing where a text is null by default.
    ...(value === undefined || value.value === null ? {} : { default: value.value }),
    ...(param.examples === undefined ? {} : { examples: param.examples }),
  };
};

const isNullable = (param: Param | ItemParam): boolean => 'nullable' in param && param.nullable === true;

const anyOf = (branches: readonly Schema[], nullable: boolean): Schema => ({
  anyOf: nullable ? [...branches, { type: 'null' }] : branches,
});

/** The definition that a slot refers to. A default's name is part of it: entries may leave out `type` there. */
const slotName = (kind: Kind, byDefault: string | null): string => (byDefault === null ? kind : `${kind}-or-${byDefault}`);
const inExtent = (definition: string, extent: Extent): string => (extent === 'whole' ? definition : `partial-${definition}`);

const slot = (param: Extract<Param | ItemParam, { readonly component: Kind }>, extent: Extent): Schema => {
  const byDefault = 'default' in param && typeof param.default === 'string' ? param.default : null;
  const ref = refTo(inExtent(slotName(param.component, extent === 'whole' ? byDefault : null), extent));
  return isNullable(param) ? anyOf([ref], true) : { allOf: [ref] };
};

/** What the param says of a value; the parts of lists and maps may be references, the value itself may not. */
const plain = (param: Param | ItemParam, extent: Extent): Schema => {
  if ('component' in param) return slot(param, extent);
  if ('anyOf' in param)
    return anyOf(
      param.anyOf.map((branch) => plain(branch, extent)),
      isNullable(param),
    );
  const schema = valueSchema(param);
  // A list is replaced as a whole.
  if (param.type === 'array') return { ...schema, items: withReference(param.items, 'whole') };
  if (param.type !== 'object') return schema;
  const map = { ...schema, properties: propertiesOf(param.properties, extent), required: requiredIn(param.properties, extent) };
  const type = param.properties['type'];
  // A map with a `type` may be given by it alone: `engine: onnx`.
  if (type === undefined) return map;
  return anyOf([plain(type, extent), { type: 'object', additionalProperties: anything, allOf: [map] }], isNullable(param));
};

/** A value or a reference to one. */
const withReference = (param: Param | ItemParam, extent: Extent): Schema => {
  const schema = plain(param, extent);
  if ('component' in param) return { ...annotations(param), ...schema };
  const branches: unknown = schema['anyOf'];
  if (Array.isArray(branches)) return { ...annotations(param), anyOf: branches.concat(reference) };
  if ('enum' in schema) return { ...annotations(param), anyOf: [schema, reference] };
  if (!('type' in param) || param.type === 'string') {
    const { pattern } = schema;
    return { ...annotations(param), ...schema, ...(typeof pattern === 'string' ? { pattern: `(?:${pattern})|${holdsReference}` } : {}) };
  }
  // Limits of numbers, lists and maps say nothing of texts, and a pattern says nothing of them: no `anyOf`, so errors stay exact.
  const types = [schema['type']].flat();
  return {
    ...annotations(param),
    ...schema,
    type: [...types, 'string'],
    pattern: holdsReference,
    errorMessage: `Expected ${describeType(param)}.`,
  };
};

const propertiesOf = (params: Params, extent: Extent): Schema =>
  Object.fromEntries(Object.entries(params).map(([name, param]) => [name, withReference(param, extent)]));

const requiredOf = (params: Params): readonly string[] =>
  Object.entries(params).flatMap(([name, param]) => (defaultOf(param) === undefined ? [name] : []));

const requiredIn = (params: Params, extent: Extent): readonly string[] => (extent === 'whole' ? requiredOf(params) : []);

/** In a part, what is the same as in a whole experiment is said there. */
const partialProperties = (component: AnyComponent, params: Params): Schema => {
  const whole = propertiesOf(params, 'whole');
  const there = refTo(`${component.kind}.${component.name}`)['$ref'];
  return Object.fromEntries(
    Object.entries(propertiesOf(params, 'part')).map(([name, schema]) => [
      name,
      JSON.stringify(schema) === JSON.stringify(whole[name]) ? { $ref: `${String(there)}/properties/${name}` } : schema,
    ]),
  );
};

/** An entry that names this component, closed. */
const componentDefinition = (component: AnyComponent, extent: Extent): Schema => {
  const params = entryParams(component);
  return {
    title: `${component.kind} ${component.name}`,
    description: component.description,
    type: 'object',
    properties: { type: true, ...(extent === 'whole' ? propertiesOf(params, extent) : partialProperties(component, params)) },
    required: requiredIn(params, extent),
    additionalProperties: false,
  };
};

/** A component that requires nothing, all the way down, is the same in both extents. */
const definitionName = (component: AnyComponent, extent: Extent): string => {
  const name = `${component.kind}.${component.name}`;
  const params = entryParams(component);
  const isSame =
    requiredOf(params).length === 0 && JSON.stringify(propertiesOf(params, 'whole')) === JSON.stringify(propertiesOf(params, 'part'));
  return inExtent(name, isSame ? 'whole' : extent);
};

/** All components that a slot of this kind takes, borrowed ones included. */
const choicesOf = (registry: Registry, kind: Kind): readonly AnyComponent[] =>
  registry.choices(kind).flatMap((name) => registry.lookUp(kind, name) ?? []);

const namesOf = (components: readonly AnyComponent[], names: readonly string[]): Schema => ({
  enum: names,
  markdownEnumDescriptions: components.map(({ description }) => description),
});

/** A package may have a dot in its name. */
const exactly = (name: string): string => `^${name.replaceAll('.', '\\.')}$`;

/** An entry as a map: `type`, and what the component of that name takes. */
const entryDefinition = (choices: readonly AnyComponent[], kind: Kind, extent: Extent): Schema => {
  const types = namesOf(
    choices,
    choices.map(({ name }) => name),
  );
  return {
    type: 'object',
    properties: { type: { description: `Which ${kind}.`, anyOf: [types, reference] } },
    additionalProperties: anything,
    allOf: choices.map((component) => ({
      // No `const`: while it completes, the language server takes the beginning of a name, or nothing, for all of it.
      if: { type: 'object', properties: { type: { type: 'string', pattern: exactly(component.name) } }, required: ['type'] },
      then: refTo(definitionName(component, extent)),
    })),
  };
};

/** The ways to write a component: a name where no param is required, a number where the kind has one, a map, or a reference. */
const slotDefinition = (registry: Registry, kind: Kind, byDefault: string | null): Schema => {
  const { number } = kinds[kind];
  const bare = choicesOf(registry, kind).filter((component) => requiredOf(entryParams(component)).length === 0);
  const names = bare.map(({ name }) => name);
  const numeric = number === null ? undefined : registry.lookUp(kind, number.type)?.params[number.param];
  const entry = refTo(`${kind}-entry`);
  const unnamed = byDefault === null ? undefined : registry.lookUp(kind, byDefault);
  const map =
    unnamed === undefined
      ? { allOf: [entry], required: ['type'] }
      : { allOf: [entry, { if: { required: ['type'] }, else: refTo(definitionName(unnamed, 'whole')) }] };
  const others = choicesOf(registry, kind).filter((component) => !bare.includes(component));
  const ways = [
    ...names,
    ...(number === null ? [] : ['a number']),
    `a map with the type ${joinWords(
      others.map(({ name }) => name),
      'or',
    )}`,
  ];
  const { type: numberType, ...limits } = numeric === undefined ? {} : plain(numeric, 'whole');
  return {
    anyOf: [
      ...(names.length === 0
        ? []
        : [{ ...namesOf(bare, names), ...(others.length === 0 ? {} : { errorMessage: `Expected ${joinWords(ways, 'or')}.` }) }]),
      ...(numberType === undefined ? [] : [{ type: numberType }]),
      { type: 'object', ...map },
      reference,
    ],
    // Beside the branches, so that an editor tells a limit and not that no branch fits.
    ...limits,
  };
};

/** In a file that extends others: any name, since its params may stand elsewhere, and maps without a `type`. */
const partialSlotDefinition = (registry: Registry, kind: Kind): Schema => {
  const choices = choicesOf(registry, kind);
  return {
    anyOf: [
      namesOf(
        choices,
        choices.map(({ name }) => name),
      ),
      ...(kinds[kind].number === null ? [] : [{ type: 'number' }]),
      { type: 'object', allOf: [refTo(inExtent(`${kind}-entry`, 'part'))] },
      reference,
    ],
  };
};

/** Default names of slots anywhere in these params, by kind. */
const defaultedSlots = (param: Param | ItemParam): readonly (readonly [Kind, string])[] => {
  if ('component' in param) return 'default' in param && typeof param.default === 'string' ? [[param.component, param.default]] : [];
  if ('anyOf' in param) return param.anyOf.flatMap(defaultedSlots);
  if (param.type === 'array') return defaultedSlots(param.items);
  return param.type === 'object' ? Object.values(param.properties).flatMap(defaultedSlots) : [];
};

const extents: readonly Extent[] = ['whole', 'part'];

const mapOf = (params: Params, extent: Extent): Schema => ({
  properties: propertiesOf(params, extent),
  required: requiredIn(params, extent),
  additionalProperties: false,
});

export interface EditorSchema {
  /** A map of the params. */
  readonly whole: Schema;
  /** The same in a file that extends others. */
  readonly part: Schema;
  /** What both refer to: every kind, and every component. */
  readonly definitions: Schema;
}

export const editorSchema = (registry: Registry, params: Params): EditorSchema => {
  const used = kindNames.filter((kind) => registry.choices(kind).length > 0);
  const everything = [params, ...registry.all().map(entryParams)].flatMap((each) => Object.values(each));
  const definitions: readonly (readonly [string, Schema])[] = [
    ['Reference', { description: 'A reference to another value.', type: 'string', pattern: holdsReference }],
    ...used.map((kind) => [slotName(kind, null), slotDefinition(registry, kind, null)] as const),
    ...everything
      .flatMap(defaultedSlots)
      .map(([kind, name]) => [slotName(kind, name), slotDefinition(registry, kind, name)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    ...extents.flatMap((extent) =>
      used.map((kind) => [inExtent(`${kind}-entry`, extent), entryDefinition(choicesOf(registry, kind), kind, extent)] as const),
    ),
    ...used.map((kind) => [inExtent(slotName(kind, null), 'part'), partialSlotDefinition(registry, kind)] as const),
    ...registry.all().map((component) => [definitionName(component, 'whole'), componentDefinition(component, 'whole')] as const),
    ...registry
      .all()
      .filter((component) => definitionName(component, 'part') !== definitionName(component, 'whole'))
      .map((component) => [definitionName(component, 'part'), componentDefinition(component, 'part')] as const),
  ];
  return {
    whole: mapOf(params, 'whole'),
    part: mapOf(params, 'part'),
    definitions: Object.fromEntries(definitions),
  };
};
