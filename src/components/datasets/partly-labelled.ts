/**
 * Data of which few training examples are labelled: for semi-supervised models. The others have the label -1 in training steps; metrics and
 * plots see them all. As many of each class keep theirs, drawn from the stream `data/labelled`.
 * Source: Kingma, Rezende, Mohamed & Welling 2014, "Semi-supervised learning with deep generative models", section 4.1.
 */
import type { Data, Draws, Examples } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { numValues } from '../shared/shapes.js';

/** Examples for one look at the labels. */
const chunk = 1000;

const readLabels = ({ count, read }: Examples, size: number): Int32Array => {
  const labels = new Int32Array(count);
  for (let from = 0; from < count; from += chunk) {
    const indices = Int32Array.from({ length: Math.min(chunk, count - from) }, (_, i) => from + i);
    read(indices, 0, new Float32Array(indices.length * size), labels.subarray(from, from + indices.length));
  }
  return labels;
};

/** The examples that keep their labels: the first of each class in a random order. */
const choose = (labels: Int32Array, perClass: number, draws: Draws): ReadonlySet<number> => {
  const numChosen = new Map<number, number>();
  const chosen = new Set<number>();
  for (const index of draws.permutation(labels.length)) {
    const label = labels[index] ?? -1;
    const before = numChosen.get(label) ?? 0;
    if (before >= perClass) continue;
    numChosen.set(label, before + 1);
    chosen.add(index);
  }
  return chosen;
};

const hideLabels = (examples: Examples, labelled: ReadonlySet<number>): Examples => ({
  count: examples.count,
  plain: examples.plain ?? examples,
  read: (indices, epoch, x, labels) => {
    examples.read(indices, epoch, x, labels);
    if (labels === undefined) return;
    indices.forEach((index, i) => {
      if (!labelled.has(index)) labels[i] = -1;
    });
  },
});

export default defineComponent({
  kind: 'dataset',
  name: 'partly-labelled',
  description:
    'Another data set of which few training examples keep their labels, as many of each class, for the model `m2`. Transforms stand beside ' +
    '`of`, not inside it.',
  params: {
    of: { component: 'dataset', examples: ['mnist-10k'], description: 'The data, with labels.' },
    perClass: {
      type: 'integer',
      minimum: 1,
      default: 10,
      unit: 'examples',
      description: 'Training examples of each class that keep their label.',
    },
  },
  build: ({ of, perClass }) => ({
    facts: of.facts,
    ...(of.counts === undefined ? {} : { counts: () => of.counts?.() ?? { train: 0, validation: 0, test: 0 } }),
    load: async (context): Promise<Data> => {
      const data = await of.load(context);
      if (data.numClasses === null) throw new Error('the data has no labels, of which few could be kept');
      const { train } = data.splits;
      const labelled = choose(readLabels(train, numValues(data.shape)), perClass, context.random.draws('data/labelled', 0));
      return {
        ...data,
        description: `${data.description}; ${String(labelled.size)} of ${String(train.count)} training examples labelled`,
        splits: { ...data.splits, train: hideLabels(train, labelled) },
      };
    },
  }),
});
