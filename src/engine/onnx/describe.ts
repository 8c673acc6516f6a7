/** A compiled step as text: inputs, nodes with shapes and attributes, outputs. For golden files and for curious eyes. */
import type { SerializedGraph } from './serialize.js';
import type { Value } from './values.js';

export const describeGraph = ({ nodes, inputs, outputs, nameOf }: SerializedGraph): string => {
  const spec = (value: Value): string => `${value.dtype}[${value.shape.join(',')}]`;
  const operand = (value: Value | null): string => {
    if (!value) return '_';
    if (value.origin.kind === 'uniform') return `${String(value.origin.fill)}${value.shape.length > 0 ? `:[${value.shape.join(',')}]` : ''}`;
    if (value.origin.kind === 'constant') return value.origin.data.length <= 8 ? `[${value.origin.data.join(',')}]` : `constant:${spec(value)}`;
    return nameOf(value);
  };
  const lines = inputs.map((input) => `input  ${nameOf(input)}: ${spec(input)}`);
  for (const node of nodes) {
    const attributes = Object.entries(node.attributes).map(([key, value]) => ` ${key}=${typeof value === 'object' && 'float' in value ? String(value.float) : JSON.stringify(value)}`);
    const outputs = node.outputs.map((output) => `${nameOf(output)}: ${spec(output)}`).join(', ');
    lines.push(`${outputs} = ${node.opType}(${node.inputs.map(operand).join(', ')})${attributes.join('')}${node.label ? `  # ${node.label}` : ''}`);
  }
  for (const { name, value } of outputs) if (value.origin.kind !== 'node' || nameOf(value) !== name) lines.push(`${name} = ${operand(value)}`);
  return lines.join('\n') + '\n';
};
