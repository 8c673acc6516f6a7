/** One mistake in the text of a file, found at several places of the experiment: through an alias it stands at each of them. */
import type { LocatedFault, Place } from './faults.js';
import { pointer, type Path } from './path.js';

const spanOf = (place: Place): string =>
  place.kind === 'argument' ? `argument ${place.argument}` : JSON.stringify([place.file, place.span]);
const isAliased = ({ place }: LocatedFault): boolean => place.kind === 'file' && place.alias !== null;

/** The same words at the same place, whichever map around them they are in. */
const keyOf = ({ fault, place, runs }: LocatedFault): string =>
  JSON.stringify([fault.code, spanOf(place), fault.path.at(-1), 'key' in fault.facts ? fault.facts.key : null, runs?.names]);

interface Mistake {
  first: LocatedFault;
  /** By pointers; the first one's is not in it. */
  readonly also: Map<string, Path>;
}

/** Each mistake once, with the places at which it stands as well; the order is kept. */
export const withoutRepeats = (faults: readonly LocatedFault[]): readonly LocatedFault[] => {
  const found: Mistake[] = [];
  const byKey = new Map<string, Mistake>();
  for (const located of faults) {
    const key = keyOf(located);
    const known = byKey.get(key);
    const at = pointer(located.fault.path);
    const isRepeat = known !== undefined && pointer(known.first.fault.path) !== at && (isAliased(known.first) || isAliased(located));
    if (!isRepeat) {
      const mistake = { first: located, also: new Map((located.also ?? []).map((path) => [pointer(path), path] as const)) };
      found.push(mistake);
      if (known === undefined) byKey.set(key, mistake);
    } else if (isAliased(known.first) && !isAliased(located)) {
      // Where it is written comes before where it is used.
      known.also.set(pointer(known.first.fault.path), known.first.fault.path);
      known.first = located;
    } else known.also.set(at, located.fault.path);
  }
  return found.map(({ first, also }) => (also.size === 0 ? first : { ...first, also: [...also.values()] }));
};
