/** A file and those that it extends, in the order in which they are put above each other. Each file is read once. */
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from '../../registry/errors.js';
import type { Fault, FaultFacts, LocatedFault } from '../../registry/faults.js';
import type { Path } from '../../registry/path.js';
import { isMap, ownValue, type PlainMap } from '../../registry/values.js';
import { convertDocument } from './convert.js';
import { locate, type Origin } from './origins.js';
import { parseSource, readSource } from './read.js';

/** What one file says. */
export interface Layer {
  readonly file: string;
  readonly source: string;
  /** Without `extends`, and without the name of a file that is extended. */
  readonly value: PlainMap;
  readonly origins: ReadonlyMap<string, Origin>;
  /** Whether it says `extends`: its keys may be paths into what it extends. */
  readonly extendsOthers: boolean;
  readonly faults: readonly LocatedFault[];
}

/** Far more than anybody can keep in mind. */
const maxFiles = 50;

export const extendsParam = {
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
  ],
  description:
    'Experiment files that this one changes, relative to this file; later ones are put over earlier ones, and this file over all. Maps merge key by key; lists, and components of another `type`, are replaced. The name is not taken over.',
  examples: ['base.yaml', ['../base.yaml', 'small.yaml']],
} as const;

/** The map that a file holds. @throws ConfigError where there is none. */
const readLayer = async (file: string): Promise<Layer> => {
  const source = await readSource(file);
  const fail = (fault: Fault): ConfigError => {
    const span = fault.code === 'empty-file' ? null : { line: 1, col: 1, width: 1 };
    return new ConfigError([{ fault, place: { kind: 'file', file, source, span, alias: null } }]);
  };
  const { value, origins, faults } = convertDocument(file, source, parseSource(file, source));
  if (faults.some(({ fault }) => fault.code === 'too-complex')) throw new ConfigError(faults);
  if (value === null && faults.length === 0) throw fail({ code: 'empty-file', path: [], at: 'value', facts: {} });
  if (!isMap(value))
    throw faults.length > 0 ? new ConfigError(faults) : fail({ code: 'not-a-map', path: [], at: 'value', facts: { given: value } });
  return { file, source, value, origins, extendsOthers: Object.hasOwn(value, 'extends'), faults };
};

/** What `extends` names, with the place of each name. */
const basesOf = ({ value }: Layer): readonly { readonly name: unknown; readonly path: Path }[] => {
  const named = ownValue(value, 'extends');
  if (named === undefined) return [];
  return Array.isArray(named) ? named.map((name: unknown, i) => ({ name, path: ['extends', i] })) : [{ name: named, path: ['extends'] }];
};

/** A file that is not there, as whoever names it has written it, and what is meant in the same way. */
const asWritten = ({ suggestion }: FaultFacts['missing-file'], name: string): FaultFacts['missing-file'] => ({
  file: name,
  suggestion: suggestion === null ? null : name.replace(/[^/]*$/, basename(suggestion)),
});

/** One reading; thrown away after it. */
class Reader {
  readonly layers: Layer[] = [];
  readonly faults: LocatedFault[] = [];
  readonly #read = new Set<string>();

  /** @param open The files on the way here, as the user would name them. */
  async add(file: string, open: readonly string[]): Promise<void> {
    this.#read.add(resolve(file));
    const layer = await readLayer(file);
    const sources = new Map([[file, layer.source]]);
    const refuse = (fault: Fault): void => {
      this.faults.push(locate(fault, layer.origins, sources));
    };
    for (const { name, path } of basesOf(layer)) {
      const bad = (reason: string): void => {
        refuse({ code: 'bad-extends', path, at: 'value', facts: { reason } });
      };
      if (typeof name !== 'string' || name === '')
        refuse({ code: 'wrong-type', path, at: 'value', facts: { param: extendsParam, given: name } });
      else if (isAbsolute(name)) bad('it is an absolute path, and would be missing elsewhere');
      else if (!['.yaml', '.yml'].includes(extname(name))) bad('experiments are in files that end with .yaml or .yml');
      else await this.#extend(join(dirname(file), name), [...open, file], { name, bad, refuse, path });
    }
    this.faults.push(...layer.faults);
    // A name is one file's own: two experiments of one name would be taken for one.
    const dropped = open.length === 0 ? ['extends'] : ['extends', 'name'];
    const value = Object.fromEntries(Object.entries(layer.value).filter(([key]) => !dropped.includes(key)));
    this.layers.push({ ...layer, value });
  }

  async #extend(
    base: string,
    open: readonly string[],
    { name, bad, refuse, path }: { name: string; bad: (reason: string) => void; refuse: (fault: Fault) => void; path: Path },
  ): Promise<void> {
    const start = open.findIndex((file) => resolve(file) === resolve(base));
    if (start !== -1) {
      bad(`the files extend each other in a circle: ${[...open.slice(start), base].join(' -> ')}`);
      return;
    }
    // Extended by two others: it lies below both.
    if (this.#read.has(resolve(base))) return;
    if (this.#read.size >= maxFiles) {
      bad(`more than ${String(maxFiles)} files are extended`);
      return;
    }
    try {
      await this.add(base, open);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const located of error.faults) {
        const { fault } = located;
        // Of a file that is not there, only who named it can be shown.
        if (fault.code === 'missing-file' && fault.facts.file === base) refuse({ ...fault, path, facts: asWritten(fault.facts, name) });
        else if (fault.code === 'unreadable-file') bad(`${base} cannot be read: ${fault.facts.reason}`);
        else this.faults.push(located);
      }
    }
  }
}

export interface Layers {
  /** The file itself last. */
  readonly layers: readonly Layer[];
  /** Of reading; each layer's own, too. */
  readonly faults: readonly LocatedFault[];
}

/** @throws ConfigError where the file itself holds no map. */
export const readLayers = async (file: string): Promise<Layers> => {
  const reader = new Reader();
  await reader.add(file, []);
  return reader;
};
