/**
 * Points drawn from a known distribution: one pass of draws makes a whole split, which is kept until another epoch is asked for.
 * A point is a pure function of (seed, split, epoch, index), and not of how many points there are.
 */
import type {
  Data,
  DataFacts,
  Dataset,
  Draws,
  Examples,
  GaussianMixture,
  RandomStreams,
  SplitName,
} from '../../registry/contracts/index.js';
import type { Params, ValuesOf } from '../../registry/params.js';

const heldOut = (split: string) =>
  ({
    type: 'integer',
    minimum: 0,
    default: 2560,
    description: `Examples of the ${split} split, which stay the same in all epochs.`,
  }) as const;

export const toyParams = {
  examples: {
    type: 'integer',
    minimum: 1,
    default: 25_600,
    description: 'Examples of the training split; an epoch is as many.',
  },
  validation: heldOut('validation'),
  test: heldOut('test'),
  fresh: {
    type: 'boolean',
    default: true,
    description: 'Whether the training examples are drawn anew in each epoch, so that none is seen twice.',
  },
} as const satisfies Params;

export const deviationParam = (value: number) =>
  ({ type: 'number', exclusiveMinimum: 0, default: value, description: 'Standard deviation of each mode in every direction.' }) as const;

/** Draws of one purpose: each purpose has a stream of its own, so that more points leave the first as they are. */
type DrawsFor = (purpose: string) => Draws;

/** Fills x, [count, ...shape], and the labels of the points. */
type Sample = (draws: DrawsFor, x: Float32Array, labels: Int32Array) => void;

interface ToyParts {
  /** What the points are, e.g. "8 Gaussians on a ring". */
  readonly title: string;
  readonly facts: DataFacts;
  readonly sample: Sample;
}

/** @param freshEpochs Whether each epoch has points of its own. */
const createExamples = (
  name: SplitName,
  count: number,
  freshEpochs: boolean,
  { facts, sample }: ToyParts,
  random: RandomStreams,
): Examples => {
  const size = facts.shape.reduce((product, dim) => product * dim, 1);
  const [points, classes] = [new Float32Array(count * size), new Int32Array(count)];
  let drawn = -1;
  return {
    count,
    read: (indices, epoch, x, labels) => {
      if (x.length !== indices.length * size)
        throw new RangeError(`${indices.length} examples need ${indices.length * size} values, x holds ${x.length}`);
      const tick = freshEpochs ? epoch : 0;
      if (drawn !== tick) {
        sample((purpose) => random.draws(`data/${name}/${purpose}`, tick), points, classes);
        drawn = tick;
      }
      for (let i = 0; i < indices.length; i++) {
        const index = indices[i] ?? -1;
        if (index < 0 || index >= count) throw new RangeError(`there is no example ${index} in a split of ${count}`);
        for (let d = 0; d < size; d++) x[i * size + d] = points[index * size + d] ?? 0;
        if (labels !== undefined && facts.numClasses !== null) labels[i] = classes[index] ?? 0;
      }
    },
  };
};

/** A dataset of points; everything about it is known beforehand. */
export const createToyDataset = (parts: ToyParts, { examples, validation, test, fresh }: ValuesOf<typeof toyParams>): Dataset => ({
  facts: parts.facts,
  counts: () => ({ train: examples, validation, test }),
  load: ({ random }) => {
    const split = (name: SplitName, count: number): Examples => createExamples(name, count, fresh && name === 'train', parts, random);
    const drawn = fresh ? 'drawn anew in each epoch' : 'drawn once';
    const data: Data = {
      ...parts.facts,
      description: `${parts.title}, ${drawn} (seed ${random.seed})`,
      splits: { train: split('train', examples), validation: split('validation', validation), test: split('test', test) },
      hashes: {},
    };
    return Promise.resolve(data);
  },
});

/** x = mean of a random mode + deviation * noise; the label is the mode. */
export const sampleMixture = ({ means, deviation }: GaussianMixture): Sample => {
  const centres = means.map((mean) => Float64Array.from(mean));
  return (draws, x, labels) => {
    draws('noise').normal(x);
    const modes = draws('mode');
    const size = x.length / labels.length;
    for (let i = 0; i < labels.length; i++) {
      const mode = modes.integer(centres.length);
      const centre = centres[mode];
      labels[i] = mode;
      for (let d = 0; d < size; d++) x[i * size + d] = (centre?.[d] ?? 0) + deviation * (x[i * size + d] ?? 0);
    }
  };
};
