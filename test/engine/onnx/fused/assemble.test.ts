import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena } from '../../../../src/engine/onnx/fused/arena.js';
import { assembleKernel } from '../../../../src/engine/onnx/fused/assemble.js';
import { fusibleOps, planFusion } from '../../../../src/engine/onnx/fused/plan.js';
import { Graph } from '../../../../src/engine/onnx/graph.js';
import type { Value } from '../../../../src/engine/onnx/values.js';

const reference: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  Sqrt: Math.sqrt,
  Neg: (a) => -a,
  Abs: Math.abs,
};

/** Runs `build` as one fused kernel that writes to the variable `w`, for given w, g and the scalar s. */
const runFused = (
  build: (g: Graph, w: Value, gradient: Value, s: Value) => Value,
  w: readonly number[],
  gradient: readonly number[],
  s: number,
): Float32Array => {
  const graph = new Graph();
  const spec = { shape: [w.length], dtype: 'float32' as const };
  const value = build(graph, graph.input('w', spec), graph.input('gradient', spec), graph.input('s', { shape: [], dtype: 'float32' }));
  const { groups } = planFusion([{ variable: 'w', value }], []);
  const [group] = groups;
  if (!group) throw new Error('nothing was fused');
  const arena = new Arena();
  const kernel = assembleKernel(group, arena.memory);
  const blocks = group.operands.map((operand) => {
    const block = arena.allocate(w.length);
    block.array.set(operand.origin.kind === 'input' && operand.origin.name === 'w' ? w : gradient);
    return block;
  });
  const inPlace =
    blocks[group.operands.findIndex((operand) => operand.origin.kind === 'input' && operand.origin.name === 'w')] ??
    arena.allocate(w.length);
  kernel(...blocks.map((block) => block.address), inPlace.address, Math.ceil(w.length / 4) * 16, ...group.scalars.map(() => s));
  return inPlace.array.slice();
};

const float = fc.float({ noNaN: true, min: Math.fround(-1e6), max: Math.fround(1e6) });

describe('assembleKernel', () => {
  it.each([...fusibleOps])('computes %s as float32 arithmetic does', (opType) => {
    const f = reference[opType];
    if (!f) throw new Error(`no reference for ${opType}`);
    const isUnary = f.length === 1 || ['Sqrt', 'Neg', 'Abs'].includes(opType);
    fc.assert(
      fc.property(fc.array(fc.tuple(float, float), { minLength: 2, maxLength: 19 }), (pairs) => {
        const w = pairs.map(([a]) => a);
        const gradient = pairs.map(([, b]) => b);
        const actual = runFused((g, a, b) => g.node(opType, isUnary ? [a] : [a, b], {}, a), w, gradient, 0);
        const flushed = (x: number): number => (Math.abs(x) < 2 ** -126 ? 0 * x : x);
        pairs.forEach(([a, b], i) => {
          const expected = flushed(Math.fround(f(a, b)));
          expect(
            Math.abs((actual[i] ?? NaN) - expected) <= 0 ||
              Object.is(actual[i], expected) ||
              (Number.isNaN(expected) && Number.isNaN(actual[i])),
            `${opType}(${String(a)}, ${String(b)}) = ${String(actual[i])}`,
          ).toBe(true);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('combines operands, scalars and known numbers in one loop, in place', () => {
    const actual = runFused(
      (g, w, gradient, s) => g.elementwise('Sub', [w, g.elementwise('Mul', [g.elementwise('Add', [gradient, g.scalar(1)]), s])]),
      [1, 2, 3, 4, 5],
      [0, 1, 2, 3, 4],
      0.5,
    );
    expect([...actual]).toEqual([0.5, 1, 1.5, 2, 2.5]);
  });

  it('makes results that are too small to be normal zero, and keeps NaN and infinities', () => {
    const actual = runFused(
      (g, w, gradient) => g.node('Mul', [w, gradient], {}, w),
      [1e-30, NaN, Infinity, -1e-30, 2 ** -126],
      [1e-10, 1, 1, 1e-10, 1],
      0,
    );
    expect([...actual]).toEqual([0, NaN, Infinity, 0, 2 ** -126]);
  });
});

describe('planFusion', () => {
  const setUp = (): { graph: Graph; w: Value; m: Value; gradient: Value } => {
    const graph = new Graph();
    const spec = { shape: [2, 3], dtype: 'float32' as const };
    const x = graph.input('x', spec);
    return { graph, w: graph.input('w', spec), m: graph.input('m', spec), gradient: graph.node('Tanh', [x], {}, spec) };
  };

  it('puts variables that follow from one gradient into one loop', () => {
    const { graph, w, m, gradient } = setUp();
    const nextM = graph.elementwise('Add', [graph.elementwise('Mul', [m, graph.scalar(0.9)]), gradient]);
    const nextW = graph.elementwise('Sub', [w, nextM]);
    const { groups, rest } = planFusion(
      [
        { variable: 'w', value: nextW },
        { variable: 'm', value: nextM },
      ],
      [],
    );
    expect(rest).toEqual([]);
    expect(groups.map((group) => group.results.map((result) => result.variable).sort())).toEqual([['m', 'w']]);
    expect(groups[0]?.nodes).toHaveLength(3);
  });

  it('leaves a new value in the graph when an output or another operator reads it', () => {
    const { graph, w, gradient } = setUp();
    const next = graph.elementwise('Sub', [w, gradient]);
    expect(planFusion([{ variable: 'w', value: next }], [{ name: 'y', value: next }]).groups).toEqual([]);
    const read = graph.node('Tanh', [next], {}, next);
    expect(planFusion([{ variable: 'w', value: next }], [{ name: 'y', value: read }]).groups).toEqual([]);
  });

  it('does not let one loop overwrite what another reads', () => {
    const { graph, w, m } = setUp();
    // A swap: each needs the other's old value.
    const { groups, rest } = planFusion(
      [
        { variable: 'w', value: graph.elementwise('Mul', [m, graph.scalar(2)]) },
        { variable: 'm', value: graph.elementwise('Mul', [w, graph.scalar(3)]) },
      ],
      [],
    );
    expect(groups).toEqual([]);
    expect(rest).toHaveLength(2);
  });

  it('leaves sums that broadcast, and integers, in the graph', () => {
    const { graph, w } = setUp();
    const row = graph.input('row', { shape: [3], dtype: 'float32' });
    expect(planFusion([{ variable: 'w', value: graph.elementwise('Add', [w, row]) }], []).groups).toEqual([]);
    const count = graph.input('count', { shape: [3], dtype: 'int32' });
    expect(planFusion([{ variable: 'count', value: graph.elementwise('Add', [count, count]) }], []).groups).toEqual([]);
  });
});

describe('Arena', () => {
  it('keeps values while it grows, and gives freed memory out again, zeroed', () => {
    const arena = new Arena();
    const first = arena.allocate(10);
    first.array.fill(7);
    const second = arena.allocate(1_000_000);
    expect([...first.array]).toEqual(Array<number>(10).fill(7));
    expect(second.array.every((value) => value === 0)).toBe(true);
    arena.free(first);
    const third = arena.allocate(12);
    expect(third.address).toBe(first.address);
    expect([...third.array]).toEqual(Array<number>(12).fill(0));
  });
});
