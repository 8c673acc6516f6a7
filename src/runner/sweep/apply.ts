/** One variant of a composed file: its values put in the places of the file's own. */
import { ConfigError } from '../../registry/errors.js';
import type { Fault, LocatedFault } from '../../registry/faults.js';
import { pointer } from '../../registry/path.js';
import { suggest } from '../../registry/suggest.js';
import type { ComposedFile } from '../config/compose.js';
import { given, type Composition } from '../config/composition.js';
import { locate } from '../config/origins.js';
import { PlacementProblem } from '../config/place.js';
import { sweepKeys, type Variant } from './types.js';

interface Applied {
  readonly composition: Composition;
  readonly faults: readonly LocatedFault[];
}

/** A mistyped key of the file may mean one of these, of which the experiment's params know nothing. */
export const withSweepKeys = (fault: Fault): Fault => {
  if (fault.code !== 'unknown-key' || fault.path.length !== 1) return fault;
  const { key, suggestion } = fault.facts;
  return { ...fault, facts: { ...fault.facts, suggestion: suggest(key, suggestion === null ? sweepKeys : [suggestion, ...sweepKeys]) } };
};

/** Of a file with a sweep, somebody wants a single run, and does not say which. @throws ConfigError */
export const refuseSeveral = ({ file, composition, sources }: ComposedFile, names: readonly string[]): void => {
  const key = sweepKeys.find((each) => (composition.value[each] ?? null) !== null);
  if (key === undefined) return;
  throw new ConfigError([locate({ code: 'several-runs', path: [key], at: 'key', facts: { file, names } }, composition.origins, sources)]);
};

/**
 * The file as it is in a run; `composed` is left as it is. Without a variant: a file that has one run.
 * @throws ConfigError where the file has several, and none is chosen.
 */
export const applyVariant = (composed: ComposedFile, variant: Variant | null): Applied => {
  if (variant === null) refuseSeveral(composed, []);
  const composition = composed.base.clone();
  const faults: LocatedFault[] = [];
  // What is inside of what another axis sets comes after it.
  const assignments = (variant?.settings ?? []).flatMap((setting) => setting.assignments).toSorted((a, b) => a.path.length - b.path.length);
  for (const { path, value, origins } of assignments) {
    const origin = origins.get('') ?? { kind: 'default', component: null };
    try {
      composition.replace(composition.reach(path, origin), given(value, origins));
    } catch (error) {
      if (!(error instanceof PlacementProblem)) throw error;
      const fault: Fault = { code: 'bad-sweep', path, at: 'key', facts: { reason: error.message, help: '', suggestion: null } };
      faults.push(locate(fault, new Map([[pointer(path), origin]]), composed.sources));
    }
  }
  return { composition, faults };
};
