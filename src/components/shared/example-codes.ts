/** The first examples of a split, and the means of their posteriors: what plots of latent codes start from. */
import { splitNames, type Data, type Facts, type Misfit, type SplitName, type Studio } from '../../registry/contracts/index.js';
import { numValues } from './shapes.js';

/** Params of the plots that show examples. */
export const splitParam = {
  type: 'string',
  enum: ['train', 'validation', 'test'],
  default: 'validation',
  description: 'The split that examples are taken from, beginning with its first.',
} as const;

/** For plots that cannot do without examples. */
export const misfitOfSplit = ({ counts }: Facts, split: SplitName): Misfit | null => {
  if (counts === null || counts[split] > 0) return null;
  const others = splitNames.filter((name) => counts[name] > 0).map((name) => `\`split: ${name}\``);
  return {
    param: 'split',
    message: `shows examples of the ${split} split, and the data has none there`,
    help: `Set ${others.join(' or ')}, or give the data a ${split} split.`,
  };
};

/** `count` examples, or as many as the split has. */
export const countExamples = ({ splits }: Data, split: SplitName, count: number): number => {
  const available = splits[split].count;
  if (available === 0) throw new Error(`the ${split} split has no examples, and a plot of them got past its check`);
  return Math.min(count, available);
};

export interface ReadExamples {
  /** [count, ...shape] */
  readonly x: Float32Array;
  /** [count]; null for data without labels. */
  readonly labels: Int32Array | null;
}

/** Examples `from`, ... `from + count - 1` as epoch 0 sees them, without augmentation: the same at each moment, however the data is binarized. */
export const readExamples = ({ splits, shape, numClasses }: Data, split: SplitName, from: number, count: number): ReadExamples => {
  const x = new Float32Array(count * numValues(shape));
  const labels = numClasses === null ? null : new Int32Array(count);
  const indices = Int32Array.from({ length: count }, (_, i) => from + i);
  const examples = splits[split].plain ?? splits[split];
  if (labels === null) examples.read(indices, 0, x);
  else examples.read(indices, 0, x, labels);
  return { x, labels };
};

/** Examples for one run of the compiled encoder; a batch size is compiled in. */
const maxBatch = 250;

/**
 * Compiles the means of q(z|x) of the first `count` examples (no more than the split has).
 * What it returns computes them with the weights of that moment: [count, latent].
 */
export const prepareMeans = async (
  studio: Pick<Studio, 'compile' | 'data' | 'latent'>,
  split: SplitName,
  count: number,
): Promise<() => Promise<Float32Array>> => {
  const { data, latent } = studio;
  const batch = Math.min(count, maxBatch);
  const encode = await studio.compile('encode', { x: { shape: [batch, ...data.shape], dtype: 'float32' } }, ({ x }, forward) => {
    return { means: forward({ x }).encode(x).mean };
  });
  return async () => {
    const means = new Float32Array(count * latent);
    for (let from = 0; from < count; from += batch) {
      const size = Math.min(batch, count - from);
      const x = new Float32Array(batch * numValues(data.shape));
      x.set(readExamples(data, split, from, size).x);
      const result = await encode({ x }, 0);
      means.set((result['means'] ?? []).slice(0, size * latent), from * latent);
    }
    return means;
  };
};
