/** Arguments that change an experiment: `--set path=value`, `--set-file path=file` or a file alone, and `--unset path`. */
import { ConfigError } from '../../registry/errors.js';
import type { Fault, LocatedFault } from '../../registry/faults.js';
import { write } from '../../registry/fault-texts.js';
import { pointer, type Path } from '../../registry/path.js';
import { suggest } from '../../registry/suggest.js';
import { givenBy, given, type Composition } from './composition.js';
import { convertDocument, type Conversion } from './convert.js';
import { readLayers, type Layer } from './layers.js';
import type { Origin, Sources } from './origins.js';
import { parsePlace, PlacementProblem, unset } from './place.js';
import { parseSource, readSource } from './read.js';
import { pathsIn } from './references.js';

export interface Arguments {
  /** `path=value`, as behind `--set`. */
  readonly overrides?: readonly string[];
  /** `path=file` or a file, as behind `--set-file`. */
  readonly overlays?: readonly string[];
  /** Paths, as behind `--unset`. */
  readonly removals?: readonly string[];
}

/** A value that was given as text, whose type only its param can tell. */
export interface ArgumentText {
  readonly path: Path;
  readonly text: string;
}

interface Applied {
  readonly texts: readonly ArgumentText[];
  /** Of the files that arguments name. */
  readonly sources: Sources;
  readonly faults: readonly LocatedFault[];
}

const parseValue = (argument: string, text: string): unknown => {
  try {
    const { value, faults } = convertDocument(argument, text, parseSource(argument, text));
    if (faults.length === 0) return value;
    throw new ConfigError(faults);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new PlacementProblem(`its value is wrong: ${error.faults.map(({ fault }) => write(fault).what).join('; ')}`);
  }
};

/** What stands before and behind the first "=". */
const split = (argument: string): readonly [string, string] => {
  const equals = argument.indexOf('=');
  if (equals === -1) throw new PlacementProblem(`${JSON.stringify(argument)} has no "="`);
  return [argument.slice(0, equals).trim(), argument.slice(equals + 1)];
};

const setValue = (composition: Composition, argument: string, origin: Origin): ArgumentText => {
  const [place, text] = split(argument);
  const path = parsePlace(place);
  const value = parseValue(argument, text);
  const way = composition.reach(path, origin);
  if (value === unset) composition.merge(way, givenBy(value, origin));
  else composition.replace(way, givenBy(value, origin));
  return { path: way, text };
};

const remove = (composition: Composition, argument: string): void => {
  const path = composition.inKeys(parsePlace(argument.trim()));
  if (composition.at(path) === undefined) {
    const suggestion = suggest(argument.trim(), pathsIn(composition.value));
    throw new PlacementProblem(`nobody sets ${argument.trim()}${suggestion === null ? '' : `; did you mean ${suggestion}?`}`);
  }
  composition.remove(path);
};

const readValue = async (file: string): Promise<Conversion & { readonly source: string }> => {
  const source = await readSource(file);
  const conversion = convertDocument(file, source, parseSource(file, source));
  if (conversion.faults.length > 0) throw new ConfigError(conversion.faults);
  return { ...conversion, source };
};

type AddLayer = (composition: Composition, layer: Layer) => readonly LocatedFault[];

/** Changes `composition`; gives back what cannot be applied. Files come first, then removals, then values. */
export const applyArguments = async (
  composition: Composition,
  { overrides = [], overlays = [], removals = [] }: Arguments,
  addLayer: AddLayer,
): Promise<Applied> => {
  const texts: ArgumentText[] = [];
  const faults: LocatedFault[] = [];
  const sources = new Map<string, string>();
  const apply = async (argument: string, body: (origin: Origin) => void | Promise<void>): Promise<void> => {
    const refuse = ({ message: reason }: PlacementProblem): void => {
      const fault: Fault = { code: 'bad-override', path: [], at: 'value', facts: { reason } };
      faults.push({ fault, place: { kind: 'argument', argument } });
    };
    try {
      await body({ kind: 'override', argument });
    } catch (error) {
      // Of a file that is not there, only the argument that names it can be shown.
      if (error instanceof ConfigError)
        faults.push(
          ...error.faults.map(({ fault, place }): LocatedFault => {
            return {
              fault,
              place: fault.code === 'missing-file' && place.kind === 'file' && place.span === null ? { kind: 'argument', argument } : place,
            };
          }),
        );
      else if (error instanceof PlacementProblem) refuse(error);
      else throw error;
    }
    composition.takeProblems().forEach(refuse);
  };
  for (const argument of overlays)
    await apply(`--set-file ${argument}`, async (origin) => {
      if (!argument.includes('=')) {
        const { layers, faults: readFaults } = await readLayers(argument);
        faults.push(...readFaults);
        for (const layer of layers) {
          sources.set(layer.file, layer.source);
          // It stands over an experiment, as if it extended it.
          faults.push(...addLayer(composition, { ...layer, extendsOthers: true }));
        }
        return;
      }
      const [place, file] = split(argument);
      const path = parsePlace(place);
      const { value, origins, source } = await readValue(file);
      sources.set(file, source);
      composition.replace(composition.reach(path, origin), given(value, origins));
    });
  for (const argument of removals)
    await apply(`--unset ${argument}`, () => {
      remove(composition, argument);
    });
  for (const argument of overrides)
    await apply(`--set ${argument}`, (origin) => {
      texts.push(setValue(composition, argument, origin));
    });
  const last = new Map(texts.map((text) => [pointer(text.path), text]));
  return { texts: [...last.values()], sources, faults };
};
