/**
 * Where each value of an experiment comes from: a map from JSON pointers to origins. A place that has no entry of its own
 * (inside a default, or behind a shorthand such as `encoder: mlp`) comes from where the nearest place above it does.
 */
import type { Fault, LocatedFault, Owner, Span } from '../../registry/faults.js';
import { pointer, type Path } from '../../registry/path.js';

export interface FileOrigin {
  readonly kind: 'file';
  readonly file: string;
  readonly value: Span;
  /** The key before the value; null for an element of a list. */
  readonly key: Span | null;
  /** The alias through which a value written elsewhere in the file got here. */
  readonly alias: Span | null;
  /** The reference that stands there, and who set the value that it stands for; null: a default, or the environment. */
  readonly reference?: { readonly text: string; readonly from: Origin | null };
}
export interface OverrideOrigin {
  readonly kind: 'override';
  /** As on the command line: `--set training.epochs=10`, `--unset seed`. */
  readonly argument: string;
}
export interface DefaultOrigin {
  readonly kind: 'default';
  /** Whose default it is; null for the experiment's own. */
  readonly component: Owner['component'];
}
export type Origin = FileOrigin | OverrideOrigin | DefaultOrigin;
export type Origins = ReadonlyMap<string, Origin>;

/** Texts of the files that origins name, for code frames. */
export type Sources = ReadonlyMap<string, string>;

function* originsAround(origins: Origins, path: Path): Generator<{ readonly origin: Origin; readonly isExact: boolean }> {
  for (let length = path.length; length >= 0; length -= 1) {
    const origin = origins.get(pointer(path.slice(0, length)));
    if (origin !== undefined) yield { origin, isExact: length === path.length };
  }
}

/** The origin of a value: its own, or that of the nearest place around it. */
export const originOf = (origins: Origins, path: Path): Origin => {
  for (const { origin } of originsAround(origins, path)) return origin;
  throw new Error('An experiment without an origin.');
};

/** `base.yaml:3:8`, `--set seed=3`, `default of encoder mlp`. */
export const describeOrigin = (origin: Origin): string => {
  if (origin.kind === 'override') return origin.argument;
  if (origin.kind === 'default')
    return origin.component === null ? 'default of an experiment' : `default of ${origin.component.kind} ${origin.component.name}`;
  const { file, value, reference } = origin;
  const place = `${file}:${String(value.line)}:${String(value.col)}`;
  return reference === undefined ? place : `${place}, ${describeReference(reference)}`;
};

const describeReference = ({ text, from }: NonNullable<FileOrigin['reference']>): string =>
  from === null ? text : `${text}, set ${from.kind === 'file' ? 'at' : 'by'} ${describeOrigin(from)}`;

/** Ties a fault to what somebody wrote; a fault in a default points at what the default was for. */
export const locate = (fault: Fault, origins: Origins, sources: Sources): LocatedFault => {
  for (const { origin, isExact } of originsAround(origins, fault.path)) {
    if (origin.kind === 'override') return { fault, place: { kind: 'argument', argument: origin.argument } };
    if (origin.kind === 'default') continue;
    const { file, alias, key, value, reference } = origin;
    const span = fault.at === 'key' && isExact && key !== null ? key : value;
    const place = { kind: 'file', file, source: sources.get(file) ?? '', span, alias } as const;
    return { fault, place: reference === undefined ? place : { ...place, reference: describeReference(reference) } };
  }
  throw new Error(`Nobody wrote ${pointer(fault.path)}.`);
};
