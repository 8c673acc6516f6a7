/** What there is to complete, from commander's own description of the commands and from the registry. */
import { Help, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { kindNames } from '../../registry/kinds.js';
import type { Registry } from '../../registry/registry.js';

/** What a value may be. Nothing: it is not known here. */
export type Source =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files'; readonly extensions: readonly string[] }
  | { readonly kind: 'folders' }
  /** Components of the kind that the argument before has named. */
  | { readonly kind: 'components' }
  | { readonly kind: 'nothing' };

export interface OptionWords {
  readonly flags: readonly string[];
  readonly description: string;
  /** Null where it takes no value. */
  readonly value: Source | null;
}

export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionWords[];
  readonly args: readonly { readonly name: string; readonly source: Source; readonly variadic: boolean }[];
}

export interface Words {
  /** Of the program itself. */
  readonly options: readonly OptionWords[];
  readonly commands: readonly CommandWords[];
  readonly components: ReadonlyMap<string, readonly string[]>;
}

const yaml: Source = { kind: 'files', extensions: ['yaml', 'yml'] };
const modules: Source = { kind: 'files', extensions: ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'] };
const folders: Source = { kind: 'folders' };

/** By the placeholder that the help shows: `<file>` is an experiment in every command. */
const sourceOf = (placeholder: string, registry: Registry, commands: readonly string[]): Source => {
  const sources: Readonly<Record<string, Source>> = {
    file: yaml,
    files: yaml,
    experiment: yaml,
    inputs: yaml,
    folder: folders,
    folders,
    run: folders,
    plugin: modules,
    modules,
    json: { kind: 'files', extensions: ['json'] },
    kind: { kind: 'words', words: kindNames },
    component: { kind: 'components' },
    model: { kind: 'words', words: registry.names('model') },
    dataset: { kind: 'words', words: registry.names('dataset') },
    command: { kind: 'words', words: commands },
  };
  return sources[placeholder] ?? { kind: 'nothing' };
};

/** @param program With all its commands. */
export const wordsOf = (program: CommandUnknownOpts, registry: Registry): Words => {
  const help = new Help();
  const commands = help.visibleCommands(program);
  const names = commands.map((command) => command.name());
  const chosen = (choices: readonly string[] | undefined, placeholder: string): Source =>
    choices === undefined ? sourceOf(placeholder, registry, names) : { kind: 'words', words: choices };
  const optionsOf = (command: CommandUnknownOpts): readonly OptionWords[] =>
    help.visibleOptions(command).map(({ short, long, flags, description, required, optional, argChoices }) => ({
      flags: [short, long].filter((flag) => flag !== undefined),
      description,
      value: required || optional ? chosen(argChoices, /[<[]([\w=-]+)/.exec(flags)?.[1] ?? '') : null,
    }));
  return {
    options: optionsOf(program),
    commands: commands.map((command) => ({
      name: command.name(),
      summary: command.summary() === '' ? command.description() : command.summary(),
      options: optionsOf(command),
      args: command.registeredArguments.map((argument) => ({
        name: argument.name(),
        variadic: argument.variadic,
        source: chosen(argument.argChoices, argument.name()),
      })),
    })),
    components: new Map(kindNames.map((kind) => [kind, registry.names(kind)])),
  };
};
