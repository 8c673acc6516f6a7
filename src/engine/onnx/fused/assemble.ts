/**
 * A fused group as a WebAssembly SIMD module: one loop, four float32 lanes at a time.
 * Encoding: WebAssembly core specification 2.0, chapter 5 (binary format), with the vector instructions of section 5.4.8.
 */
import type { Value } from '../values.js';
import type { FusedGroup } from './plan.js';

/** Called with the byte addresses of operands, then of results, then the byte count, then the scalars. */
export type FusedKernel = (...arguments_: readonly number[]) => void;

const i32 = 0x7f;
const f32 = 0x7d;
const v128 = 0x7b;

const unsigned = (value: number): number[] => {
  const bytes: number[] = [];
  for (let rest = value; ;) {
    const low = rest & 0x7f;
    rest >>>= 7;
    if (rest === 0) return [...bytes, low];
    bytes.push(low | 0x80);
  }
};
const vector = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
const getLocal = (index: number): number[] => [0x20, ...unsigned(index)];
const setLocal = (index: number): number[] => [0x21, ...unsigned(index)];
const teeLocal = (index: number): number[] => [0x22, ...unsigned(index)];
const f32Const = (value: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
const i32Const = (value: number): number[] => [0x41, value];
const i32Add = [0x6a];
const load = [...vector(0x00), 4, 0];
const store = [...vector(0x0b), 4, 0];
const splat = vector(0x13);
const lessThan = vector(0x43);
const andNot = vector(0x4f);
const absolute = vector(0xe0);

const arithmetic: Readonly<Record<string, number[]>> = {
  Add: vector(0xe4),
  Sub: vector(0xe5),
  Mul: vector(0xe6),
  Div: vector(0xe7),
  Min: vector(0xe8),
  Max: vector(0xe9),
  Abs: absolute,
  Neg: vector(0xe1),
  Sqrt: vector(0xe3),
};

const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
const text = (value: string): number[] => [...unsigned(value.length), ...new TextEncoder().encode(value)];

/** Smallest normal float32: results below it become zero, as they do in the session, which computes on without denormals. */
const smallestNormal = 2 ** -126;

export const assembleKernel = (group: FusedGroup, memory: WebAssembly.Memory): FusedKernel => {
  const { operands, results, scalars, nodes } = group;
  const numAddresses = operands.length + results.length;
  const bytes = numAddresses;
  const firstScalar = bytes + 1;
  const offset = firstScalar + scalars.length;
  let nextLocal = offset + 1;

  // Before the loop, each scalar and each known number is spread over four lanes, once.
  const locals = new Map<Value, number>();
  const prologue: number[] = [];
  const spread = (push: readonly number[]): number => {
    prologue.push(...push, ...splat, ...setLocal(nextLocal));
    return nextLocal++;
  };
  scalars.forEach((scalar, i) => locals.set(scalar, spread(getLocal(firstScalar + i))));
  for (const node of nodes) {
    for (const input of node.inputs)
      if (input?.origin.kind === 'uniform' && !locals.has(input)) locals.set(input, spread(f32Const(input.origin.fill)));
  }
  const threshold = spread(f32Const(smallestNormal));

  const address = (parameter: number): number[] => [...getLocal(parameter), ...getLocal(offset), ...i32Add];
  const loop: number[] = [];
  // All loads come before all stores: results may lie where operands do.
  operands.forEach((operand, i) => {
    loop.push(...address(i), ...load, ...setLocal(nextLocal));
    locals.set(operand, nextLocal++);
  });
  const localOf = (value: Value): number => {
    const local = locals.get(value);
    if (local === undefined) throw new Error(`value ${String(value.id)} is not part of the fused group`);
    return local;
  };
  for (const node of nodes) {
    const [output] = node.outputs;
    const instruction = arithmetic[node.opType];
    if (!output || !instruction) throw new Error(`${node.opType} cannot be fused`);
    for (const input of node.inputs) if (input) loop.push(...getLocal(localOf(input)));
    loop.push(...instruction, ...setLocal(nextLocal));
    locals.set(output, nextLocal++);
  }
  results.forEach(({ value }, i) => {
    const local = localOf(value);
    // value & ~(|value| < smallest normal): a comparison with NaN is false, so NaN stays NaN.
    loop.push(
      ...address(operands.length + i),
      ...getLocal(local),
      ...getLocal(local),
      ...absolute,
      ...getLocal(threshold),
      ...lessThan,
      ...andNot,
      ...store,
    );
  });
  const code = [
    ...prologue,
    ...[0x03, 0x40],
    ...loop,
    ...[...getLocal(offset), ...i32Const(16), ...i32Add, ...teeLocal(offset), ...getLocal(bytes), 0x49, 0x0d, 0x00],
    ...[0x0b, 0x0b],
  ];
  const declarations = [...unsigned(2), ...unsigned(1), i32, ...unsigned(nextLocal - offset - 1), v128];
  const body = [...declarations, ...code];
  const parameters = [...Array.from({ length: numAddresses + 1 }, () => i32), ...scalars.map(() => f32)];
  const module = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, ...unsigned(parameters.length), ...parameters, 0]),
    ...section(2, [1, ...text('host'), ...text('memory'), 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('run'), 0x00, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { host: { memory } });
  const { run } = exports;
  if (typeof run !== 'function') throw new Error('the fused kernel has no function');
  return (...values) => {
    run(...values);
  };
};
