/**
 * A dataset behind its transforms: the splits' readers are wrapped, nothing is kept but buffers. What augmentation draws for an
 * example is a pure function of (seed, place of the transform, epoch, index of the example), whichever batch reads it.
 */
import { DataError } from '../../components/shared/data-error.js';
import type {
  Data,
  DataFacts,
  Dataset,
  Draws,
  Examples,
  LoadContext,
  Misfit,
  RandomStreams,
  Transform,
} from '../../registry/contracts/index.js';

export interface TransformMisfit {
  /** Of the transform in the list. */
  readonly index: number;
  readonly misfit: Misfit;
}

/** A transform and the data as it finds them. */
interface Stage {
  readonly transform: Transform;
  readonly index: number;
  readonly before: DataFacts;
  readonly after: DataFacts;
}

const isMisfit = (result: DataFacts | Misfit): result is Misfit => 'message' in result;
const sizeOf = ({ shape }: DataFacts): number => shape.reduce((product, dim) => product * dim, 1);
const changesShape = ({ before, after }: Stage): boolean => before.shape.join() !== after.shape.join();

/** Follows the facts through the list, as far as transforms fit. */
const follow = (
  facts: DataFacts,
  transforms: readonly Transform[],
): { readonly stages: readonly Stage[]; readonly misfit: TransformMisfit | null } => {
  const stages: Stage[] = [];
  let before = facts;
  for (const [index, transform] of transforms.entries()) {
    const after = transform.facts(before);
    if (isMisfit(after)) return { stages, misfit: { index, misfit: after } };
    stages.push({ transform, index, before, after });
    before = after;
  }
  return { stages, misfit: null };
};

/**
 * Why transforms cannot be applied; empty where they can, or where only the loaded data will tell. The first that does not fit is
 * the only one named: what those behind it would be given is not known.
 */
export const transformMisfits = (facts: DataFacts | null, transforms: readonly Transform[]): readonly TransformMisfit[] => {
  const misfit = facts === null ? null : follow(facts, transforms).misfit;
  return misfit === null ? [] : [misfit];
};

const noDraws = (): never => {
  throw new Error('A transform that is not random drew random numbers.');
};
/** For transforms that are not random. */
const forbidden: Draws = { uniform: noDraws, normal: noDraws, integer: noDraws, permutation: noDraws };

/** The middle of every draw, for random changes of the shape where nothing is to be random. */
const middle: Draws = {
  uniform: (out) => {
    out.fill(0.5);
  },
  normal: (out) => {
    out.fill(0);
  },
  integer: (below) => (below - 1) >> 1,
  permutation: (count) => Int32Array.from({ length: count }, (_, i) => i),
};

/** Leaves room for 2^32 examples and two million epochs below the largest tick. */
const EPOCH = 2 ** 32;

type DrawsOf = (stage: Stage, epoch: number, example: number) => Draws;

const wrapExamples = (source: Examples, stages: readonly Stage[], drawsOf: DrawsOf): Examples => {
  const [first, last] = [stages[0], stages.at(-1)];
  if (first === undefined || last === undefined) return source;
  const [inSize, outSize] = [sizeOf(first.before), sizeOf(last.after)];
  const changes = stages.map(({ transform, before }) => transform.prepare(before));
  const between = stages.slice(0, -1).map(({ after }) => new Float32Array(sizeOf(after)));
  let raw = new Float32Array(0);
  return {
    count: source.count,
    read: (indices, epoch, x, labels) => {
      if (x.length !== indices.length * outSize)
        throw new RangeError(`${indices.length} examples need ${indices.length * outSize} values, x holds ${x.length}`);
      if (raw.length !== indices.length * inSize) raw = new Float32Array(indices.length * inSize);
      source.read(indices, epoch, raw, labels);
      for (const [i, index] of indices.entries()) {
        let example: Float32Array = raw.subarray(i * inSize, (i + 1) * inSize);
        for (const [k, stage] of stages.entries()) {
          const out = between[k] ?? x.subarray(i * outSize, (i + 1) * outSize);
          changes[k]?.(example, out, drawsOf(stage, epoch, index));
          example = out;
        }
      }
    },
  };
};

const transformData = (data: Data, stages: readonly Stage[], random: RandomStreams, names: readonly string[]): Data => {
  const facts = stages.at(-1)?.after ?? data;
  const training: DrawsOf = ({ transform, index }, epoch, example) =>
    transform.random ? random.draws(`data/transform-${index}`, epoch * EPOCH + example) : forbidden;
  const others: DrawsOf = ({ transform }) => (transform.random ? middle : forbidden);
  const still = stages.filter((stage) => !stage.transform.random || changesShape(stage));
  const isAugmented = stages.some(({ transform }) => transform.random);
  const { train, validation, test } = data.splits;
  return {
    ...facts,
    description: `${data.description}, then ${names.join(', ')}`,
    splits: {
      train: { ...wrapExamples(train, stages, training), ...(isAugmented ? { plain: wrapExamples(train, still, others) } : {}) },
      validation: wrapExamples(validation, still, others),
      test: wrapExamples(test, still, others),
    },
    hashes: data.hashes,
  };
};

/** What is known of loaded data, without the data. */
const factsOf = ({ shape, numClasses, support, classNames, mixture }: Data): DataFacts => ({
  shape,
  numClasses,
  support,
  ...(classNames === undefined ? {} : { classNames }),
  ...(mixture === undefined ? {} : { mixture }),
});

/**
 * The dataset as a model sees it. Facts are those behind all transforms; null where the dataset's are, or where a transform does
 * not fit. Random transforms change examples for training steps alone, except where the contract says otherwise.
 * @param names How the transforms are called in texts, by place.
 * @returns A dataset whose `load` throws DataError transform-misfit, beside what the dataset itself throws.
 */
export const withTransforms = (
  dataset: Dataset,
  transforms: readonly Transform[],
  names: readonly string[] = transforms.map((_, index) => `transform ${index}`),
): Dataset => {
  if (transforms.length === 0) return dataset;
  const before = dataset.facts;
  const known = before === null ? null : follow(before, transforms);
  return {
    facts: known?.misfit === null ? (known.stages.at(-1)?.after ?? before) : null,
    ...(dataset.counts === undefined ? {} : { counts: () => dataset.counts?.() ?? { train: 0, validation: 0, test: 0 } }),
    load: async (context: LoadContext) => {
      const data = await dataset.load(context);
      const { stages, misfit } = follow(factsOf(data), transforms);
      if (misfit !== null) {
        const { index, misfit: reason } = misfit;
        const { param, message, help } = reason;
        throw new DataError('transform-misfit', { index, transform: names[index] ?? '', param, message, help });
      }
      return transformData(data, stages, context.random, names);
    },
  };
};
