/** `--set` on what a sweep sets: each run gets the values of its axes afterwards, so it would do nothing. */
import type { Fault, LocatedFault } from '../../registry/faults.js';
import { formatPath, pointer, type Path } from '../../registry/path.js';
import type { ComposedFile } from '../config/compose.js';
import type { Setting } from './types.js';

/** The place of an axis's values, as `--set` would have it; null where it cannot. */
const overridable = (place: Path): string | null => {
  if (place[0] === 'seeds') return 'seeds';
  const values = formatPath(place.slice(0, place.indexOf('values') + 1));
  return place.includes('values') && !values.includes('[') ? values : null;
};

/** `--set` at or below a path that an axis sets would be undone. */
export const refuseOverridden = (
  { file, composition: { origins } }: ComposedFile,
  settings: readonly Setting[],
): readonly LocatedFault[] => {
  const found = new Map<string, LocatedFault>();
  const paths = new Map(
    settings.flatMap(({ assignments, place }) => assignments.map(({ path }) => [pointer(path), { path, place }] as const)),
  );
  for (const [at, origin] of origins) {
    if (origin.kind !== 'override') continue;
    for (const [own, { path, place }] of paths) {
      if (at !== own && !at.startsWith(`${own}/`)) continue;
      const values = overridable(place);
      const help = `${values === null ? 'Change the sweep' : `Write --set ${values}=[...]`} instead, or choose runs by their names.`;
      const reason = `the sweep of ${file} sets ${formatPath(path)} itself, so this would do nothing`;
      const fault: Fault = { code: 'bad-sweep', path, at: 'value', facts: { reason, help, suggestion: null } };
      found.set(`${origin.argument} ${own}`, { fault, place: { kind: 'argument', argument: origin.argument } });
    }
  }
  return [...found.values()];
};
