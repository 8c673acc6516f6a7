/** Applies one transform to one example, with draws that a test chooses. */
import type { DataFacts, Draws, Misfit, Shape, Support, Transform } from '../../../src/registry/contracts/index.js';

export const factsOf = (shape: Shape, support: Support = 'unit-interval'): DataFacts => ({ shape, numClasses: null, support });
export const isMisfit = (result: DataFacts | Misfit): result is Misfit => 'message' in result;

/** Draws that come from a list, in order, and end with it. */
const drawsFrom = (numbers: readonly number[]): Draws => {
  const left = [...numbers];
  const next = (): number => {
    const number = left.shift();
    if (number === undefined) throw new Error('more was drawn than expected');
    return number;
  };
  const fill = (out: Float32Array): void => {
    for (let i = 0; i < out.length; i++) out[i] = next();
  };
  return {
    uniform: fill,
    normal: fill,
    integer: (below) => {
      const number = next();
      if (number >= below) throw new Error(`${number} was to be drawn, and only numbers below ${below} can be`);
      return number;
    },
    permutation: () => {
      throw new Error('no transform shuffles');
    },
  };
};

/** What becomes of one example, and of the facts. */
export const apply = (
  transform: Transform,
  before: DataFacts,
  example: readonly number[],
  drawn: readonly number[] = [],
): { readonly facts: DataFacts; readonly values: readonly number[] } => {
  const facts = transform.facts(before);
  if (isMisfit(facts)) throw new Error(facts.message);
  // What buffers held before must not matter.
  const out = new Float32Array(facts.shape.reduce((size, dim) => size * dim, 1)).fill(-77);
  transform.prepare(before)(Float32Array.from(example), out, drawsFrom(drawn));
  return { facts, values: [...out] };
};

export const misfitOf = (transform: Transform, before: DataFacts): Misfit => {
  const facts = transform.facts(before);
  if (isMisfit(facts)) return facts;
  throw new Error('The transform fits.');
};

/** 0, 1 / 16, 2 / 16, ...: exact in float32. */
export const sixteenths = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i / 16);
