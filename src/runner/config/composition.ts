/**
 * What an experiment is composed of, value by value: files above files, and arguments above them. Every value keeps the place that set it,
 * and what it took the place of.
 *
 * The rules: maps merge key by key; anything else takes the place of what was there, lists too. An entry of another `type` takes the place
 * of a component with all its params.
 */
import { paramAt } from '../../registry/param-at.js';
import { formatPath, pointer, type Path } from '../../registry/path.js';
import type { Registry } from '../../registry/registry.js';
import { inline, isMap, ownValue, setOwn } from '../../registry/values.js';
import { experimentParams } from './experiment.js';
import { originOf, type Origin, type Origins } from './origins.js';
import { append, PlacementProblem, unset } from './place.js';

/** A value that another one took the place of. */
export interface Overridden {
  readonly value: unknown;
  readonly origin: Origin;
}

/** A value, and where each part of it comes from; a part without an origin of its own comes from where the nearest part around it does. */
export interface Given {
  readonly value: unknown;
  readonly originAt: (inner: Path) => Origin | undefined;
}

/** The value at a place of what was read. */
export const given = (value: unknown, origins: Origins, at: Path = []): Given => ({
  value,
  originAt: (inner) => origins.get(pointer([...at, ...inner])),
});

/** A value that is the work of one argument. */
export const givenBy = (value: unknown, origin: Origin): Given => ({
  value,
  originAt: (inner) => (inner.length === 0 ? origin : undefined),
});

const partOf = ({ originAt }: Given, key: string | number, value: unknown): Given => ({
  value,
  originAt: (inner) => originAt([key, ...inner]),
});

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const partsOf = (value: unknown): readonly (readonly [string | number, unknown])[] => {
  if (Array.isArray(value)) return value.map((item: unknown, i) => [i, item] as const);
  return isMap(value) ? Object.entries(value) : [];
};

export class Composition {
  readonly value: Record<string, unknown> = {};
  readonly origins = new Map<string, Origin>();
  /** What each value took the place of, the newest last. */
  readonly overridden = new Map<string, readonly Overridden[]>();
  readonly #registry: Registry;
  readonly #problems: PlacementProblem[] = [];

  /** @param registry What is known of defaults and slots; components of plug-ins may be missing. */
  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** The same again, which may change without this one, without these keys at its top. */
  clone(without: readonly string[] = []): Composition {
    const copy = new Composition(this.#registry);
    for (const [key, value] of Object.entries(this.value)) if (!without.includes(key)) setOwn(copy.value, key, structuredClone(value));
    for (const [place, origin] of this.origins) if (!without.includes(place.split('/')[1] ?? '')) copy.origins.set(place, origin);
    for (const [place, earlier] of this.overridden) copy.overridden.set(place, earlier);
    return copy;
  }

  /** What could not be done since this was asked last. */
  takeProblems(): readonly PlacementProblem[] {
    return this.#problems.splice(0);
  }

  at(path: Path): unknown {
    return path.reduce<unknown>((value, key) => ownValue(value, key), this.value);
  }

  /**
   * A path as it was written, word by word, in the keys that are there: of a sweep, `model.latent` is a single one. The longest key counts,
   * since a shorter one may be the name of another axis.
   */
  inKeys(path: Path): Path {
    const keys: (string | number)[] = [];
    let value: unknown = this.value;
    for (let i = 0; i < path.length;) {
      let end = path.length;
      while (end > i + 1 && !(isMap(value) && Object.hasOwn(value, formatPath(path.slice(i, end))))) end -= 1;
      const key = end === i + 1 ? path[i] : formatPath(path.slice(i, end));
      if (key === undefined) break;
      keys.push(key);
      value = ownValue(value, key);
      i = end;
    }
    return keys;
  }

  /** Puts a value over what is there, by the rules above. @throws PlacementProblem */
  merge(path: Path, layer: Given): void {
    const { value, originAt } = layer;
    const origin = originAt([]);
    if (value === unset) {
      if (this.at(path) === undefined) this.#refuseUnset(origin);
      else this.remove(path);
      return;
    }
    const base = this.#baseFor(path, value);
    if (base === null) {
      this.replace(path, layer);
      return;
    }
    if (base !== this.at(path)) this.#unfold(path, base);
    if (origin !== undefined) this.origins.set(pointer(path), origin);
    if (typeof value === 'string') return;
    for (const [key, inner] of partsOf(value)) this.merge([...path, key], partOf(layer, key, inner));
  }

  /** Puts a value, whatever it is, in the place of what is there. @throws PlacementProblem where the place cannot be reached. */
  replace(path: Path, layer: Given): void {
    if (this.at(path) !== undefined) {
      this.#keep(path);
      this.#forget(path);
    }
    this.#put(path, layer);
  }

  /** Writes what the value at a path really is; it comes from where it came from. */
  retype(path: Path, value: unknown): void {
    this.#write(path, value);
  }

  /** Takes away what is there. */
  remove(path: Path): void {
    const parent = this.at(path.slice(0, -1));
    const [key] = path.slice(-1);
    if (key === undefined || !isObject(parent)) return;
    this.#keep(path);
    if (!Array.isArray(parent) || typeof key !== 'number') {
      this.#forget(path);
      Reflect.deleteProperty(parent, key);
      return;
    }
    const list = path.slice(0, -1);
    const before = new Map(this.origins);
    const later = parent.slice(key + 1).map((item: unknown, i) => given(item, before, [...list, key + 1 + i]));
    for (let i = key; i < parent.length; i += 1) this.#forget([...list, i]);
    parent.length = key;
    for (const [i, item] of later.entries()) this.#put([...list, key + i], item);
  }

  /**
   * The way to a place that a path names: bare names on it become maps, what is absent begins, `[+]` becomes an index.
   * @throws PlacementProblem where it leads through what has no parts.
   */
  reach(words: Path, origin: Origin): Path {
    const path = this.inKeys(words);
    const [first] = path;
    // References read what the files have parked; what they have not, nobody reads.
    if (typeof first === 'string' && first.startsWith('x-') && !Object.hasOwn(this.value, first))
      throw new PlacementProblem(`keys that begin with x- are read by references alone, and no file has ${JSON.stringify(first)}`);
    let parent: object = this.value;
    const way: (string | number)[] = [];
    for (const [i, key] of path.entries()) {
      way.push(this.#enter(parent, key, way));
      const next = path[i + 1];
      if (next === undefined) break;
      const child = this.at(way) ?? null;
      // A bare name is short for a map with its type, and what is absent can be begun.
      const open: unknown =
        child === null ? (next === append || typeof next === 'number' ? [] : {}) : typeof child === 'string' ? { type: child } : child;
      if (!isObject(open)) throw new PlacementProblem(`${formatPath(way)} is ${inline(child)}, which has no ${JSON.stringify(next)}`);
      if (child === null) {
        this.#write(way, open);
        this.origins.set(pointer(way), origin);
      } else if (open !== child) this.#unfold(way, open);
      parent = open;
    }
    return way;
  }

  #enter(parent: object, key: string | number, way: Path): string | number {
    const place = formatPath(way);
    if (!Array.isArray(parent)) {
      if (key === append || typeof key === 'number') throw new PlacementProblem(`${place} is no list`);
      return key;
    }
    if (key === append) return parent.length;
    if (typeof key === 'string') throw new PlacementProblem(`${place} is a list: say which entry, such as ${place}[0]`);
    if (key < parent.length) return key;
    throw new PlacementProblem(parent.length === 0 ? `${place} is empty` : `${place} ends with ${place}[${String(parent.length - 1)}]`);
  }

  /** The map that is there, for a value to be merged into; null where the value takes its place. */
  #baseFor(path: Path, value: unknown): object | null {
    if (path.length === 0) return this.value;
    const existing = this.at(path);
    const found = paramAt(this.#registry, experimentParams, this.value, path);
    const isEntry = found === null || 'component' in found.param || ('type' in found.param && found.param.type === 'object');
    // A bare name stands for a map with its type, on either side.
    const base = isMap(existing) ? existing : typeof existing === 'string' && isEntry ? { type: existing } : null;
    const layer = isMap(value) ? value : typeof value === 'string' && isEntry ? { type: value } : null;
    if (base === null || layer === null || (base !== existing && layer !== value)) return null;
    // Of a map that is no component, `type` is a key like others.
    if (found !== null && !('component' in found.param)) return layer === value ? base : null;
    const type = ownValue(layer, 'type');
    const byDefault = found !== null && 'default' in found.param ? found.param.default : undefined;
    return type === undefined || type === (ownValue(base, 'type') ?? byDefault) ? base : null;
  }

  #put(path: Path, layer: Given): void {
    const { value, originAt } = layer;
    const origin = originAt([]);
    if (value === unset) {
      this.#refuseUnset(origin);
      return;
    }
    this.#write(path, Array.isArray(value) ? [] : isMap(value) ? {} : value);
    if (origin !== undefined) this.origins.set(pointer(path), origin);
    for (const [key, inner] of partsOf(value)) this.#put([...path, key], partOf(layer, key, inner));
  }

  /** Writes a bare name as the map that it stands for; its type stays where it was written. */
  #unfold(path: Path, entry: object): void {
    this.origins.set(pointer([...path, 'type']), originOf(this.origins, path));
    this.#write(path, entry);
  }

  #refuseUnset(origin: Origin | undefined): void {
    this.#problems.push(new PlacementProblem(`nothing is inherited that ${unset} could take away`, origin ?? null));
  }

  #write(path: Path, value: unknown): void {
    const parent = this.at(path.slice(0, -1));
    const [key] = path.slice(-1);
    if (!isObject(parent) || key === undefined) throw new PlacementProblem(`${formatPath(path.slice(0, -1))} has no parts`);
    setOwn(parent, key, value);
  }

  #keep(path: Path): void {
    const place = pointer(path);
    const entry = { value: structuredClone(this.at(path)), origin: originOf(this.origins, path) };
    this.overridden.set(place, [...(this.overridden.get(place) ?? []), entry]);
  }

  #forget(path: Path): void {
    const place = pointer(path);
    for (const key of [...this.origins.keys()]) if (key === place || key.startsWith(`${place}/`)) this.origins.delete(key);
  }
}
