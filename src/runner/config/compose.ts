/** From files and arguments to one map: what is extended first, then the file, then `--set-file`, `--unset` and `--set`, each in its order. */
import { ConfigError } from '../../registry/errors.js';
import type { Fault, LocatedFault } from '../../registry/faults.js';
import type { Registry } from '../../registry/registry.js';
import { Composition, given } from './composition.js';
import { readLayers, type Layer } from './layers.js';
import { locate, originOf, type Sources } from './origins.js';
import { applyArguments, type Arguments, type ArgumentText } from './overrides.js';
import { sweepKeys } from '../sweep/types.js';
import { isPlace, parsePlace, PlacementProblem, unset } from './place.js';

/** A file, and what lies below and above it: what all its runs begin with. */
export interface ComposedFile {
  readonly file: string;
  readonly composition: Composition;
  /** The same without `sweep` and `seeds`: what a run is made of. */
  readonly base: Composition;
  /** Of the file itself, as written. */
  readonly source: string;
  readonly sources: Sources;
  readonly texts: readonly ArgumentText[];
  readonly faults: readonly LocatedFault[];
}

/** Puts one file over what there is; gives back what cannot be put. */
const addLayer = (composition: Composition, layer: Layer): readonly LocatedFault[] => {
  const { file, source, value, origins } = layer;
  const faults: LocatedFault[] = [];
  const sources = new Map([[file, source]]);
  const refuse = (key: string, { message: reason, origin }: PlacementProblem): void => {
    const fault: Fault = { code: 'bad-place', path: [key], at: 'key', facts: { reason } };
    // The value that cannot be put may stand deeper.
    const { place } = locate(fault, origin === null ? origins : new Map([['', origin]]), sources);
    faults.push({ fault: { ...fault, path: [] }, place });
  };
  const place = (key: string, body: () => void): void => {
    try {
      body();
    } catch (error) {
      if (!(error instanceof PlacementProblem)) throw error;
      refuse(key, error);
    }
    for (const problem of composition.takeProblems()) refuse(key, problem);
  };
  const root = origins.get('');
  if (root !== undefined) composition.origins.set('', root);
  const entries = Object.entries(value).map(([key, inner]) => ({ key, layer: given(inner, origins, [key]), inner }));
  const isPath = ({ key }: { readonly key: string }): boolean => layer.extendsOthers && isPlace(key);
  for (const { key, layer: inner } of entries.filter((entry) => !isPath(entry)))
    place(key, () => {
      composition.merge([key], inner);
    });
  const byPath = entries.filter(isPath);
  // What is taken from a list moves the entries behind it: that comes last, from the end.
  const removals = byPath.filter(({ inner }) => inner === unset).toReversed();
  for (const { key, layer: inner } of [...byPath.filter((entry) => !removals.includes(entry)), ...removals])
    place(key, () => {
      composition.merge(composition.reach(parsePlace(key), originOf(origins, [key])), inner);
    });
  return faults;
};

/** @throws ConfigError where the file holds no map, or is too complex. */
export const compose = async (file: string, registry: Registry, changes: Arguments): Promise<ComposedFile> => {
  const { layers, faults: readFaults } = await readLayers(file);
  const composition = new Composition(registry);
  const faults = [...readFaults, ...layers.flatMap((layer) => addLayer(composition, layer))];
  const { texts, sources, faults: argumentFaults } = await applyArguments(composition, changes, addLayer);
  const source = layers.at(-1)?.source;
  if (source === undefined) throw new ConfigError(faults);
  return {
    file,
    composition,
    base: composition.clone(sweepKeys),
    source,
    sources: new Map([...layers.map((layer) => [layer.file, layer.source] as const), ...sources]),
    texts,
    faults: [...faults, ...argumentFaults],
  };
};
