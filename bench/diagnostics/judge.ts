/** Reads each mutant as a user's command would, and holds what is said against the mistake that was made. */
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../../src/registry/errors.js';
import { write } from '../../src/registry/fault-texts.js';
import type { LocatedFault } from '../../src/registry/faults.js';
import type { Mutant, MutantKind } from './mutants.js';

/** The resolved experiment, or all that is wrong. */
export type Reading = { readonly yaml: string } | { readonly faults: readonly LocatedFault[] };
export type Reader = (file: string, overrides: readonly string[]) => Promise<Reading>;

export interface Verdict {
  readonly mutant: Mutant;
  /** `same`: it is no mistake, the experiment is the one that it was. */
  readonly outcome: 'refused' | 'same' | 'accepted';
  readonly isPlaceNamed: boolean;
  /** Null where no fix is known. */
  readonly isFixNamed: boolean | null;
  readonly numFaults: number;
  readonly ms: number;
  /** For people: what was said. */
  readonly said: string;
}

const isAt = ({ place }: LocatedFault, wanted: Mutant['place']): boolean => {
  if (wanted === 'override') return place.kind === 'argument';
  return place.kind === 'file' && basename(place.file) === wanted.file && place.span !== null && wanted.lines.includes(place.span.line);
};

const proseOf = ({ fault }: LocatedFault): string => {
  const { what, help } = write(fault);
  return `${what} ${help}`;
};

/** A file that extends the mutant has a name of its own. */
const nameless = (yaml: string): string => yaml.replaceAll(/^name: .*$/gm, '');

/** @param folder A copy of configs/, where mutants are written beside the config that they were. */
export const judge = async (mutant: Mutant, { folder, read, sound }: { folder: string; read: Reader; sound: string }): Promise<Verdict> => {
  const beside = (name: string): string => join(folder, dirname(mutant.config), name);
  for (const [name, text] of mutant.files) writeFileSync(beside(name), text);
  const started = performance.now();
  const reading = await read(beside(mutant.files[0]?.[0] ?? ''), mutant.overrides);
  const ms = performance.now() - started;
  if ('yaml' in reading) {
    const isSame = nameless(reading.yaml) === nameless(sound);
    return { mutant, outcome: isSame ? 'same' : 'accepted', isPlaceNamed: false, isFixNamed: null, numFaults: 0, ms, said: reading.yaml };
  }
  const { faults } = reading;
  const there = faults.filter((fault) => isAt(fault, mutant.place));
  return {
    mutant,
    outcome: 'refused',
    isPlaceNamed: there.length > 0,
    isFixNamed: mutant.fix === null ? null : there.some((fault) => proseOf(fault).includes(mutant.fix ?? '')),
    numFaults: faults.length,
    ms,
    said: new ConfigError(faults).message,
  };
};

export interface Row {
  readonly kind: MutantKind | 'all';
  readonly mutants: number;
  readonly same: number;
  readonly accepted: number;
  /** Shares of those that were refused, and of those with a known fix. */
  readonly placed: number;
  readonly fixed: number;
  readonly faults: number;
  readonly ms: number;
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

const rowOf = (kind: Row['kind'], verdicts: readonly Verdict[]): Row => {
  const refused = verdicts.filter(({ outcome }) => outcome === 'refused');
  const known = refused.filter(({ isFixNamed }) => isFixNamed !== null);
  const total = (figure: (verdict: Verdict) => number, of: readonly Verdict[]): number => of.reduce((sum, each) => sum + figure(each), 0);
  return {
    kind,
    mutants: verdicts.length,
    same: verdicts.filter(({ outcome }) => outcome === 'same').length,
    accepted: verdicts.filter(({ outcome }) => outcome === 'accepted').length,
    placed: share(refused.filter(({ isPlaceNamed }) => isPlaceNamed).length, refused.length),
    fixed: share(known.filter(({ isFixNamed }) => isFixNamed === true).length, known.length),
    faults: share(
      total(({ numFaults }) => numFaults, refused),
      refused.length,
    ),
    ms: share(
      total(({ ms }) => ms, verdicts),
      verdicts.length,
    ),
  };
};

/** A row for each kind of mistake, that of all last. */
export const tabulate = (verdicts: readonly Verdict[]): readonly Row[] => {
  const kinds = [...new Set(verdicts.map(({ mutant }) => mutant.kind))];
  const rows = kinds.map((kind) =>
    rowOf(
      kind,
      verdicts.filter(({ mutant }) => mutant.kind === kind),
    ),
  );
  return [...rows, rowOf('all', verdicts)];
};

/** What falls short of what is promised, in words. */
export const shortfalls = (verdicts: readonly Verdict[]): readonly string[] => {
  const { accepted, placed, fixed } = rowOf('all', verdicts);
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    ...(accepted === 0 ? [] : [`${String(accepted)} mistakes were accepted silently; none may be`]),
    ...(placed >= 0.99 ? [] : [`the right file and line were named for ${percent(placed)}, and should be for 99 %`]),
    ...(fixed >= 0.95 ? [] : [`the fix was suggested first for ${percent(fixed)}, and should be for 95 %`]),
  ];
};
