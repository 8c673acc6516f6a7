import { describe, expect, it } from 'vitest';
import type { DataFacts, Dataset, Examples, Transform } from '../../../src/registry/contracts/index.js';
import { transformMisfits, withTransforms } from '../../../src/runner/data/transformed.js';
import { readForEvaluation } from '../../../src/runner/train/batches.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { contextOf, readAll } from '../../components/datasets/context.js';
import { dataErrorOf, problem } from '../../components/shared/rejection.js';

const facts: DataFacts = { shape: [2], numClasses: 4, support: 'real', classNames: ['a', 'b', 'c', 'd'] };
/** Example i is [i, epoch], with label i. */
const examples: Examples = {
  count: 4,
  read: (indices, epoch, x, labels) => {
    indices.forEach((index, at) => {
      x.set([index, epoch], 2 * at);
      if (labels) labels[at] = index;
    });
  },
};
const dataset = (known: DataFacts | null = facts): Dataset => ({
  facts: known,
  load: () =>
    Promise.resolve({
      ...facts,
      description: 'numbers',
      splits: { train: examples, validation: examples, test: examples },
      hashes: { a: 'md5:0' },
    }),
});

const addOne: Transform = {
  random: false,
  facts: (data) => data,
  prepare: () => (example, out) => {
    out.set(example.map((value) => value + 1));
  },
};
/** [a, b] -> [a, b, a] */
const repeatFirst: Transform = {
  random: false,
  facts: (data) => ({ ...data, shape: [3] }),
  prepare: () => (example, out) => {
    out.set(example);
    out[2] = example[0] ?? 0;
  },
};
const double: Transform = {
  random: false,
  facts: (data) => data,
  prepare: () => (example, out) => {
    out.set(example.map((value) => 2 * value));
  },
};
/** Puts a draw in place of the second value. */
const replaceSecond: Transform = {
  random: true,
  facts: (data) => data,
  prepare: () => (example, out, draws) => {
    out.set(example);
    draws.uniform(out.subarray(1, 2));
  },
};
/** Keeps one value, which one is drawn. */
const pick: Transform = {
  random: true,
  facts: (data) => ({ ...data, shape: [1] }),
  prepare:
    ({ shape }) =>
    (example, out, draws) => {
      out[0] = example[draws.integer(shape[0] ?? 1)] ?? 0;
    },
};
const neverFits: Transform = {
  random: false,
  facts: () => ({ param: 'size', message: 'wants what there is not', help: 'Leave it out.' }),
  prepare: () => () => undefined,
};

describe('withTransforms', () => {
  it('is the dataset itself where there are none', () => {
    const plain = dataset();
    expect(withTransforms(plain, [])).toBe(plain);
  });

  it('applies all in order, to every split, and passes on epochs and labels', async () => {
    const transformed = withTransforms(dataset(), [addOne, repeatFirst, double], ['add-one', 'repeat-first', 'double']);
    expect(transformed.facts).toEqual({ ...facts, shape: [3] });
    const { splits, ...data } = await transformed.load(contextOf());
    expect(data).toEqual({ ...facts, shape: [3], description: 'numbers, then add-one, repeat-first, double', hashes: { a: 'md5:0' } });
    for (const split of Object.values(splits)) {
      expect(split.count).toBe(4);
      const { x, labels } = readAll(split, 3, 5);
      expect([...x]).toEqual([2, 12, 2, 4, 12, 4, 6, 12, 6, 8, 12, 8]);
      expect([...labels]).toEqual([0, 1, 2, 3]);
    }
  });

  it('reads batches of any size one after the other, and fails at buffers of another', async () => {
    const { train } = (await withTransforms(dataset(), [addOne]).load(contextOf())).splits;
    for (const count of [1, 4, 2]) expect([...readAll({ ...train, count }, 2).x]).toEqual([1, 1, 2, 1, 3, 1, 4, 1].slice(0, 2 * count));
    expect(() => train.read(Int32Array.of(0), 0, new Float32Array(3))).toThrow(RangeError);
  });

  it('draws for each place in the list from a stream of its own, at a tick for each epoch and example', async () => {
    const { splits } = await withTransforms(dataset(), [addOne, replaceSecond]).load(contextOf({ seed: 3 }));
    const drawn = new Float32Array(1);
    const epoch = 1_000_000;
    createRandomStreams(3)
      .draws('data/transform-1', epoch * 2 ** 32 + 2)
      .uniform(drawn);
    const { x } = readAll(splits.train, 2, epoch);
    expect([...x.subarray(4, 6)]).toEqual([3, drawn[0]]);
    expect([...readAll(splits.validation, 2, 7).x]).toEqual([1, 8, 2, 8, 3, 8, 4, 8]);
  });

  it('gives two random transforms of one kind other draws', async () => {
    const addDraw: Transform = {
      random: true,
      facts: (data) => data,
      prepare: () => (example, out, draws) => {
        draws.uniform(out);
        out[0] = (out[0] ?? 0) + (example[0] ?? 0);
      },
    };
    const { train } = (await withTransforms(dataset(), [addDraw, addDraw]).load(contextOf())).splits;
    const drawn = [0, 1].map((place) => {
      const out = new Float32Array(1);
      createRandomStreams(1).draws(`data/transform-${place}`, 0).uniform(out);
      return out[0] ?? 0;
    });
    expect(drawn[0]).not.toBe(drawn[1]);
    expect(readAll(train, 2).x[0]).toBeCloseTo((drawn[0] ?? 0) + (drawn[1] ?? 0), 6);
  });

  it('changes the shape of all splits: at random in training, by the middle of each draw in the others', async () => {
    const { splits, shape } = await withTransforms(dataset(), [repeatFirst, pick]).load(contextOf());
    expect(shape).toEqual([1]);
    expect([...readAll(splits.validation, 1, 9).x]).toEqual([9, 9, 9, 9]);
    expect([...readAll(splits.test, 1, 9).x]).toEqual([9, 9, 9, 9]);
    const epochs = new Set(Array.from({ length: 20 }, (_, epoch) => readAll(splits.train, 1, 100 + epoch).x[3] === 3));
    expect(epochs).toEqual(new Set([true, false]));
  });

  it('keeps augmentation to the steps of training: figures and pictures see the examples as those of other splits are', async () => {
    const { splits } = await withTransforms(dataset(), [addOne, replaceSecond, repeatFirst, pick]).load(contextOf());
    const { plain } = splits.train;
    expect(plain).toBeDefined();
    const seen = new Float32Array(4);
    plain?.read(Int32Array.of(0, 1, 2, 3), 6, seen);
    expect([...seen]).toEqual([...readAll(splits.validation, 1, 6).x]);
    const buffers = { x: new Float32Array(4), labels: new Int32Array(4), indices: new Int32Array(4) };
    readForEvaluation(splits.train, Int32Array.of(3, 2, 1, 0), 0, buffers);
    expect([...buffers.x]).toEqual([...readAll(splits.validation, 1, 0).x].toReversed());
    // Without augmentation there is nothing to keep apart.
    expect((await withTransforms(dataset(), [addOne]).load(contextOf())).splits.train.plain).toBeUndefined();
  });

  it('lets no transform draw that says it is not random', async () => {
    const { splits } = await withTransforms(dataset(), [{ ...replaceSecond, random: false }]).load(contextOf());
    expect(() => readAll(splits.train, 2)).toThrow('not random');
  });
});

describe('transforms that do not fit', () => {
  it('are told before loading where the facts are known: the first of them', () => {
    expect(transformMisfits(facts, [addOne, neverFits, neverFits])).toEqual([
      { index: 1, misfit: { param: 'size', message: 'wants what there is not', help: 'Leave it out.' } },
    ]);
    expect(transformMisfits(facts, [addOne, pick])).toEqual([]);
    expect(transformMisfits(null, [neverFits])).toEqual([]);
    expect(withTransforms(dataset(), [neverFits]).facts).toBeNull();
    expect(withTransforms(dataset(null), [addOne]).facts).toBeNull();
  });

  it('end the loading where only the data could tell', async () => {
    const load = () => withTransforms(dataset(null), [addOne, neverFits], ['add-one', 'never-fits']).load(contextOf());
    const error = await dataErrorOf(load);
    expect(error).toMatchObject(problem('transform-misfit', { index: 1, transform: 'never-fits', param: 'size' }));
    expect(error.message).toMatchInlineSnapshot(`
      "data.transforms[1].size: transform "never-fits" wants what there is not.
      Leave it out."
    `);
  });
});
