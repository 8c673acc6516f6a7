/** Where a config can be spoilt: every key and value that it writes, with what the schema says of it. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Kind } from '../../src/registry/kinds.js';
import type { ItemParam, Param, Params } from '../../src/registry/params.js';
import type { Path } from '../../src/registry/path.js';
import type { Registry } from '../../src/registry/registry.js';
import { defaultOf, entryParams } from '../../src/registry/schema.js';
import { experimentParams } from '../../src/runner/config/experiment.js';

/** Offsets into the text, the end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Config {
  /** Below configs/. */
  readonly file: string;
  readonly text: string;
}

/** What a key or an entry of a list is; null where nothing is known of it. */
type Meaning = Param | ItemParam | null;

export interface Site {
  readonly path: Path;
  /** Null for entries of lists. */
  readonly key: Range | null;
  readonly value: Range;
  readonly given: unknown;
  /** `type` is a param of no component: it names one of this kind. */
  readonly param: Meaning;
  readonly names: Kind | null;
  /** All keys that the map around it may have, itself included. */
  readonly known: readonly string[];
  readonly isRequired: boolean;
  readonly isInFlow: boolean;
  /** Lines of the map around it and of that map's own key. */
  readonly ownerLines: readonly number[];
}

interface Around {
  readonly path: Path;
  readonly lines: readonly number[];
}

const isPairOfWord = (pair: Pair): pair is Pair<Scalar<string>, Node> & { value: Node } =>
  isScalar(pair.key) && typeof pair.key.value === 'string' && pair.value !== null && pair.value !== undefined;

/** Every site of a file, from top to bottom. Of a component whose `type` another file says nothing is known. */
export const findSites = (registry: Registry, { text }: Config): readonly Site[] => {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const lineOf = (offset: number): number => counter.linePos(offset).line;
  const sites: Site[] = [];

  const rangeOf = (node: Node): Range => {
    const [start, end] = node.range ?? [0, 0];
    return { start, end: start + text.slice(start, end).trimEnd().length };
  };

  const walkMap = (
    map: YAMLMap,
    params: Params | null,
    { kind, needsType }: { kind: Kind | null; needsType: boolean },
    around: Around,
  ): void => {
    for (const pair of map.items) {
      if (!isPairOfWord(pair)) continue;
      const name = pair.key.value;
      const isType = kind !== null && name === 'type';
      const param = params !== null && !isType && Object.hasOwn(params, name) ? (params[name] ?? null) : null;
      if (params === null || (param === null && !isType)) continue;
      const path = [...around.path, name];
      const key = rangeOf(pair.key);
      sites.push({
        path,
        key,
        value: rangeOf(pair.value),
        given: pair.value.toJS(document),
        param,
        names: isType ? kind : param !== null && 'component' in param ? param.component : null,
        known: [...Object.keys(params), ...(kind === null ? [] : ['type'])],
        isRequired: isType ? needsType : param !== null && defaultOf(param) === undefined,
        isInFlow: map.flow === true,
        ownerLines: [...around.lines, lineOf(rangeOf(map).start)],
      });
      walkValue(pair.value, param, { path, lines: [lineOf(key.start)] });
    }
  };

  const walkValue = (node: Node, param: Meaning, around: Around): void => {
    if (param === null) return;
    if ('component' in param && isMap(node)) {
      const byDefault = 'default' in param && typeof param.default === 'string' ? param.default : null;
      const said = node.get('type');
      const type = typeof said === 'string' ? said : byDefault;
      const component = type === null ? undefined : registry.lookUp(param.component, type);
      const params = component === undefined ? null : entryParams(component);
      walkMap(node, params, { kind: param.component, needsType: byDefault === null }, around);
    } else if ('type' in param && param.type === 'object' && isMap(node))
      walkMap(node, param.properties, { kind: null, needsType: false }, around);
    else if ('type' in param && param.type === 'array' && isSeq<Node>(node)) {
      node.items.forEach((item, i) => {
        const value = rangeOf(item);
        const path = [...around.path, i];
        const { items } = param;
        const names = 'component' in items ? items.component : null;
        const given: unknown = item.toJS(document);
        const place = { key: null, known: [], isRequired: false, isInFlow: node.flow === true, ownerLines: around.lines };
        sites.push({ ...place, path, value, given, param: items, names });
        walkValue(item, items, { path, lines: [lineOf(value.start)] });
      });
    }
  };

  if (isMap(document.contents)) {
    walkMap(document.contents, experimentParams, { kind: null, needsType: false }, { path: [], lines: [1] });
  }
  return sites;
};
