/** Noise for one pass of a step: host tensors that a random stream fills before each run. */
import { hostTensor } from '../../engine/index.js';
import type { Noise, RandomStreams } from '../../registry/contracts/index.js';

/** Streams are named `<prefix>/<name>`; the step's tick picks the draws. */
export const createNoise = (random: RandomStreams, prefix: string): Noise => {
  const names = new Set<string>();
  const stream = (name: string): string => {
    if (names.has(name)) throw new Error(`two draws of one pass are named "${name}"; the second would repeat the first`);
    names.add(name);
    return `${prefix}/${name}`;
  };
  return {
    normal: (name, shape) => {
      const from = stream(name);
      return hostTensor(from, shape, (out, tick) => {
        random.draws(from, tick).normal(out);
      });
    },
    uniform: (name, shape) => {
      const from = stream(name);
      return hostTensor(from, shape, (out, tick) => {
        random.draws(from, tick).uniform(out);
      });
    },
  };
};
