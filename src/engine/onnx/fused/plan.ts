/**
 * Finds the end of a step that is worth a kernel of its own: elementwise arithmetic that does nothing but make the new values of
 * variables, as optimizers do. onnxruntime passes over memory once per operator; one fused loop reads and writes each element once.
 */
import { nodesOf, type GraphOutput } from '../serialize.js';
import { sizeOf, type Node, type Value } from '../values.js';

/** Arithmetic that a fused loop can do, with its number of operands. */
export const fusibleOps: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Sqrt', 'Neg', 'Abs', 'Max', 'Min']);

/** One loop over elements of equal count. */
export interface FusedGroup {
  readonly size: number;
  /** Values of that size that the loop reads. */
  readonly operands: readonly Value[];
  /** Values of size 1 that it reads; known numbers are not among them. */
  readonly scalars: readonly Value[];
  /** New values, each for the variable that is read as the graph input `variable`. */
  readonly results: readonly { readonly variable: string; readonly value: Value }[];
  /** Nodes in the order of computation. */
  readonly nodes: readonly Node[];
}

export interface Assignment {
  readonly variable: string;
  readonly value: Value;
}

/**
 * Splits assignments into fused groups and those that stay in the graph. A value that anything else reads (an output, an operator
 * that is not elementwise) is never part of a loop.
 */
export const planFusion = (
  assignments: readonly Assignment[],
  outputs: readonly GraphOutput[],
): { readonly groups: readonly FusedGroup[]; readonly rest: readonly Assignment[] } => {
  const order = nodesOf([...outputs.map((output) => output.value), ...assignments.map((assignment) => assignment.value)]);
  const fusible = findFusible(order, assignments, outputs);
  const inLoop = (value: Value): boolean => value.origin.kind === 'node' && fusible.has(value.origin.node);

  const roots = assignments.filter((assignment) => inLoop(assignment.value) && isFloat(assignment.value));
  const groups = connect(roots, fusible).map((members) => toGroup(members, order, fusible));
  // A loop writes over variables while it runs, so no other loop may read them.
  const written = new Map(groups.flatMap((group) => group.results.map(({ variable }) => [variable, group] as const)));
  const reads = (group: FusedGroup): readonly FusedGroup[] =>
    group.operands.concat(group.scalars).flatMap((value) => (value.origin.kind === 'input' ? (written.get(value.origin.name) ?? []) : []));
  const safe = groups.filter(
    (group) => group.operands.length > 0 && groups.every((other) => other === group || !reads(other).includes(group)),
  );
  const fused = new Set(safe.flatMap((group) => group.results.map(({ variable }) => variable)));
  return { groups: safe, rest: assignments.filter(({ variable }) => !fused.has(variable)) };
};

const isFloat = (value: Value): boolean => value.dtype === 'float32';
const firstOutput = (node: Node): Value | undefined => node.outputs[0];

/** Walks from the end: a node is fusible if its arithmetic is, and all who read it are. */
const findFusible = (order: readonly Node[], assignments: readonly Assignment[], outputs: readonly GraphOutput[]): ReadonlySet<Node> => {
  const blocked = new Set<Value>(outputs.map((output) => output.value));
  const wanted = new Map<Value, number>();
  for (const { value } of assignments) wanted.set(value, sizeOf(value.shape));
  const fusible = new Set<Node>();
  for (const node of [...order].reverse()) {
    const output = firstOutput(node);
    if (!output) continue;
    const size = wanted.get(output);
    const fits =
      size !== undefined &&
      size === sizeOf(output.shape) &&
      !blocked.has(output) &&
      isFloat(output) &&
      fusibleOps.has(node.opType) &&
      node.inputs.every((input) => input && fitsInto(input, size));
    if (fits) fusible.add(node);
    for (const input of node.inputs) {
      if (!input) continue;
      // Scalars are left to onnxruntime: their cost is nothing, and a loop would compute them again for each element.
      if (fits && sizeOf(input.shape) === size && size > 1) wanted.set(input, size);
      else blocked.add(input);
    }
  }
  return fusible;
};

const fitsInto = (input: Value, size: number): boolean => isFloat(input) && (sizeOf(input.shape) === 1 || sizeOf(input.shape) === size);

/** Roots that share a node of a loop belong to one loop. */
const connect = (roots: readonly Assignment[], fusible: ReadonlySet<Node>): readonly (readonly Assignment[])[] => {
  const groups: { readonly members: Assignment[]; readonly nodes: Set<Node> }[] = [];
  for (const root of roots) {
    // What reads a fusible node is fusible, so none is missed.
    const nodes = new Set(nodesOf([root.value], fusible));
    const shared = groups.filter(
      (group) => [...nodes].some((node) => group.nodes.has(node)) || sharesOperand(group.members, root, fusible),
    );
    const merged = {
      members: [...shared.flatMap((group) => group.members), root],
      nodes: new Set([...shared.flatMap((group) => [...group.nodes]), ...nodes]),
    };
    for (const group of shared) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map((group) => group.members);
};

/** Two loops that read the same gradient are better one: it is read once. */
const sharesOperand = (members: readonly Assignment[], root: Assignment, fusible: ReadonlySet<Node>): boolean => {
  const large = (assignment: Assignment): readonly Value[] => leavesOf([assignment], fusible).filter((value) => sizeOf(value.shape) > 1);
  const own = new Set(large(root));
  return members.some((member) => sizeOf(member.value.shape) === sizeOf(root.value.shape) && large(member).some((value) => own.has(value)));
};

const leavesOf = (members: readonly Assignment[], fusible: ReadonlySet<Node>): readonly Value[] => {
  const nodes = nodesOf(
    members.map((member) => member.value),
    fusible,
  );
  const isLeaf = (value: Value): boolean => value.origin.kind !== 'node' || !fusible.has(value.origin.node);
  return [...new Set(nodes.flatMap((node) => node.inputs.flatMap((input) => (input && isLeaf(input) ? [input] : []))))];
};

const toGroup = (members: readonly Assignment[], order: readonly Node[], fusible: ReadonlySet<Node>): FusedGroup => {
  const needed = new Set(
    nodesOf(
      members.map((member) => member.value),
      fusible,
    ),
  );
  const size = sizeOf(members[0]?.value.shape ?? []);
  const leaves = leavesOf(members, fusible).filter((leaf) => leaf.origin.kind !== 'uniform');
  return {
    size,
    operands: leaves.filter((leaf) => sizeOf(leaf.shape) === size && size > 1),
    scalars: leaves.filter((leaf) => sizeOf(leaf.shape) === 1),
    results: members,
    nodes: order.filter((node) => needed.has(node)),
  };
};
