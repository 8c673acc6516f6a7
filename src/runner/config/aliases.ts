/** What the aliases of a YAML document stand for. */
import { isAlias, isMap, isScalar, isSeq, visit, type Alias, type Document, type Node } from 'yaml';

/** Keys and values of a parsed document are nodes, but their types do not say so. */
export const isNode = (value: unknown): value is Node => isAlias(value) || isScalar(value) || isMap(value) || isSeq(value);

/** Each alias with the node it stands for: the last one before it that has its anchor. */
export const resolveAliases = (document: Document.Parsed): { targets: ReadonlyMap<Alias, Node>; anchors: readonly string[] } => {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    },
  });
  return { targets, anchors: [...anchors.keys()] };
};
