/** A compiled step as text: inputs, nodes with shapes and attributes, outputs, fused loops. For golden files and for curious eyes. */
import { assignmentName } from './names.js';
import type { FusedGroup } from './fused/plan.js';
import type { Cut } from './fused/run.js';
import type { SerializedGraph } from './serialize.js';
import type { Node, Value } from './values.js';

const spec = (value: Value): string => `${value.dtype}[${value.shape.join(',')}]`;

const known = (value: Value): string | null => {
  const { origin, shape } = value;
  if (origin.kind === 'uniform') return `${String(origin.fill)}${shape.length > 0 ? `:[${shape.join(',')}]` : ''}`;
  if (origin.kind === 'constant') return origin.data.length <= 8 ? `[${origin.data.join(',')}]` : `constant:${spec(value)}`;
  return null;
};

const attributesOf = ({ attributes }: Node): string =>
  Object.entries(attributes)
    .map(([key, value]) => ` ${key}=${typeof value === 'object' && 'float' in value ? String(value.float) : JSON.stringify(value)}`)
    .join('');

export const describeGraph = ({ nodes, inputs, outputs, nameOf }: SerializedGraph): string => {
  const operand = (value: Value | null): string => (value ? (known(value) ?? nameOf(value)) : '_');
  const lines = inputs.map((input) => `input  ${nameOf(input)}: ${spec(input)}`);
  for (const node of nodes) {
    const results = node.outputs.map((output) => `${nameOf(output)}: ${spec(output)}`).join(', ');
    const label = node.label ? `  # ${node.label}` : '';
    lines.push(`${results} = ${node.opType}(${node.inputs.map(operand).join(', ')})${attributesOf(node)}${label}`);
  }
  for (const { name, value } of outputs)
    if (value.origin.kind !== 'node' || nameOf(value) !== name) lines.push(`${name} = ${operand(value)}`);
  return lines.join('\n') + '\n';
};

/** The loops that run after the graph, when a step is committed. */
export const describeLoops = (groups: readonly FusedGroup[], cuts: readonly Cut[]): string =>
  groups.map((group) => `${describeLoop(group, new Map(cuts.map(({ name, value }) => [value, name])))}\n`).join('');

const describeLoop = ({ size, nodes, results }: FusedGroup, cuts: ReadonlyMap<Value, string>): string => {
  const names = new Map<Value, string>();
  const operand = (value: Value | null): string => {
    if (!value) return '_';
    return known(value) ?? names.get(value) ?? cuts.get(value) ?? (value.origin.kind === 'input' ? value.origin.name : '?');
  };
  const lines = nodes.map((node, i) => {
    const line = `  ${node.opType}_${String(i)} = ${node.opType}(${node.inputs.map(operand).join(', ')})`;
    for (const output of node.outputs) names.set(output, `${node.opType}_${String(i)}`);
    return line;
  });
  for (const { variable, value } of results) lines.push(`  ${assignmentName(variable)} = ${operand(value)}`);
  return [`loop over ${String(size)} elements`, ...lines].join('\n');
};
