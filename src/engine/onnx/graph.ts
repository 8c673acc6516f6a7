/**
 * Builds the graph of one recorded step. Building simplifies: equal nodes are merged, numbers that are the same everywhere
 * stay one number, and a broadcast is put off until something needs it at full size, so that gradients of means and
 * sums do not fill memory with copies of one scalar.
 */
import { innermostLabel } from '../labels.js';
import { evaluators, isNeutral } from './fold.js';
import {
  broadcastShapes,
  sameShape,
  sizeOf,
  type Attributes,
  type ElementType,
  type HostArray,
  type Node,
  type Shape,
  type Value,
  type ValueSpec,
} from './values.js';

/** Elements from which on a reshape is cheaper than arithmetic element by element. */
const worthAReshape = 2048;

export class Graph {
  readonly #merged = new Map<string, readonly Value[]>();
  readonly #inputs = new Map<string, Value>();
  #nextId = 0;

  get inputs(): readonly Value[] {
    return [...this.#inputs.values()];
  }

  /** A tensor that is fed at each run; steps of a sequence share those of one name. */
  input(name: string, spec: ValueSpec): Value {
    const known = this.#inputs.get(name);
    if (known && sameShape(known.shape, spec.shape) && known.dtype === spec.dtype) return known;
    const value = this.#value(spec, { kind: 'input', name });
    this.#inputs.set(name, value);
    return value;
  }

  /** Host values that stay. The array is kept, not copied. */
  constant(data: HostArray, shape: Shape, dtype: ElementType): Value {
    const fill = uniformFill(data);
    if (fill !== null) return this.uniform(fill, shape, dtype);
    // Small constants (axes, shapes, scalars) recur all the time; large ones are not worth a key.
    if (data.length > 64) return this.#value({ shape, dtype }, { kind: 'constant', data });
    const elements: Iterable<number | bigint> = data;
    const key = `constant ${dtype} [${shape.join()}] ${Array.from(elements, (element) => (Object.is(element, -0) ? '-0' : String(element))).join()}`;
    return this.#mergedSingle(key, () => this.#value({ shape, dtype }, { kind: 'constant', data }));
  }

  /** A tensor of one number. */
  uniform(fill: number, shape: Shape, dtype: ElementType): Value {
    return this.#mergedSingle(`uniform ${dtype} [${shape.join()}] ${Object.is(fill, -0) ? '-0' : String(fill)}`, () =>
      this.#value({ shape, dtype }, { kind: 'uniform', fill }),
    );
  }

  scalar(fill: number, dtype: ElementType = 'float32'): Value {
    return this.uniform(fill, [], dtype);
  }

  /** A 1-D int64 constant, as ONNX wants axes, shapes and indices. */
  indices(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], 'int64');
  }

  /**
   * A node with any number of outputs; an equal earlier node is used again. Shapes must be right: nothing infers them. Values without
   * elements need no node, and onnxruntime refuses many that would make one.
   */
  nodes(opType: string, inputs: readonly (Value | null)[], attributes: Attributes, outputs: readonly ValueSpec[]): readonly Value[] {
    if (outputs.every(({ shape }) => sizeOf(shape) === 0)) return outputs.map(({ shape, dtype }) => this.uniform(0, shape, dtype));
    const key = `${opType}(${inputs.map((input) => input?.id ?? '').join()}) ${JSON.stringify(attributes)} ${String(outputs.length)}`;
    const known = this.#merged.get(key);
    if (known) return known;
    const values: Value[] = [];
    const node: Node = { opType, inputs, attributes, outputs: values, label: innermostLabel() };
    outputs.forEach((spec, index) => values.push(this.#value(spec, { kind: 'node', node, index })));
    this.#merged.set(key, values);
    return values;
  }

  /** A node with one output. */
  node(opType: string, inputs: readonly (Value | null)[], attributes: Attributes, output: ValueSpec): Value {
    const [value] = this.nodes(opType, inputs, attributes, [output]);
    if (!value) throw new Error(`${opType} has no output`);
    return value;
  }

  /**
   * A node that works element by element with ONNX broadcasting, e.g. Add, Exp, Where, Greater. It is computed at the size that its
   * operands have before they are broadcast, folded where all are uniform, and left out where it changes nothing.
   * `dtype` is the result's, the first operand's if absent.
   */
  elementwise(
    opType: string,
    operands: readonly Value[],
    dtype: ElementType = operands[0]?.dtype ?? 'float32',
    attributes: Attributes = {},
  ): Value {
    const shape = broadcastShapes(...operands.map((operand) => operand.shape));
    if (sizeOf(shape) === 0) return this.uniform(0, shape, dtype);
    const cores = operands.map((operand) => this.unbroadcast(operand));
    const fills = cores.map((core) => (core.origin.kind === 'uniform' ? core.origin.fill : undefined));
    const evaluate = evaluators[opType];
    if (evaluate && fills.every((fill) => fill !== undefined)) {
      const folded = evaluate(dtype, ...fills);
      if (folded !== null) return this.uniform(folded, shape, dtype);
    }
    const [left, right] = cores;
    if (left && right && cores.length === 2) {
      if (isNeutral(opType, 'right', fills[1]) && left.dtype === dtype) return this.expand(left, shape);
      if (isNeutral(opType, 'left', fills[0]) && right.dtype === dtype) return this.expand(right, shape);
    }
    return this.expand(this.#broadcast(opType, cores, attributes, dtype), shape);
  }

  /**
   * onnxruntime finds runs of memory from the last axis on; where that has one element in every operand it goes element by element, which
   * makes a scalar times a grey image many times slower. Such axes are left out of the arithmetic, save on little tensors, where a reshape
   * costs as much.
   */
  #broadcast(opType: string, cores: readonly Value[], attributes: Attributes, dtype: ElementType): Value {
    const shape = broadcastShapes(...cores.map((core) => core.shape));
    const rank = shape.findLastIndex((size) => size > 1) + 1;
    if (rank === shape.length || sizeOf(shape) < worthAReshape || cores.every((core) => sameShape(core.shape, shape)))
      return this.node(opType, cores, attributes, { shape, dtype });
    const numDropped = shape.length - rank;
    const shorter = cores.map((core) => this.reshape(core, core.shape.slice(0, Math.max(0, core.shape.length - numDropped))));
    return this.reshape(this.node(opType, shorter, attributes, { shape: shape.slice(0, rank), dtype }), shape);
  }

  /** Broadcast to `shape`; costs nothing until somebody needs the full size. */
  expand(value: Value, shape: Shape): Value {
    if (sameShape(value.shape, shape)) return value;
    const core = this.unbroadcast(value);
    if (core.origin.kind === 'uniform') return this.uniform(core.origin.fill, shape, value.dtype);
    return this.node('Expand', [core, this.indices(shape)], {}, { shape, dtype: value.dtype });
  }

  reshape(value: Value, shape: Shape): Value {
    if (sameShape(value.shape, shape)) return value;
    if (value.origin.kind === 'uniform') return this.uniform(value.origin.fill, shape, value.dtype);
    if (value.origin.kind === 'node' && value.origin.node.opType === 'Reshape') {
      const inner = value.origin.node.inputs[0];
      if (inner) return this.reshape(inner, shape);
    }
    const core = this.unbroadcast(value);
    if (core !== value && sizeOf(core.shape) === 1) return this.expand(this.reshape(core, []), shape);
    return this.node('Reshape', [value, this.indices(shape)], {}, { shape, dtype: value.dtype });
  }

  transpose(value: Value, perm: readonly number[]): Value {
    const shape = perm.map((axis) => value.shape[axis] ?? 1);
    if (perm.every((axis, i) => axis === i)) return value;
    if (value.origin.kind === 'uniform') return this.uniform(value.origin.fill, shape, value.dtype);
    const core = this.unbroadcast(value);
    if (core !== value) {
      const aligned = this.reshape(core, [...value.shape.slice(core.shape.length).map(() => 1), ...core.shape]);
      return this.expand(this.transpose(aligned, perm), shape);
    }
    if (value.origin.kind === 'node' && value.origin.node.opType === 'Transpose') {
      const [inner] = value.origin.node.inputs;
      const first = value.origin.node.attributes['perm'];
      if (inner && Array.isArray(first))
        return this.transpose(
          inner,
          perm.map((axis) => Number(first[axis])),
        );
    }
    // Only axes of one element change places.
    const moved = perm.filter((axis) => value.shape[axis] !== 1);
    if (moved.every((axis, i) => axis > (moved[i - 1] ?? -1))) return this.reshape(value, shape);
    return this.node('Transpose', [value], { perm }, { shape, dtype: value.dtype });
  }

  /** ONNX's own cast: truncates floats to int32, takes anything but 0 as true. */
  cast(value: Value, dtype: ElementType): Value {
    if (value.dtype === dtype) return value;
    if (value.origin.kind === 'uniform') {
      const { fill } = value.origin;
      return this.uniform(dtype === 'bool' ? Number(fill !== 0) : dtype === 'float32' ? fill : Math.trunc(fill), value.shape, dtype);
    }
    const core = this.unbroadcast(value);
    return this.expand(this.node('Cast', [core], { to: elementCodes[dtype] }, { shape: core.shape, dtype }), value.shape);
  }

  /** The value before it was broadcast; a uniform becomes a scalar. */
  unbroadcast(value: Value): Value {
    if (value.origin.kind === 'uniform') return this.scalar(value.origin.fill, value.dtype);
    if (value.origin.kind === 'node' && value.origin.node.opType === 'Expand') return value.origin.node.inputs[0] ?? value;
    return value;
  }

  #mergedSingle(key: string, make: () => Value): Value {
    const known = this.#merged.get(key)?.[0];
    if (known) return known;
    const value = make();
    this.#merged.set(key, [value]);
    return value;
  }

  #value(spec: ValueSpec, origin: Value['origin']): Value {
    return { id: this.#nextId++, shape: spec.shape, dtype: spec.dtype, origin };
  }
}

/** The one number that fills `data`; null if there are several, or none. Signed zeros differ: 1 / -0 is not 1 / 0. */
const uniformFill = (data: HostArray): number | null => {
  const [first] = data;
  if (first === undefined || Object.is(first, -0)) return null;
  // By index: what iterates over an array takes ten times as long, and components make large ones of zeros.
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], first)) return null;
  return Number(first);
};

/** ONNX TensorProto.DataType. */
export const elementCodes: Readonly<Record<ElementType, number>> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };
