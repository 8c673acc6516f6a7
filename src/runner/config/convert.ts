/**
 * From a YAML document to plain data, with the origin of every value. Done here and not by the library's `toJS`, because
 * aliases and merge keys must keep the place where their value was written.
 */
import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Fault, LocatedFault, Span } from '../../registry/faults.js';
import { pointer, type Path } from '../../registry/path.js';
import { setOwn } from '../../registry/values.js';
import { isNode, resolveAliases } from './aliases.js';
import type { Origin } from './origins.js';
import type { ParsedDocument } from './read.js';

/** Far above any experiment, far below what aliases of aliases can grow to. */
const maxValues = 20_000;
const maxDepth = 60;

const plainTags = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`));

export interface Conversion {
  readonly value: unknown;
  readonly origins: Map<string, Origin>;
  readonly faults: readonly LocatedFault[];
}

/** How a value is reached: its path, its key's place, and the alias passed on the way. */
interface Way {
  readonly path: Path;
  readonly key: Span | null;
  readonly alias: Span | null;
}

/** One conversion; thrown away after it. */
class Converter {
  readonly origins = new Map<string, Origin>();
  readonly faults: LocatedFault[] = [];
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #anchors: readonly string[];
  readonly #open = new Set<Node>();
  readonly #told = new Set<string>();
  readonly #file: string;
  readonly #source: string;
  readonly #spanAt: ParsedDocument['spanAt'];
  #numValues = 0;
  #isStopped = false;

  constructor(file: string, source: string, { document, spanAt }: ParsedDocument) {
    this.#file = file;
    this.#source = source;
    this.#spanAt = spanAt;
    const { targets, anchors } = resolveAliases(document);
    this.#targets = targets;
    this.#anchors = anchors;
  }

  convert(node: Node, way: Way): unknown {
    const span = this.#span(node);
    if (this.#isTooMuch(way, span)) return null;
    if (isAlias(node)) return this.#alias(node, way);
    if (node.tag !== undefined && !plainTags.has(node.tag))
      this.#fault({ code: 'unknown-tag', path: way.path, at: 'value', facts: { tag: node.tag.replace('tag:yaml.org,2002:', '!!') } }, span);
    this.origins.set(pointer(way.path), { kind: 'file', file: this.#file, value: span, key: way.key, alias: way.alias });
    if (isScalar(node)) return node.value;
    this.#open.add(node);
    const value = isMap(node) ? this.#map(node, way) : isSeq(node) ? this.#list(node.items, way) : null;
    this.#open.delete(node);
    return value;
  }

  /** Counts a value; from the first that is too many on, nothing is converted any more. */
  #isTooMuch(way: Way, span: Span): boolean {
    this.#numValues += 1;
    const isDeep = way.path.length > maxDepth;
    if (!this.#isStopped && (isDeep || this.#numValues > maxValues)) {
      const reason = isDeep
        ? `its values are nested deeper than ${maxDepth} levels`
        : `with its aliases it has more than ${maxValues} values`;
      this.#isStopped = true;
      this.#fault({ code: 'too-complex', path: way.path.slice(0, 1), at: 'value', facts: { reason } }, way.alias ?? span);
    }
    return this.#isStopped;
  }

  #alias(node: Alias, way: Way): unknown {
    const target = this.#targets.get(node);
    const span = this.#span(node);
    if (target === undefined || this.#open.has(target)) {
      this.#fault(
        {
          code: 'bad-alias',
          path: way.path,
          at: 'value',
          facts: { alias: node.source, isCircular: target !== undefined, anchors: this.#anchors },
        },
        span,
      );
      return null;
    }
    return this.convert(target, { ...way, alias: way.alias ?? span });
  }

  #list(items: readonly unknown[], way: Way): unknown[] {
    return items.map((item, i) => (isNode(item) ? this.convert(item, { path: [...way.path, i], key: null, alias: way.alias }) : null));
  }

  #map(node: YAMLMap, way: Way): object {
    const out = {};
    this.#addPairs(node, way, out);
    return out;
  }

  /** Adds what `out` does not have yet, so that a map's own keys win over merged ones, and earlier merges over later. */
  #addPairs(node: YAMLMap, way: Way, out: object): void {
    const seen = new Map<string, number>();
    const merges: Node[] = [];
    const inherited = new Set(Object.keys(out));
    for (const pair of node.items) {
      const key = this.#key(pair, way);
      if (key === null) continue;
      const firstLine = seen.get(key.text);
      if (firstLine !== undefined) {
        this.#fault({ code: 'duplicate-key', path: [...way.path, key.text], at: 'value', facts: { key: key.text, firstLine } }, key.span);
        continue;
      }
      seen.set(key.text, key.span.line);
      if (key.isMerge) {
        if (isNode(pair.value)) merges.push(pair.value);
        continue;
      }
      if (inherited.has(key.text)) continue;
      const path = [...way.path, key.text];
      if (isNode(pair.value)) setOwn(out, key.text, this.convert(pair.value, { path, key: key.span, alias: way.alias }));
      else {
        setOwn(out, key.text, null);
        this.origins.set(pointer(path), { kind: 'file', file: this.#file, value: key.span, key: key.span, alias: way.alias });
      }
    }
    for (const merge of merges) this.#merge(merge, way, out);
  }

  #merge(node: Node, way: Way, out: object): void {
    const span = this.#span(node);
    const target = isAlias(node) ? this.#targets.get(node) : node;
    if (this.#isTooMuch(way, span)) return;
    if (target === undefined || this.#open.has(target)) {
      const facts = { alias: isAlias(node) ? node.source : '', isCircular: target !== undefined, anchors: this.#anchors };
      this.#fault({ code: 'bad-alias', path: way.path, at: 'value', facts }, span);
    } else if (isMap(target)) {
      this.#open.add(target);
      this.#addPairs(target, { ...way, alias: way.alias ?? (isAlias(node) ? span : null) }, out);
      this.#open.delete(target);
    } else if (isSeq(target) && !isAlias(node)) {
      for (const item of target.items) if (isNode(item)) this.#merge(item, way, out);
    } else {
      this.#fault(
        { code: 'yaml-syntax', path: way.path, at: 'value', facts: { reason: 'the merge key << takes a map or a list of maps', help: '' } },
        span,
      );
    }
  }

  #key(pair: Pair, way: Way): { text: string; span: Span; isMerge: boolean } | null {
    const { key } = pair;
    if (isScalar(key) && isNode(key) && key.tag === undefined) {
      const isMerge = typeof key.value === 'symbol';
      return { text: typeof key.value === 'string' ? key.value : (key.source ?? ''), span: this.#span(key), isMerge };
    }
    this.#fault({ code: 'bad-key', path: way.path, at: 'value', facts: {} }, isNode(key) ? this.#span(key) : this.#spanAt(0, 0));
    return null;
  }

  #span(node: Node): Span {
    const [start, end] = node.range ?? [0, 0];
    return this.#spanAt(start, end);
  }

  #fault(fault: Fault, span: Span): void {
    // What an anchor holds is converted once for each alias; its faults are told once.
    const place = `${fault.code} ${span.line}:${span.col}`;
    if (this.#told.has(place)) return;
    this.#told.add(place);
    this.faults.push({ fault, place: { kind: 'file', file: this.#file, source: this.#source, span, alias: null } });
  }
}

/** Plain data of a parsed document; an empty one gives null. */
export const convertDocument = (file: string, source: string, parsed: ParsedDocument): Conversion => {
  const converter = new Converter(file, source, parsed);
  const { contents } = parsed.document;
  const value = contents === null ? null : converter.convert(contents, { path: [], key: null, alias: null });
  return { value, origins: converter.origins, faults: converter.faults };
};
