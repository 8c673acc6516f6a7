/**
 * Steps that run one after another, each as a session of its own: what a session computes and a later one needs again is handed over
 * instead of being computed twice, as a generator's images are that both players of a GAN look at.
 */
import type { GraphOutput } from './serialize.js';
import type { Node, Value } from './values.js';

/** A step's share of the graph that all steps of the sequence were recorded into. */
export interface SequencePart {
  readonly outputs: readonly GraphOutput[];
  /** Nodes that its session computes. */
  readonly within: ReadonlySet<Node>;
  /** Values that it takes over from earlier steps. */
  readonly received: ReadonlySet<Value>;
  /** Values that it leaves for later ones. */
  readonly left: ReadonlySet<Value>;
}

/** Nodes that cost nothing, unless what they make has to leave a session. */
const views: ReadonlySet<string> = new Set(['Reshape', 'Expand']);

/** int64 and uint8 do not leave a session. */
const canBeHandedOver = ({ opType, outputs }: Node): boolean =>
  !views.has(opType) && outputs.every(({ dtype }) => dtype === 'float32' || dtype === 'int32' || dtype === 'bool');

/** Splits the work among steps whose outputs are given in the order in which they run. */
export const planSequence = (steps: readonly (readonly GraphOutput[])[]): readonly SequencePart[] => {
  const makers = new Map<Node, Set<Value>>();
  const parts = steps.map((outputs) => {
    const part = { outputs, within: new Set<Node>(), received: new Set<Value>(), left: new Set<Value>() };
    const stack = outputs.map(({ value }) => value);
    for (let value = stack.pop(); value; value = stack.pop()) {
      const { origin } = value;
      if (origin.kind !== 'node' || part.within.has(origin.node)) continue;
      const left = canBeHandedOver(origin.node) ? makers.get(origin.node) : undefined;
      if (left) {
        left.add(value);
        part.received.add(value);
        continue;
      }
      part.within.add(origin.node);
      for (const input of origin.node.inputs) if (input) stack.push(input);
    }
    for (const node of part.within) if (!makers.has(node)) makers.set(node, part.left);
    return part;
  });
  return parts;
};

/** The name under which a value leaves one session and enters another. */
export const handedName = (value: Value): string => `handed_${String(value.id)}`;
