/** Random operands whose shapes broadcast, and numbers on which kernels are tried. */
import fc from 'fast-check';
import type { Operand } from './against-cpu.js';
import { shapes, tensors } from './operands.js';

type DataType = NonNullable<Operand['dtype']>;

/** `shape`, or without some of its first axes, or with one element where it has more. */
const narrowed = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .record({
      from: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: shape.length }) }),
      mask: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: shape.length, maxLength: shape.length }),
    })
    .map(({ from, mask }) => shape.map((dim, i) => (mask[i] === 0 ? 1 : dim)).slice(from));

/** Two operands that broadcast to a shape of rank 0 to 5. */
export const pairs = (dtype: DataType, a?: fc.Arbitrary<number>, b = a): fc.Arbitrary<[Operand, Operand]> =>
  shapes({ maxSize: 3 }).chain((shape) =>
    fc.tuple(narrowed(shape), narrowed(shape)).chain(([shapeA, shapeB]) => fc.tuple(tensors(shapeA, dtype, a), tensors(shapeB, dtype, b))),
  );

/** Quarters between two bounds, exact in float32, so that comparisons agree to the last bit. */
export const quarters = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.ceil(min * 4), max: Math.floor(max * 4) }).map((n) => n / 4);
export const quartersBut = (excluded: number, min: number, max: number): fc.Arbitrary<number> =>
  quarters(min, max).filter((x) => x !== excluded);
/** All magnitudes from 2^-20 to 2^20, either sign. */
export const magnitudes = fc
  .record({ sign: fc.constantFrom(-1, 1), digits: fc.integer({ min: 16, max: 31 }), exponent: fc.integer({ min: -20, max: 16 }) })
  .map(({ sign, digits, exponent }) => (sign * digits * 2 ** exponent) / 16);

/** What arithmetic treats in a way of its own. */
export const specials = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  -2,
  3,
  -3.5,
  1e-30,
  -1e-30,
  1e30,
  -1e30,
  3e38,
  -3e38,
  88.5,
  -88.5,
  100,
  -100,
] as const;
export const specialTensor = (values: readonly number[] = specials): Operand => ({ shape: [values.length], values });
/** Each with each. */
export const specialPair = (values: readonly number[] = specials): [Operand, Operand] => [
  { shape: [values.length, 1], values },
  { shape: [values.length], values },
];
