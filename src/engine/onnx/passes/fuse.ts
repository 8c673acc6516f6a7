/** Rewrites that need to know who reads a value: done on the whole graph, after recording. */
import type { Graph } from '../graph.js';
import { isStep, step } from '../ops/formulas.js';
import { nodesOf, type GraphOutput } from '../serialize.js';
import type { Node, Value } from '../values.js';
import { simplifyLeakyReluGradient } from './leaky-relu.js';

/** What rewrites may ask about the graph as it was recorded. */
interface Readers {
  /** How often a value is read. */
  readonly uses: (value: Value) => number;
  /** Whether a Relu of the value is computed anyway. */
  readonly hasRelu: (value: Value) => boolean;
}

/** One rewrite: the value that can stand for the node's, or null to leave it. Its operands have been rewritten already. */
type Rewrite = (g: Graph, node: Node, readers: Readers) => Value | null;

/** Gemm(a, b) + c becomes Gemm(a, b, c), where c is a bias [N] and nobody else reads the product. */
const fuseBias: Rewrite = (g, node, { uses }) => {
  if (node.opType !== 'Add') return null;
  const [output] = node.outputs;
  const [a, b] = node.inputs;
  if (!a || !b || !output) return null;
  for (const [product, bias] of [[a, b] as const, [b, a] as const]) {
    if (product.origin.kind !== 'node' || product.origin.node.opType !== 'Gemm' || uses(product) !== 1) continue;
    const gemm = product.origin.node;
    if (gemm.inputs.length !== 2 || bias.shape.length !== 1 || bias.shape[0] !== output.shape[1]) continue;
    return g.node('Gemm', [...gemm.inputs, bias], gemm.attributes, { shape: output.shape, dtype: output.dtype });
  }
  return null;
};

/**
 * step(x) becomes step(relu(x)), the same numbers, where relu(x) is there: x is then read by the Relu alone, which onnxruntime makes
 * part of the Gemm before it.
 */
const stepOfRelu: Rewrite = (g, node, { hasRelu }) => {
  const [x] = node.inputs;
  if (!x || !isStep(node) || !hasRelu(x)) return null;
  return step(g, g.node('Relu', [x], {}, x));
};

const rewrites: readonly Rewrite[] = [fuseBias, stepOfRelu, simplifyLeakyReluGradient];

export const fuseNodes = (g: Graph, outputs: readonly GraphOutput[]): readonly GraphOutput[] => {
  const order = nodesOf(outputs.map((output) => output.value));
  const useCounts = new Map<Value, number>();
  const count = (value: Value | null): void => {
    if (value) useCounts.set(value, (useCounts.get(value) ?? 0) + 1);
  };
  for (const node of order) node.inputs.forEach(count);
  outputs.forEach((output) => {
    count(output.value);
  });

  const replaced = new Map<Value, Value>();
  const current = (value: Value): Value => replaced.get(value) ?? value;
  // A rewritten operand stands for the original, whose uses are what counts.
  const originals = new Map<Value, Value>();
  const relus = new Set(order.flatMap((node) => (node.opType === 'Relu' ? node.inputs : [])));
  const readers: Readers = {
    uses: (value) => useCounts.get(originals.get(value) ?? value) ?? 0,
    hasRelu: (value) => relus.has(originals.get(value) ?? value),
  };
  const replace = (old: Value, next: Value): void => {
    if (old === next) return;
    replaced.set(old, next);
    originals.set(next, old);
  };
  for (const node of order) {
    const inputs = node.inputs.map((input) => (input ? current(input) : null));
    const changed = inputs.some((input, i) => input !== node.inputs[i]);
    const values = changed ? g.nodes(node.opType, inputs, node.attributes, node.outputs) : node.outputs;
    const [first] = values;
    const now = first?.origin.kind === 'node' ? first.origin.node : node;
    const rewritten = rewrites.map((rewrite) => rewrite(g, now, readers)).find((value) => value !== null);
    node.outputs.forEach((output, i) => {
      replace(output, rewritten && i === 0 ? rewritten : (values[i] ?? output));
    });
  }
  return outputs.map((output) => ({ name: output.name, value: current(output.value) }));
};
