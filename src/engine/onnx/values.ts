/** Values and nodes: what a recorded step consists of before it is written as ONNX. */

export type Shape = readonly number[];
/** The element types that a recorded step uses; TensorFlow.js knows the first three. */
export type ElementType = 'float32' | 'int32' | 'bool' | 'int64' | 'uint8';
export type HostArray = Float32Array | Int32Array | Uint8Array | BigInt64Array;

export interface ValueSpec {
  readonly shape: Shape;
  readonly dtype: ElementType;
}

export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Node {
  readonly opType: string;
  /** null is an optional input that is left out. */
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  /** Who recorded it. */
  readonly label: string;
}

export type Origin =
  | { readonly kind: 'input'; readonly name: string }
  /** Host values, row-major. */
  | { readonly kind: 'constant'; readonly data: HostArray }
  /** One number everywhere, never stored at full size before it must be. */
  | { readonly kind: 'uniform'; readonly fill: number }
  | { readonly kind: 'node'; readonly node: Node; readonly index: number };

/** A tensor in a recorded step. Two equal expressions are the same object. */
export interface Value extends ValueSpec {
  readonly id: number;
  readonly origin: Origin;
}

export const sizeOf = (shape: Shape): number => shape.reduce((size, dim) => size * dim, 1);
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dim, i) => dim === b[i]);

/** NumPy broadcasting. Throws a plain Error if the shapes do not fit. */
export const broadcastShapes = (...shapes: readonly Shape[]): Shape => {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let dim = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === dim || own === 1) continue;
      if (dim !== 1) throw new Error(`shapes ${shapes.map((s) => `[${s.join(', ')}]`).join(' and ')} do not broadcast`);
      dim = own;
    }
    return dim;
  });
};

const arrayTypes = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, uint8: Uint8Array, int64: BigInt64Array } as const;

/** A host array of the element type, all `fill`. */
export const filledArray = (dtype: ElementType, size: number, fill: number): HostArray => {
  if (dtype === 'int64') return new BigInt64Array(size).fill(BigInt(fill));
  return new arrayTypes[dtype](size).fill(fill);
};
