/** What a recorded step costs: counted over its nodes, before anything runs. */
import type { FusedGroup } from './fused/plan.js';
import { nodesOf } from './serialize.js';
import { sizeOf, type ElementType, type Node, type Value } from './values.js';

export interface StepCost {
  readonly numNodes: number;
  /** Multiplications of matrix products (convolutions are matrix products here), each with its addition. */
  readonly multiplyAdds: number;
  /** One per element and operator of all other arithmetic. */
  readonly elementOps: number;
  /** Bytes that those operators, and those that only move values, read and write. */
  readonly bytesMoved: number;
  /** The most that is in memory at once of what the step computes, in bytes; variables and inputs are not among it. */
  readonly peakBytes: number;
}

const bytesPer: Readonly<Record<ElementType, number>> = { float32: 4, int32: 4, int64: 8, bool: 1, uint8: 1 };
const bytesOf = ({ shape, dtype }: Value): number => sizeOf(shape) * bytesPer[dtype];

const isPresent = (value: Value | null | undefined): value is Value => value !== null && value !== undefined;

/** The length of the inner dimension of a product; null for what is no product. */
const innerOf = ({ opType, inputs, attributes }: Node): number | null => {
  if (opType !== 'Gemm' && opType !== 'MatMul' && opType !== 'FusedMatMul') return null;
  const shape = inputs[0]?.shape ?? [];
  return shape.at(attributes['transA'] === 1 ? -2 : -1) ?? 1;
};

/** Convolutions that the engine leaves to onnxruntime; filters are [F, C / groups, ...kernel]. */
const tapsOf = ({ opType, inputs }: Node): number | null =>
  opType === 'Conv' || opType === 'ConvTranspose' ? sizeOf(inputs[1]?.shape.slice(1) ?? []) : null;

/** Nothing is computed or copied. */
const views: ReadonlySet<string> = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Constant']);
/** Values are copied. */
const moves: ReadonlySet<string> = new Set([
  'Transpose',
  'Expand',
  'Gather',
  'Concat',
  'Slice',
  'Pad',
  'Split',
  'Tile',
  'Cast',
  'GatherElements',
  'GatherND',
]);

const countNode = (node: Node): Pick<StepCost, 'multiplyAdds' | 'elementOps' | 'bytesMoved'> => {
  const given = node.inputs.filter(isPresent);
  const [written, read] = [node.outputs, given].map((values) => values.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  const bytes = [...given, ...node.outputs].reduce((sum, value) => sum + bytesOf(value), 0);
  const terms = innerOf(node) ?? tapsOf(node);
  // A bias comes with the product that it is added to.
  if (terms !== null) return { multiplyAdds: (written ?? 0) * terms, elementOps: given.length > 2 ? (written ?? 0) : 0, bytesMoved: 0 };
  if (views.has(node.opType)) return { multiplyAdds: 0, elementOps: 0, bytesMoved: 0 };
  if (moves.has(node.opType))
    return { multiplyAdds: 0, elementOps: 0, bytesMoved: 2 * node.outputs.reduce((sum, value) => sum + bytesOf(value), 0) };
  // Reductions read more than they write.
  return { multiplyAdds: 0, elementOps: Math.max(written ?? 0, read ?? 0), bytesMoved: bytes };
};

/** What is alive at once, if each value goes when its last reader is done; views share what they are views of. */
const peakOf = (nodes: readonly Node[], kept: readonly Value[]): number => {
  const owners = new Map<Value, Value>();
  const ownerOf = (value: Value): Value => owners.get(value) ?? value;
  const lastRead = new Map<Value, number>();
  nodes.forEach((node, at) => {
    const [source] = node.inputs;
    const [output] = node.outputs;
    if (views.has(node.opType) && source && output) owners.set(output, ownerOf(source));
    for (const input of node.inputs) if (input) lastRead.set(ownerOf(input), at);
  });
  for (const value of kept) lastRead.set(ownerOf(value), nodes.length);
  let [live, peak] = [0, 0];
  nodes.forEach((node, at) => {
    for (const output of node.outputs) if (ownerOf(output) === output) live += bytesOf(output);
    peak = Math.max(peak, live);
    const gone = new Set([...node.inputs.filter(isPresent), ...node.outputs].map(ownerOf));
    for (const value of gone) if (value.origin.kind === 'node' && (lastRead.get(value) ?? at) <= at) live -= bytesOf(value);
  });
  return peak;
};

/** `fetched` is what the graph is to give; `groups` are the loops that run behind it. */
export const costOf = (fetched: readonly Value[], groups: readonly FusedGroup[]): StepCost => {
  const nodes = nodesOf(fetched);
  let [multiplyAdds, elementOps, bytesMoved] = [0, 0, 0];
  for (const node of nodes) {
    const cost = countNode(node);
    multiplyAdds += cost.multiplyAdds;
    elementOps += cost.elementOps;
    bytesMoved += cost.bytesMoved;
  }
  for (const { size, nodes: inside, operands, results } of groups) {
    elementOps += size * inside.length;
    bytesMoved += 4 * size * (operands.length + results.length);
  }
  const numNodes = nodes.length + groups.reduce((sum, group) => sum + group.nodes.length, 0);
  return { numNodes, multiplyAdds, elementOps, bytesMoved, peakBytes: peakOf(nodes, fetched) };
};
