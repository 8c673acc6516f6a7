/** Values that components are tried on, the same each time, and what is asked of the numbers that come back. */
import type { Shape } from '../registry/contracts/index.js';
import { createRandomStreams } from '../runner/random/index.js';
import type { Feed, Numbers } from './bench.js';

export const sizeOf = (shape: Shape): number => shape.reduce((size, dim) => size * dim, 1);

/** Standard normal values; `name` says which. */
export const normalValues = (name: string, size: number): Float32Array => {
  const values = new Float32Array(size);
  createRandomStreams(20).draws(name, 0).normal(values);
  return values;
};

export const normalFeed = (name: string, shape: Shape): Feed => ({ shape, values: normalValues(name, sizeOf(shape)) });

/** Zeros and ones. */
export const binaryFeed = (name: string, shape: Shape): Feed => ({
  shape,
  values: normalValues(name, sizeOf(shape)).map((value) => (value > 0 ? 1 : 0)),
});

export const labelFeed = (count: number, numClasses: number): Feed => ({
  shape: [count],
  values: Int32Array.from({ length: count }, (_, i) => i % numClasses),
});

/** The first value that is no number, as `name[3] is NaN`; null where all are finite. */
export const findNonFinite = (numbers: Numbers): string | null => {
  for (const [name, values] of Object.entries(numbers)) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return `${name}[${String(at)}] is ${String(values[at])}`;
  }
  return null;
};

/** The first output that differs, with by how much; `tolerance` is relative to the largest magnitude of the output. */
export const findDifference = (actual: Numbers, expected: Numbers, tolerance: number): string | null => {
  for (const [name, values] of Object.entries(expected)) {
    const others = actual[name];
    if (others?.length !== values.length) return `${name} has ${String(others?.length ?? 0)} values, not ${String(values.length)}`;
    const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-30);
    const at = values.findIndex((value, i) => !(Math.abs((others[i] ?? Number.NaN) - value) <= tolerance * scale));
    if (at >= 0) return `${name}[${String(at)}] is ${String(others[at])}, not ${String(values[at])}`;
  }
  return null;
};
