/**
 * Writes a graph as an ONNX ModelProto. Only what the outputs need is written, so nodes that nobody reads are gone.
 * The field numbers are those of onnx.proto (IR version 10, opset 21 of ai.onnx and 1 of com.microsoft).
 */
import protobuf from 'protobufjs/minimal.js';
import { elementCodes } from './graph.js';
import { stopName } from './uncopied.js';
import { filledArray, sizeOf, type Attribute, type Node, type Value } from './values.js';

/** A graph's result under the name by which it is fetched. */
export interface GraphOutput {
  readonly name: string;
  readonly value: Value;
}

export interface SerializedGraph {
  readonly bytes: Uint8Array;
  /** Nodes in the order of execution. */
  readonly nodes: readonly Node[];
  /** Inputs that some output depends on; the session knows no others. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly GraphOutput[];
  readonly nameOf: (value: Value) => string;
}

const opset = 21;
const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** Every node that `outputs` depend on, operands first; of `within` alone where that is given, and through no other node. */
export const nodesOf = (outputs: readonly Value[], within: ReadonlySet<Node> | null = null): readonly Node[] => {
  const done = new Set<Node>();
  // A stack of its own: recorded steps are deeper than the call stack is.
  const stack = outputs.map((value) => ({ value, expanded: false })).reverse();
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { origin } = top.value;
    if (origin.kind !== 'node' || done.has(origin.node) || within?.has(origin.node) === false) continue;
    if (top.expanded) {
      done.add(origin.node);
      continue;
    }
    stack.push({ value: top.value, expanded: true });
    for (const input of origin.node.inputs) if (input) stack.push({ value: input, expanded: false });
  }
  return [...done];
};

interface SerializeOptions {
  /** For `runUncopied`, with the output in front that it needs. */
  readonly uncopied?: boolean;
  /** The nodes to write; all that `outputs` depend on if absent. */
  readonly within?: ReadonlySet<Node> | null;
  /** Values that nodes outside of `within` make, which are fed under these names. */
  readonly received?: ReadonlyMap<Value, string>;
}

export const serializeGraph = (
  outputs: readonly GraphOutput[],
  { uncopied = false, within = null, received = new Map() }: SerializeOptions = {},
): SerializedGraph => {
  const nodes = nodesOf(
    outputs.map((output) => output.value),
    within,
  );
  const names = new Map<Value, string>(received);
  // An output is named directly where it can be; an input, a constant or a value that is fetched twice needs a copy.
  const copies: GraphOutput[] = [];
  for (const output of outputs) {
    if (output.value.origin.kind === 'node' && !names.has(output.value)) names.set(output.value, output.name);
    else copies.push(output);
  }
  nodes.forEach((node, index) => {
    for (const [i, value] of node.outputs.entries())
      if (!names.has(value)) names.set(value, `${node.opType}_${String(index)}${i > 0 ? `_${String(i)}` : ''}`);
  });
  const operands = [...nodes.flatMap((node) => node.inputs), ...copies.map((copy) => copy.value)];
  const leaves = [...new Set(operands.flatMap((value) => (value && value.origin.kind !== 'node' ? [value] : [])))];
  for (const leaf of leaves) names.set(leaf, leaf.origin.kind === 'input' ? leaf.origin.name : `constant_${String(leaf.id)}`);
  const taken = [...new Set(operands.flatMap((value) => (value && received.has(value) ? [value] : [])))];
  const nameOf = (value: Value): string => {
    const name = names.get(value);
    if (name === undefined) throw new Error(`value ${String(value.id)} is not part of the graph`);
    return name;
  };
  const inputs = [...leaves.filter((leaf) => leaf.origin.kind === 'input'), ...taken];

  const graph = protobuf.Writer.create();
  nodes.forEach((node, index) => {
    writeNode(
      graph,
      node.opType,
      `${node.label}#${String(index)}`,
      node.inputs.map((input) => (input ? nameOf(input) : '')),
      node.outputs.map(nameOf),
      node.attributes,
    );
  });
  for (const copy of copies) writeNode(graph, 'Identity', `copy ${copy.name}`, [nameOf(copy.value)], [copy.name], {});
  if (uncopied) writeNode(graph, 'SequenceEmpty', stopName, [], [stopName], {});
  graph.uint32(tag(2, 2)).string('step');
  for (const leaf of leaves) if (leaf.origin.kind !== 'input') writeInitializer(graph, leaf, nameOf(leaf));
  for (const input of inputs) writeValueInfo(graph, 11, input, nameOf(input));
  if (uncopied) writeSequenceInfo(graph, 12, stopName);
  for (const output of outputs) writeValueInfo(graph, 12, output.value, output.name);

  const model = protobuf.Writer.create();
  model.uint32(tag(1, 0)).int64(10).uint32(tag(2, 2)).string('latentlab');
  model.uint32(tag(7, 2)).bytes(graph.finish());
  model.uint32(tag(8, 2)).fork().uint32(tag(1, 2)).string('').uint32(tag(2, 0)).int64(opset).ldelim();
  model.uint32(tag(8, 2)).fork().uint32(tag(1, 2)).string('com.microsoft').uint32(tag(2, 0)).int64(1).ldelim();
  return { bytes: model.finish(), nodes, inputs, outputs, nameOf };
};

const tag = (field: number, wireType: 0 | 2 | 5): number => (field << 3) | wireType;

const writeNode = (
  graph: protobuf.Writer,
  opType: string,
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Node['attributes'],
): void => {
  const writer = graph.uint32(tag(1, 2)).fork();
  for (const input of inputs) writer.uint32(tag(1, 2)).string(input);
  for (const output of outputs) writer.uint32(tag(2, 2)).string(output);
  writer.uint32(tag(3, 2)).string(name).uint32(tag(4, 2)).string(opType);
  for (const [key, attribute] of Object.entries(attributes)) writeAttribute(writer, key, attribute);
  if (microsoftOps.has(opType)) writer.uint32(tag(7, 2)).string('com.microsoft');
  writer.ldelim();
};

/** Operators of onnxruntime's own domain that lowerings may use. */
const microsoftOps: ReadonlySet<string> = new Set(['FusedMatMul', 'FusedGemm']);

const writeAttribute = (node: protobuf.Writer, name: string, attribute: Attribute): void => {
  const writer = node.uint32(tag(5, 2)).fork().uint32(tag(1, 2)).string(name);
  if (typeof attribute === 'number') writer.uint32(tag(3, 0)).int64(attribute).uint32(tag(20, 0)).int32(attributeType.int);
  else if (typeof attribute === 'string')
    writer.uint32(tag(4, 2)).bytes(new TextEncoder().encode(attribute)).uint32(tag(20, 0)).int32(attributeType.string);
  else if ('float' in attribute) writer.uint32(tag(2, 5)).float(attribute.float).uint32(tag(20, 0)).int32(attributeType.float);
  else {
    for (const element of attribute) writer.uint32(tag(8, 0)).int64(element);
    writer.uint32(tag(20, 0)).int32(attributeType.ints);
  }
  writer.ldelim();
};

const writeInitializer = (graph: protobuf.Writer, value: Value, name: string): void => {
  const data =
    value.origin.kind === 'constant'
      ? value.origin.data
      : filledArray(value.dtype, sizeOf(value.shape), value.origin.kind === 'uniform' ? value.origin.fill : NaN);
  const writer = graph.uint32(tag(5, 2)).fork();
  for (const dim of value.shape) writer.uint32(tag(1, 0)).int64(dim);
  writer.uint32(tag(2, 0)).int32(elementCodes[value.dtype]).uint32(tag(8, 2)).string(name);
  writer
    .uint32(tag(9, 2))
    .bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .ldelim();
};

const writeValueInfo = (graph: protobuf.Writer, field: number, value: Value, name: string): void => {
  const writer = graph.uint32(tag(field, 2)).fork().uint32(tag(1, 2)).string(name);
  writer.uint32(tag(2, 2)).fork().uint32(tag(1, 2)).fork().uint32(tag(1, 0)).int32(elementCodes[value.dtype]);
  writer.uint32(tag(2, 2)).fork();
  for (const dim of value.shape) writer.uint32(tag(1, 2)).fork().uint32(tag(1, 0)).int64(dim).ldelim();
  writer.ldelim().ldelim().ldelim().ldelim();
};

/** A sequence of float32 tensors of any shape. */
const writeSequenceInfo = (graph: protobuf.Writer, field: number, name: string): void => {
  const writer = graph.uint32(tag(field, 2)).fork().uint32(tag(1, 2)).string(name).uint32(tag(2, 2)).fork().uint32(tag(4, 2)).fork();
  writer.uint32(tag(1, 2)).fork().uint32(tag(1, 2)).fork().uint32(tag(1, 0)).int32(elementCodes.float32);
  writer.ldelim().ldelim().ldelim().ldelim().ldelim();
};
