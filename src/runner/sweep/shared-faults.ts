/** Faults that runs of a sweep share, and those of runs that are the same. */
import type { Fault, LocatedFault } from '../../registry/faults.js';
import { write } from '../../registry/fault-texts.js';
import { pointer } from '../../registry/path.js';
import { inline } from '../../registry/values.js';
import { canonical } from '../config/hash.js';
import type { ComposedFile } from '../config/compose.js';
import { locate } from '../config/origins.js';
import type { Variant } from './types.js';

const keyOf = ({ fault, place }: LocatedFault): string => {
  const at = place.kind === 'argument' ? place.argument : [place.file, place.span];
  return JSON.stringify([fault.code, pointer(fault.path), at, write(fault).what]);
};

/** Faults of several runs: equal ones once, with the runs that have them where not all do. */
export class SharedFaults {
  readonly #found = new Map<string, { readonly located: LocatedFault; readonly runs: string[] | null }>();

  add(run: string, faults: readonly LocatedFault[]): void {
    for (const located of faults) {
      const key = keyOf(located);
      const known = this.#found.get(key);
      if (known === undefined) this.#found.set(key, { located, runs: [run] });
      else if (known.runs !== null && known.runs.at(-1) !== run) known.runs.push(run);
    }
  }

  /** Of the file, and of no run in particular. */
  addHidden(faults: readonly LocatedFault[]): void {
    for (const located of faults) if (!this.#found.has(keyOf(located))) this.#found.set(keyOf(located), { located, runs: null });
  }

  all(total: number): readonly LocatedFault[] {
    return [...this.#found.values()].map(({ located, runs }) =>
      runs === null || runs.length === total ? located : { ...located, runs: { names: runs, total } },
    );
  }
}

/** The second of two runs that are the same, at a value in which it differs from the first. */
export const doubleFault = (variant: Variant, other: Variant, { composition: { origins }, sources }: ComposedFile): LocatedFault => {
  const differing = variant.settings.findLast(
    ({ axis, value }) => !other.settings.some((each) => each.axis === axis && canonical(each.value) === canonical(value)),
  );
  const what = differing === undefined ? '' : `: with ${differing.axis} ${inline(differing.value)} the experiment is the same`;
  const fault: Fault = {
    code: 'bad-sweep',
    path: differing?.place ?? ['sweep'],
    at: 'value',
    facts: {
      reason: `${variant.name} is the same run as ${other.name}${what}`,
      help: 'Take one of them away: both would give the same figures.',
      suggestion: null,
    },
  };
  return locate(fault, origins, sources);
};
