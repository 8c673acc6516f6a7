/** Optimizers: pure rules that keep shapes and slots, stand still at learning rate 0, and go downhill. */
import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { withBench, type Feeds, type Step } from '../bench.js';
import { buildSmall } from '../entries.js';
import type { Examination } from '../examination.js';
import { examine } from '../probe.js';
import { normalFeed } from '../values.js';

const shape = [5];
const numUpdates = 400;

/** One update from given slots; what comes back is the value and the slots. */
const updateStep =
  (optimizer: Optimizer): Step =>
  ({ value = tf.zeros(shape), gradient = tf.zeros(shape), learningRate = tf.scalar(0), count = tf.scalar(1), ...slots }) => {
    const given = Object.fromEntries(optimizer.slots.map((name) => [name, slots[`slot ${name}`] ?? tf.zeros(shape)]));
    const next = optimizer.update({
      value,
      gradient,
      slots: given,
      learningRate: tf.reshape(learningRate, []),
      count: tf.reshape(count, []),
    });
    return { value: next.value, ...Object.fromEntries(Object.entries(next.slots).map(([name, slot]) => [`slot ${name}`, slot])) };
  };

const scalar = (value: number): Feeds[string] => ({ shape: [], values: Float32Array.of(value) });

const feedsOf = (optimizer: Optimizer, learningRate: number, count: number): Feeds => ({
  value: normalFeed('value', shape),
  gradient: normalFeed('gradient', shape),
  learningRate: scalar(learningRate),
  count: scalar(count),
  // Sums of squares are what most slots hold: none is negative.
  ...Object.fromEntries(optimizer.slots.map((name) => [`slot ${name}`, { shape, values: normalFeed(name, shape).values.map(Math.abs) }])),
});

/** Half the squared distance to 1 of each value, before and after many updates. */
const descend = (optimizer: Optimizer, learningRate: number): Promise<readonly [before: number, after: number]> =>
  withBench('cpu', 1, async (bench) => {
    const names = ['value', ...optimizer.slots.map((name) => `slot ${name}`)];
    let values: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
      names.map((name) => [name, name === 'value' ? [...normalFeed('value', shape).values] : [0, 0, 0, 0, 0]]),
    );
    const distance = (): number => (values['value'] ?? []).reduce((sum, value) => sum + (value - 1) ** 2 / 2, 0);
    const before = distance();
    for (let count = 1; count <= numUpdates; count++) {
      const current = Object.fromEntries(names.map((name) => [name, { shape, values: Float32Array.from(values[name] ?? []) }]));
      const gradient = { shape, values: Float32Array.from(values['value'] ?? [], (value) => value - 1) };
      values = await bench.run(
        { ...current, gradient, learningRate: scalar(learningRate), count: scalar(count) },
        true,
        updateStep(optimizer),
      );
    }
    return [before, distance()];
  });

export const examineOptimizer = async (
  examination: Examination,
  registry: Registry,
  component: AnyComponent<'optimizer'>,
): Promise<void> => {
  const optimizer = buildSmall(registry, 'optimizer', component);
  const prepare = (): Step => updateStep(optimizer);
  for (const count of [1, 10]) {
    const outputs = await examine(examination, {
      what: `update ${String(count)}`,
      feeds: feedsOf(optimizer, 0.01, count),
      training: true,
      prepare,
      differentiates: null,
      reachesAll: false,
    });
    if (outputs === null) return;
    await examination.check(`update ${String(count)}: keeps its slots and their shapes`, () => {
      const expected = ['value', ...optimizer.slots.map((name) => `slot ${name}`)].toSorted();
      if (Object.keys(outputs).toSorted().join() !== expected.join())
        return `it declares ${expected.join(', ')}, and gives ${Object.keys(outputs).toSorted().join(', ')}`;
      const bad = Object.entries(outputs).find(([, values]) => values.length !== 5);
      return bad === undefined ? null : `${bad[0]} has ${String(bad[1].length)} values, not 5`;
    });
  }
  await examination.check('stands still at learning rate 0', async () => {
    const feeds = feedsOf(optimizer, 0, 3);
    const { value = [] } = await withBench('cpu', 1, (bench) => bench.run(feeds, true, updateStep(optimizer)));
    const moved = value.findIndex((each, i) => each !== feeds['value']?.values[i]);
    return moved < 0 ? null : `it moves a value by ${String((value[moved] ?? 0) - (feeds['value']?.values[moved] ?? 0))}`;
  });
  await examination.check('goes downhill', async () => {
    const [before, after] = await descend(optimizer, 0.02);
    return after < before / 2
      ? null
      : `on half a squared distance it came from ${before.toPrecision(3)} to ${after.toPrecision(3)} in ${String(numUpdates)} updates`;
  });
};
