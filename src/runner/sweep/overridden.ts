/** `--set` on what a sweep sets: each run gets the values of its axes afterwards, so it would do nothing. */
import type { Fault, LocatedFault } from '../../registry/faults.js';
import { formatPath, pointer, type Path } from '../../registry/path.js';
import type { ComposedFile } from '../config/compose.js';
import type { Setting } from './types.js';

/** What would change the values of an axis from the command line; null where that takes more than a value. */
const insteadOf = (place: Path): string | null => {
  if (place[0] === 'seeds') return '--set seeds=[...]';
  const [, block, ...inner] = place;
  // The key of an axis may be a path, and so may that of a value in an entry: they are written as they stand in the file.
  const write = (keys: Path): string =>
    ['sweep', ...keys]
      .map((key) => (typeof key === 'number' ? `[${String(key)}]` : `.${key}`))
      .join('')
      .slice(1);
  if (block === 'grid' || block === 'zip') return `--set ${write([block, ...inner.slice(0, inner[1] === 'values' ? 2 : 1)])}=[...]`;
  return block === 'list' && inner.length === 2 ? `--set ${write([block, ...inner])}=...` : null;
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
      const instead = insteadOf(place);
      const help = `${instead === null ? 'Change the sweep' : `Write ${instead}`} instead, or choose runs by their names.`;
      const reason = `the sweep of ${file} sets ${formatPath(path)} itself, so this would do nothing`;
      const fault: Fault = { code: 'bad-sweep', path, at: 'value', facts: { reason, help, suggestion: null } };
      found.set(`${origin.argument} ${own}`, { fault, place: { kind: 'argument', argument: origin.argument } });
    }
  }
  return [...found.values()];
};
