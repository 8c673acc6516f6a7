import { describe, expect, it } from 'vitest';
import type { Binarization } from '../../../src/components/shared/binarize.js';
import { createImageData, type LabelledImages } from '../../../src/components/shared/image-data.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import type { Data, Examples } from '../../../src/registry/contracts/index.js';
import { ramp } from './idx-bytes.js';

const SIZE = 64;
const file = (count: number, firstLabel: number): LabelledImages => ({
  images: { file: 'a', count, shape: [8, 8, 1], pixels: Uint8Array.from(ramp(count * SIZE), (k, i) => (k * 7 + i * 13) % 256) },
  labels: Int32Array.from({ length: count }, (_, i) => firstLabel + i),
});

const createData = (binarization: Binarization, seed = 1, trainRows: readonly number[] = [0, 2, 4, 5]): Data => {
  const [train, test] = [file(8, 0), file(3, 100)];
  return createImageData({
    title: 'Ramps',
    splits: {
      train: { source: train, rows: Int32Array.from(trainRows) },
      validation: { source: train, rows: Int32Array.of(7, 6) },
      test: { source: test, rows: Int32Array.of(1, 2) },
    },
    numClasses: 103,
    binarization,
    random: createRandomStreams(seed),
    hashes: { a: 'md5:0' },
  });
};

const readOne = (examples: Examples, index: number, epoch = 0): Float32Array => {
  const x = new Float32Array(SIZE);
  examples.read(Int32Array.of(index), epoch, x);
  return x;
};

describe('reading a split', () => {
  it('gives examples and labels in the order that is asked for, repeats included', () => {
    const { train } = createData('none').splits;
    const x = new Float32Array(3 * SIZE);
    const labels = new Int32Array(3);
    train.read(Int32Array.of(3, 0, 3), 0, x, labels);
    expect([...labels]).toEqual([5, 0, 5]);
    const { pixels } = file(8, 0).images;
    const expected = [5, 0, 5].flatMap((row) => [...pixels.subarray(row * SIZE, (row + 1) * SIZE)].map((k) => Math.fround(k / 255)));
    expect([...x]).toEqual(expected);
  });

  it('goes by the rows of its own file', () => {
    const { validation, test } = createData('none').splits;
    const [x, labels] = [new Float32Array(2 * SIZE), new Int32Array(2)];
    validation.read(Int32Array.of(0, 1), 0, x, labels);
    expect([...labels]).toEqual([7, 6]);
    test.read(Int32Array.of(0, 1), 0, x, labels);
    expect([...labels]).toEqual([101, 102]);
  });

  it('leaves labels alone where the data has none', () => {
    const source: LabelledImages = { ...file(2, 0), labels: null };
    const split = { source, rows: Int32Array.of(0) };
    const data = createImageData({
      title: 'Unlabelled',
      splits: { train: split, validation: { source, rows: Int32Array.of(1) }, test: { source, rows: new Int32Array(0) } },
      numClasses: null,
      binarization: 'none',
      random: createRandomStreams(1),
      hashes: {},
    });
    const labels = Int32Array.of(-7);
    data.splits.train.read(Int32Array.of(0), 0, new Float32Array(SIZE), labels);
    expect([...labels]).toEqual([-7]);
    expect(data.splits.test.count).toBe(0);
    data.splits.test.read(new Int32Array(0), 0, new Float32Array(0));
  });

  it('fails where an example is not there or the buffer is of another size', () => {
    const { train } = createData('none').splits;
    expect(() => readOne(train, 4)).toThrow(RangeError);
    expect(() => readOne(train, -1)).toThrow(RangeError);
    expect(() => train.read(Int32Array.of(0), 0, new Float32Array(SIZE + 1))).toThrow(RangeError);
  });
});

describe('what is known of the data', () => {
  it('says what the values are', () => {
    expect(createData('none')).toMatchObject({ shape: [8, 8, 1], numClasses: 103, support: 'unit-interval', hashes: { a: 'md5:0' } });
    expect(createData('static', 5)).toMatchObject({
      support: 'binary',
      description: 'Ramps, one static Bernoulli sample of each pixel (seed 5)',
    });
  });
});

describe('binarization of a split', () => {
  const isBinary = (x: Float32Array): boolean => x.every((value) => value === 0 || value === 1);
  const splitNames = ['train', 'validation', 'test'] as const;

  it('by threshold looks at the value alone', () => {
    for (const name of splitNames) {
      const grey = readOne(createData('none').splits[name], 1);
      expect(readOne(createData('threshold').splits[name], 1)).toEqual(grey.map((value) => (value > 0.5 ? 1 : 0)));
    }
  });

  it('is the same static sample in every epoch, every run and every order of reading', () => {
    for (const name of splitNames) {
      const { splits } = createData('static');
      const first = readOne(splits[name], 1, 0);
      expect(isBinary(first)).toBe(true);
      expect(readOne(splits[name], 1, 9)).toEqual(first);
      const again = createData('static').splits;
      readOne(again[name], 0);
      expect(readOne(again[name], 1, 3)).toEqual(first);
      expect(readOne(createData('static', 2).splits[name], 1)).not.toEqual(first);
    }
  });

  it('gives an example one static sample, whichever others are used', () => {
    // Row 4 of the file is example 2 of the first data set and example 0 of the second.
    expect(readOne(createData('static').splits.train, 2)).toEqual(readOne(createData('static', 1, [4, 3]).splits.train, 0));
  });

  it('draws independently for the training and the test file', () => {
    const [train, test] = [file(3, 0), file(3, 0)];
    const rows = Int32Array.of(0, 1, 2);
    const { splits } = createImageData({
      title: 'Twins',
      splits: { train: { source: train, rows }, validation: { source: train, rows: new Int32Array(0) }, test: { source: test, rows } },
      numClasses: null,
      binarization: 'static',
      random: createRandomStreams(1),
      hashes: {},
    });
    expect(readOne(splits.train, 0)).not.toEqual(readOne(splits.test, 0));
  });

  it('is dynamic in training only: another sample in each epoch, the same when an epoch is repeated', () => {
    const { splits } = createData('dynamic');
    const epochs = [0, 1, 2, 3, 1_000_000].map((epoch) => readOne(splits.train, 1, epoch));
    expect(epochs.every(isBinary)).toBe(true);
    expect(new Set(epochs.map((x) => x.join())).size).toBe(epochs.length);
    expect(readOne(createData('dynamic').splits.train, 1, 2)).toEqual(epochs[2]);
    for (const name of ['validation', 'test'] as const) {
      expect(readOne(splits[name], 1, 5)).toEqual(readOne(splits[name], 1, 0));
      expect(readOne(splits[name], 1)).toEqual(readOne(createData('static').splits[name], 1));
    }
  });

  it('never gives an example in one epoch the draws of another example or epoch', () => {
    const seen = new Set<string>();
    const { train } = createImageData({
      title: 'Grey',
      splits: {
        train: { source: grey, rows: Int32Array.from({ length: 8 }, (_, i) => i) },
        validation: { source: grey, rows: new Int32Array(0) },
        test: { source: grey, rows: new Int32Array(0) },
      },
      numClasses: null,
      binarization: 'dynamic',
      random: createRandomStreams(1),
      hashes: {},
    }).splits;
    for (let epoch = 0; epoch < 50; epoch++) for (let i = 0; i < 8; i++) seen.add(readOne(train, i, epoch).join(''));
    expect(seen.size).toBe(400);
  });

  it('has the grey value as its mean over epochs', () => {
    const { train } = createData('dynamic').splits;
    const numEpochs = 4000;
    const sum = new Float64Array(SIZE);
    for (let epoch = 0; epoch < numEpochs; epoch++) readOne(train, 0, epoch).forEach((bit, i) => (sum[i] = (sum[i] ?? 0) + bit));
    const grey = readOne(createData('none').splits.train, 0);
    grey.forEach((p, i) => {
      expect(Math.abs((sum[i] ?? 0) - numEpochs * p)).toBeLessThanOrEqual(4.5 * Math.sqrt(numEpochs * p * (1 - p)) + 1e-3);
    });
  });
});

const grey: LabelledImages = {
  images: { file: 'grey', count: 8, shape: [8, 8, 1], pixels: new Uint8Array(8 * SIZE).fill(128) },
  labels: null,
};
