/**
 * `npm run docs`: writes docs/reference/ from the schemas of the experiment file and of every component, a page for each kind, and
 * schema/experiment.schema.json for editors.
 * What a param accepts is said in the words of errors and of `latentlab components`; test/docs/reference.test.ts fails if a page is stale.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Document, isScalar, visit } from 'yaml';
import { describeParam } from '../src/registry/accepts.js';
import type { AnyComponent } from '../src/registry/define.js';
import { exampleInPlace } from '../src/registry/example.js';
import { kindNames, kinds, type Kind } from '../src/registry/kinds.js';
import type { ItemParam, Param, Params } from '../src/registry/params.js';
import type { Registry } from '../src/registry/registry.js';
import { experimentParams } from '../src/runner/config/experiment.js';
import { fileSchemaText } from '../src/runner/config/file-schema.js';
import { createRegistry } from '../src/runner/registry.js';

export const referenceFolder = join(dirname(fileURLToPath(import.meta.url)), '../docs/reference');
export const schemaFile = join(dirname(fileURLToPath(import.meta.url)), '../schema/experiment.schema.json');

const origin = '<!-- Written by `npm run docs` from the schemas in src/; changes belong there. -->\n\n';
const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const pageOf = (kind: Kind): string => `${kind}.md`;
/** A pipe would end the cell, in code as well. */
const cell = (text: string): string => text.replaceAll('|', '\\|');
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`;

const slotKind = (param: Param | ItemParam): Kind | null => {
  if ('component' in param) return param.component;
  return 'type' in param && param.type === 'array' ? slotKind(param.items) : null;
};

/** What it takes, in words with links to kinds, and what holds when it is absent. */
const cellsOf = (param: Param): readonly [takes: string, otherwise: string] => {
  const [, words = '', otherwise = '', value] = /^(.*), (required|optional|default (.*))$/.exec(describeParam(param)) ?? [];
  const kind = slotKind(param);
  const word = kind === null ? '' : 'component' in param ? kind : kinds[kind].folder;
  const linked = kind === null ? words : words.replace(word, `[${word}](${pageOf(kind)})`);
  return [`${linked}${param.unit === undefined ? '' : ` (${param.unit})`}`, value === undefined ? otherwise : `\`${value}\``];
};

interface NamedParam {
  /** Dots lead into maps: `limit.train`. */
  readonly name: string;
  readonly param: Param;
}

/** Params with those inside maps behind them. */
const flatten = (params: Params, prefix = ''): readonly NamedParam[] =>
  Object.entries(params).flatMap(([key, param]) => {
    const name = `${prefix}${key}`;
    const inner = 'type' in param && param.type === 'object' ? flatten(param.properties, `${name}.`) : [];
    return [{ name, param }, ...inner];
  });

const table = (params: Params): string =>
  row('param', 'takes', 'default', 'what it is') +
  row('---', '---', '---', '---') +
  flatten(params)
    .map(({ name, param }) => row(`\`${name}\``, ...cellsOf(param), param.description))
    .join('');

/** The names, as code, of the slots for a kind. */
const slotsFor = (kind: Kind, params: Params): readonly string[] =>
  flatten(params).flatMap(({ name, param }) => (slotKind(param) === kind ? [`\`${name}\``] : []));

/** The slots of components of one kind: of each that has it, or of every one. */
const slotsOfComponents = (kind: Kind, owner: Kind, components: readonly AnyComponent[]): readonly string[] => {
  const named = components.map(({ name, params }) => ({ name, slots: slotsFor(kind, params) }));
  return [...new Set(named.flatMap(({ slots }) => slots))].map((slot) => {
    const having = named.filter(({ slots }) => slots.includes(slot)).map(({ name }) => `[${owner} ${name}](${pageOf(owner)}#${name})`);
    const isEvery = having.length === components.length && having.length > 1;
    return `${slot} of ${isEvery ? `every [${owner}](${pageOf(owner)})` : having.join(' and ')}`;
  });
};

/** Where in an experiment a component of this kind is named. */
const placesOf = (registry: Registry, kind: Kind): readonly string[] => [
  ...slotsFor(kind, experimentParams),
  ...kindNames.flatMap((owner) => slotsFor(kind, kinds[owner].common).map((slot) => `${slot} of every [${owner}](${pageOf(owner)})`)),
  ...kindNames.flatMap((owner) => slotsOfComponents(kind, owner, registry.list(owner))),
];

/** As YAML, with lists of plain values on one line. */
const exampleOf = (registry: Registry, component: AnyComponent): string => {
  const document = new Document(exampleInPlace(registry, experimentParams, component), { aliasDuplicateObjects: false });
  visit(document, { Seq: (_, list) => void (list.flow = list.items.every(isScalar)) });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
};

const componentText = (registry: Registry, component: AnyComponent): string => {
  const { kind, name, description, params } = component;
  const none = `It takes no params${Object.keys(kinds[kind].common).length === 0 ? '' : ' of its own'}.\n`;
  const own = Object.keys(params).length === 0 ? none : table(params);
  return `\n## ${name}\n${description}\n\n${own}\n\`\`\`yaml\n${exampleOf(registry, component)}\`\`\`\n`;
};

const kindPage = (registry: Registry, kind: Kind): string => {
  const { description, folder, common, number } = kinds[kind];
  const shorthand = number === null ? '' : `A bare number stands for \`{ type: ${number.type}, ${number.param}: <number> }\`.\n`;
  const shared = Object.keys(common).length === 0 ? '' : `\nEvery ${kind} takes, beside its own params:\n\n${table(common)}`;
  return (
    `${origin}# ${capitalize(folder)}\n${description}\n${shorthand}\nNamed at: ${placesOf(registry, kind).join(', ')}.\n${shared}` +
    registry
      .list(kind)
      .map((component) => componentText(registry, component))
      .join('')
  );
};

const experimentPage = (): string =>
  `${origin}# The experiment file\nThe keys of an experiment file; [the guide](../guide.md) explains them. A component is \`{ type: name, ...params }\`, or its bare\n` +
  `name where its params may stay as they are. Keys at the top that begin with \`x-\` are read by nobody: a place for YAML anchors.\n\n${table(experimentParams)}`;

const indexPage = (registry: Registry, listed: readonly Kind[]): string =>
  `${origin}# Reference\nEverything that an experiment can say. \`latentlab components <kind> <name>\` prints the same on a terminal.\n\n` +
  `- [The experiment file](experiment.md)\n\n` +
  row('kind', 'what it is', 'components') +
  row('---', '---', '---') +
  listed
    .map((kind) => {
      const names = registry.names(kind).map((name) => `[${name}](${pageOf(kind)}#${name})`);
      return row(`[${kind}](${pageOf(kind)})`, kinds[kind].description, names.join(', '));
    })
    .join('');

/** Texts by file name; a kind without components has no page. */
export const referencePages = (registry: Registry): ReadonlyMap<string, string> => {
  const listed = kindNames.filter((kind) => registry.names(kind).length > 0);
  return new Map([
    ['README.md', indexPage(registry, listed)],
    ['experiment.md', experimentPage()],
    ...listed.map((kind) => [pageOf(kind), kindPage(registry, kind)] as const),
  ]);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const registry = createRegistry();
  const pages = referencePages(registry);
  mkdirSync(referenceFolder, { recursive: true });
  for (const file of readdirSync(referenceFolder)) if (!pages.has(file)) rmSync(join(referenceFolder, file));
  for (const [file, text] of pages) writeFileSync(join(referenceFolder, file), text);
  mkdirSync(dirname(schemaFile), { recursive: true });
  writeFileSync(schemaFile, fileSchemaText(registry));
  console.log(`docs/reference: ${String(pages.size)} pages; schema/experiment.schema.json`);
}
