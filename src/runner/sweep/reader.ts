/** What all readers of a sweep have at hand: where values were written, and a list of faults. */
import type { Span, Fault } from '../../registry/faults.js';
import { formatPath, pointer, type Path } from '../../registry/path.js';
import { suggest } from '../../registry/suggest.js';
import { inline, isMap, type PlainMap } from '../../registry/values.js';
import { canonical } from '../config/hash.js';
import { originOf, type Origin, type Origins } from '../config/origins.js';

interface Remark {
  readonly help?: string;
  readonly at?: Fault['at'];
  readonly suggestion?: string | null;
}

export class SweepReader {
  readonly faults: Fault[] = [];
  readonly #origins: Origins;

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  /** Notes a fault; gives null, which stands for what could not be read. */
  refuse(path: Path, reason: string, { help = '', at = 'value', suggestion = null }: Remark = {}): null {
    this.faults.push({ code: 'bad-sweep', path, at, facts: { reason, help, suggestion } });
    return null;
  }

  /** A map with none but these keys; null where it is none. Unknown keys are told, and left to the caller to ignore. */
  map(value: unknown, place: Path, keys: readonly string[], what: string): PlainMap | null {
    if (!isMap(value)) return this.refuse(place, `${what}, and is ${inline(value)}`);
    for (const key of Object.keys(value))
      if (!keys.includes(key))
        this.refuse([...place, key], `there is no ${JSON.stringify(key)} in ${formatPath(place)}`, {
          at: 'key',
          suggestion: suggest(key, keys),
          help: `There may be ${keys.join(', ')}.`,
        });
    return value;
  }

  /** Where the key of a value is written; null where an argument has set it, or where it has none. */
  keyOf(place: Path): Origin | null {
    const origin = originOf(this.#origins, place);
    return origin.kind === 'file' ? { ...origin, value: origin.key ?? origin.value } : null;
  }

  /** Where a value and all in it are written, for an assignment whose path is written at `key`. */
  originsOf(value: unknown, place: Path, key: Origin | null): Origins {
    const found = new Map<string, Origin>();
    const collect = (inner: unknown, at: Path, suffix: string): void => {
      const origin = this.#origins.get(pointer(at));
      if (origin !== undefined) found.set(suffix, origin);
      const entries = Array.isArray(inner) ? [...inner.entries()] : isMap(inner) ? Object.entries(inner) : [];
      for (const [key, item] of entries) collect(item, [...at, key], suffix + pointer([key]));
    };
    collect(value, place, '');
    const own = originOf(this.#origins, place);
    const span: Span | null = own.kind === 'file' && key?.kind === 'file' && own.file === key.file ? key.value : null;
    found.set('', own.kind === 'file' ? { ...own, key: span } : own);
    return found;
  }

  /** Tells of names that are none, or that come to one: names of runs are in lower case. */
  refuseNames(named: readonly { readonly label: string; readonly place: Path }[]): void {
    const seen = new Set<string>();
    for (const { label, place } of named) {
      if (label === '') this.refuse(place, 'this is no name for a value', { at: 'key' });
      else if (seen.has(label)) this.refuse(place, `another one is called ${JSON.stringify(label)} in names of runs`, { at: 'key' });
      seen.add(label);
    }
  }

  /** Tells of values that are in a list twice. */
  refuseDoubles(values: readonly { readonly value: unknown; readonly place: Path }[]): void {
    const seen = new Map<string, Path>();
    for (const { value, place } of values) {
      const key = canonical(value);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, place);
      else this.refuse(place, `${inline(value)} is here twice; ${formatPath(first)} has it first`, { help: 'Keep one of them.' });
    }
  }
}
