/** What a data set is loaded with in tests: no data folder, a cache that cannot be used, silence. */
import { createRandomStreams } from '../../../src/runner/random/index.js';
import type { Examples, LoadContext } from '../../../src/registry/contracts/index.js';

export const contextOf = (changes: Partial<LoadContext> & { readonly seed?: number } = {}): LoadContext => {
  const { seed = 1, ...others } = changes;
  return { random: createRandomStreams(seed), dataFolder: null, cacheFolder: '/dev/null/no-cache', log: () => undefined, ...others };
};

export const noLimit = { train: null, validation: null, test: null };

/** Every example of a split: x of `size` values each, and labels. */
export const readAll = ({ count, read }: Examples, size: number, epoch = 0): { readonly x: Float32Array; readonly labels: Int32Array } => {
  const [x, labels] = [new Float32Array(count * size), new Int32Array(count)];
  read(
    Int32Array.from({ length: count }, (_, i) => i),
    epoch,
    x,
    labels,
  );
  return { x, labels };
};
