/** Data of a known shape and size whose values do not matter: what a model is traced on. */
import type { Data, DataFacts, Examples, SplitName } from '../../registry/contracts/index.js';

export type Counts = Readonly<Record<SplitName, number>>;

/** Examples of zeros, whose labels are the classes in turn. */
const createExamples = (count: number, numClasses: number | null): Examples => ({
  count,
  read: (indices, _epoch, x, labels) => {
    x.fill(0);
    if (numClasses !== null) labels?.set(indices.map((index) => index % numClasses));
  },
});

export const createStandIn = (facts: DataFacts, counts: Counts): Data => {
  const split = (name: SplitName): Examples => createExamples(counts[name], facts.numClasses);
  return {
    ...facts,
    description: 'zeros',
    splits: { train: split('train'), validation: split('validation'), test: split('test') },
    hashes: {},
  };
};

export const countsOf = ({ splits: { train, validation, test } }: Data): Counts => ({
  train: train.count,
  validation: validation.count,
  test: test.count,
});
