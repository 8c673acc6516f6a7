/** `latentlab components [kind [name]]`: what an experiment can name, and what each component takes. */
import { stringify } from 'yaml';
import { describeParam, joinWords } from '../../registry/accepts.js';
import type { AnyComponent } from '../../registry/define.js';
import { exampleEntry, exampleInPlace } from '../../registry/example.js';
import { kindNames, kinds, type Kind } from '../../registry/kinds.js';
import type { Params } from '../../registry/params.js';
import type { Registry } from '../../registry/registry.js';
import { componentSchema } from '../../registry/schema.js';
import { isSameWord, suggest } from '../../registry/suggest.js';
import { experimentParams } from '../../runner/config/experiment.js';
import type { Io } from '../io.js';

export interface ComponentsRequest {
  /** A kind, in the singular or by its folder's name. */
  readonly kind?: string;
  readonly name?: string;
  /** Prints JSON instead of text. */
  readonly json?: boolean;
}

const table = (rows: readonly (readonly string[])[], indent: string): readonly string[] => {
  const widths = rows.reduce<readonly number[]>((wide, row) => row.map((cell, i) => Math.max(cell.length, wide[i] ?? 0)), []);
  return rows.map((row) => `${indent}${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
};

const listKind = (registry: Registry, kind: Kind): readonly string[] => {
  const components = registry.list(kind);
  return [
    `${kind} (${components.length})  ${kinds[kind].description}`,
    ...table(
      components.map(({ name, description }) => [name, description]),
      '  ',
    ),
  ];
};

const paramRows = (params: Params): readonly (readonly string[])[] =>
  Object.entries(params).map(([name, param]) => [
    name,
    `${describeParam(param)}${param.unit === undefined ? '' : ` [${param.unit}]`}`,
    param.description,
  ]);

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', title, ...lines]);

const describe = (registry: Registry, component: AnyComponent): readonly string[] => {
  const { kind, name, description, params } = component;
  const example = stringify(exampleInPlace(registry, experimentParams, component), { lineWidth: 0, aliasDuplicateObjects: false });
  const own = paramRows(params);
  // One table for both, so that their columns stand below each other.
  const rows = table([...own, ...paramRows(kinds[kind].common)], '  ');
  return [
    `${kind} ${name}`,
    `  ${description}`,
    ...section('params', own.length === 0 ? ['  none'] : rows.slice(0, own.length)),
    ...section(`params of every ${kind}`, rows.slice(own.length)),
    ...section(
      'example',
      example
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    ),
  ];
};

const toData = (registry: Registry, component: AnyComponent): object => {
  const { kind, name, description } = component;
  return { kind, name, description, schema: componentSchema(component), example: exampleEntry(registry, component) };
};

const didYouMean = (word: string, known: readonly string[]): string => {
  const suggestion = suggest(word, known);
  return suggestion === null ? '' : `; did you mean "${suggestion}"?`;
};

const unknownName = (registry: Registry, kind: Kind, name: string): string => {
  const known = registry.names(kind);
  const others = registry.kindsOf(name);
  const elsewhere =
    others.length === 0
      ? didYouMean(name, known)
      : `; there is one among the ${joinWords(
          others.map((other) => kinds[other].folder),
          'and',
        )}`;
  return `There is no ${kind} "${name}"${elsewhere}\nKnown ${kinds[kind].folder}: ${known.join(', ')}.`;
};

/** Exit code: 0, or 2 for a kind or a name that does not exist. */
export const runComponents = ({ kind: kindWord, name, json = false }: ComponentsRequest, io: Io, registry: Registry): number => {
  const print = (components: readonly AnyComponent[], text: readonly string[]): number => {
    io.out(
      json
        ? JSON.stringify(
            components.map((component) => toData(registry, component)),
            null,
            2,
          )
        : text.join('\n'),
    );
    return 0;
  };
  if (kindWord === undefined) {
    const texts = kindNames.map((kind) => listKind(registry, kind).join('\n'));
    return print(registry.all(), [texts.join('\n\n')]);
  }
  const kind = kindNames.find((known) => isSameWord(kindWord, known) || isSameWord(kindWord, kinds[known].folder));
  if (kind === undefined) {
    io.err(`There is no kind "${kindWord}"${didYouMean(kindWord, kindNames)}\nKnown kinds: ${kindNames.join(', ')}.`);
    return 2;
  }
  if (name === undefined) return print(registry.list(kind), listKind(registry, kind));
  const component = registry.find(kind, name);
  if (component === undefined) {
    io.err(unknownName(registry, kind, name));
    return 2;
  }
  return print([component], describe(registry, component));
};
