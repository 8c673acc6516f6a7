import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine, hostTensor, type CompiledStep, type InputSpecs, type SequenceStep } from '../../../src/engine/index.js';

const engine = await createEngine('onnx', { threads: 1 });
afterAll(() => engine.dispose());

const inputs = { x: { shape: [4], dtype: 'float32' } } as const satisfies InputSpecs;
type Inputs = typeof inputs;

/** Two players that look at exp(x): the first moves w by its sum, the second reads the new w, and moves v. */
const players = (w: tf.Variable, v: tf.Variable): readonly SequenceStep<Inputs>[] => [
  {
    ...{ name: 'first', inputs },
    step: ({ x }) => {
      const shared = tf.sin(tf.exp(x));
      w.assign(tf.add(w, tf.mul(shared, 0.5)));
      return { first: tf.sum(shared) };
    },
  },
  {
    ...{ name: 'second', inputs },
    step: ({ x }) => {
      const shared = tf.sin(tf.exp(x));
      v.assign(tf.sub(v, tf.mul(w, shared)));
      return { second: tf.sum(tf.mul(shared, w)) };
    },
  },
];
const variables = (): readonly [tf.Variable, tf.Variable] => [
  engine.variable(Float32Array.of(1, 2, 3, 4), [4]),
  engine.variable(Float32Array.of(0, 0, 0, 0), [4]),
];
const compileSequence = async (steps: readonly SequenceStep<Inputs>[], confirm = false): Promise<readonly CompiledStep<Inputs>[]> => {
  if (!engine.compileSequence) throw new Error('the onnx engine compiles sequences');
  return engine.compileSequence(steps, { confirm });
};

describe('a sequence of steps', () => {
  it('gives what the same steps give on their own, over and over', async () => {
    const [w, v] = variables();
    const [ownW, ownV] = variables();
    const sequence = await compileSequence(players(w, v));
    const own = await Promise.all(players(ownW, ownV).map(({ name, step }) => engine.compile(name, inputs, step)));
    for (let tick = 0; tick < 3; tick++) {
      const x = Float32Array.of(tick, -1, 0.5, 2);
      for (const i of [0, 1]) expect({ ...(await sequence[i]?.run({ x }, tick)) }).toEqual({ ...(await own[i]?.run({ x }, tick)) });
      expect(engine.read(w)).toEqual(engine.read(ownW));
      expect(engine.read(v)).toEqual(engine.read(ownV));
    }
  });

  it('computes once what both need', async () => {
    const sequence = await compileSequence(players(...variables()));
    const [first = '', second = ''] = sequence.map((step) => step.describe() ?? '');
    expect(first).toMatch(/= Sin\(/);
    expect(second).not.toMatch(/= (Sin|Exp)\(/);
    expect(second).toMatch(/input {2}handed_\d+: float32\[4\]/);
  });

  it('shows a later step what an earlier one has committed, and nothing before', async () => {
    const [w, v] = variables();
    const sequence = await compileSequence(players(w, v), true);
    const x = new Float32Array(4);
    await sequence[0]?.run({ x }, 0);
    expect(engine.read(w)).toEqual(Float32Array.of(1, 2, 3, 4));
    sequence[0]?.commit();
    const moved = [1, 2, 3, 4].map((value) => value + Math.sin(1) / 2);
    const results = await sequence[1]?.run({ x }, 0);
    expect(results?.['second']?.[0]).toBeCloseTo(
      moved.reduce((sum, value) => sum + value * Math.sin(1), 0),
      4,
    );
  });

  it('does not let a later step run on what an earlier one left on another tick', async () => {
    const sequence = await compileSequence(players(...variables()));
    const x = new Float32Array(4);
    await sequence[0]?.run({ x }, 0);
    await expect(sequence[1]?.run({ x }, 1)).rejects.toThrow(/have not run on tick 1/);
  });

  it('fills a host tensor once that several steps use', async () => {
    const ticks: number[] = [];
    let noise: tf.Tensor | null = null;
    const noisy = (): tf.Tensor => (noise ??= tf.keep(hostTensor('noise', [4], (out, tick) => out.fill(ticks.push(tick)))));
    const steps: readonly SequenceStep<Inputs>[] = [
      { name: 'first', inputs, step: ({ x }) => ({ first: tf.add(x, noisy()) }) },
      {
        ...{ name: 'second', inputs },
        step: ({ x }) => {
          const second = tf.mul(x, noisy());
          noise = null;
          return { second };
        },
      },
    ];
    const sequence = await compileSequence(steps);
    const x = Float32Array.of(1, 2, 3, 4);
    for (const tick of [5, 6]) {
      const [first, second] = [await sequence[0]?.run({ x }, tick), await sequence[1]?.run({ x }, tick)];
      expect(first?.['first']).toEqual(x.map((value) => value + tick - 4));
      expect(second?.['second']).toEqual(x.map((value) => value * (tick - 4)));
    }
    expect(ticks).toEqual([5, 6]);
  });
});
