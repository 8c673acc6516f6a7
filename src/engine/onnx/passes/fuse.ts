/** Rewrites that need to know who reads a value: done on the whole graph, after recording. */
import type { Graph } from '../graph.js';
import { isStep, step } from '../ops/formulas.js';
import { nodesOf, type GraphOutput } from '../serialize.js';
import { sameShape, sizeOf, type Node, type Value } from '../values.js';
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

const madeBy = (value: Value, opType: string): Node | null =>
  value.origin.kind === 'node' && value.origin.node.opType === opType ? value.origin.node : null;

/**
 * Gemm(a, b) + c becomes Gemm(a, b, c), where c is a bias [N] and nobody else reads the product: for 64 x 14 x 14 pixels of 64 channels, 16
 * taps each, 1.0 ms instead of 1.2. A convolution's product is that of pixels, and an image afterwards.
 */
const fuseBias: Rewrite = (g, node, { uses }) => {
  if (node.opType !== 'Add') return null;
  const [output] = node.outputs;
  const [a, b] = node.inputs;
  if (!a || !b || !output) return null;
  for (const [sum, bias] of [[a, b] as const, [b, a] as const]) {
    const product = madeBy(sum, 'Reshape')?.inputs[0] ?? sum;
    const gemm = madeBy(product, 'Gemm');
    const width = product.shape[1];
    if (gemm?.inputs.length !== 2 || uses(product) !== 1 || uses(sum) !== 1 || !sameShape(sum.shape, output.shape)) continue;
    if (bias.shape.length !== 1 || bias.shape[0] !== width || output.shape.at(-1) !== width) continue;
    return g.reshape(g.node('Gemm', [...gemm.inputs, bias], gemm.attributes, product), output.shape);
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

/** a (b u) becomes (a u) b for a number u and a smaller a, as in the gradient of a mean of squares: one pass over b instead of two. */
const multiplySmallFirst: Rewrite = (g, node, { uses }) => {
  if (node.opType !== 'Mul') return null;
  const [left, right] = node.inputs;
  if (left?.dtype !== 'float32' || !right) return null;
  for (const [small, scaled] of [[left, right] as const, [right, left] as const]) {
    const [big, factor] = madeBy(scaled, 'Mul')?.inputs ?? [];
    if (!big || factor?.origin.kind !== 'uniform' || uses(scaled) !== 1 || sizeOf(small.shape) >= sizeOf(big.shape)) continue;
    return g.elementwise('Mul', [g.elementwise('Mul', [small, factor]), big]);
  }
  return null;
};

const rewrites: readonly Rewrite[] = [fuseBias, stepOfRelu, multiplySmallFirst, simplifyLeakyReluGradient];

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
