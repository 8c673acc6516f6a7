/** Noise for one pass of a step: host tensors that random streams fill before each run. */
import * as tf from '@tensorflow/tfjs-core';
import { hostTensor } from '../../engine/index.js';
import type { Draws, Noise, RandomStreams, Shape } from '../../registry/contracts/index.js';

type Distribution = 'normal' | 'uniform';
/** Writes the values of one draw for the run with this tick. */
type FillDraw = (stream: string, shape: Shape, out: Float32Array, tick: number, distribution: Distribution) => void;

const fillFrom = (draws: Draws, distribution: Distribution, out: Float32Array): void => {
  if (distribution === 'normal') draws.normal(out);
  else draws.uniform(out);
};

/** Puts `<prefix>/` before the names of draws. */
export const prefixNoise = (noise: Noise, prefix: string): Noise => ({
  normal: (name, shape) => noise.normal(`${prefix}/${name}`, shape),
  uniform: (name, shape) => noise.uniform(`${prefix}/${name}`, shape),
});

/**
 * The draws of one step function. Passes of it that ask for the same stream get the same tensor: players that step on the same batch see
 * the same codes, and what they compute of them is computed once.
 */
export class StepDraws {
  readonly #random: RandomStreams;
  readonly #made = new Map<string, tf.Tensor>();

  constructor(random: RandomStreams) {
    this.#random = random;
  }

  /** Noise for one pass; streams are named `<prefix>/<name>`. */
  noise(prefix: string): Noise {
    return createNamedNoise(
      prefix,
      (stream, _, out, tick, distribution) => {
        fillFrom(this.#random.draws(stream, tick), distribution, out);
      },
      (stream, make) => {
        const tensor = this.#made.get(stream) ?? tf.keep(make());
        this.#made.set(stream, tensor);
        return tensor;
      },
    );
  }

  dispose(): void {
    for (const tensor of this.#made.values()) tensor.dispose();
    this.#made.clear();
  }
}

const createNamedNoise = (
  prefix: string,
  fill: FillDraw,
  share: (stream: string, make: () => tf.Tensor) => tf.Tensor = (_, make) => make(),
): Noise => {
  const names = new Set<string>();
  const draw = (name: string, shape: Shape, distribution: Distribution): ReturnType<Noise['normal']> => {
    if (names.has(name)) throw new Error(`two draws of one pass are named "${name}"; the second would repeat the first`);
    names.add(name);
    const stream = `${prefix}/${name}`;
    return share(stream, () =>
      hostTensor(stream, shape, (out, tick) => {
        fill(stream, shape, out, tick, distribution);
      }),
    );
  };
  return { normal: (name, shape) => draw(name, shape, 'normal'), uniform: (name, shape) => draw(name, shape, 'uniform') };
};

/** Streams are named `<prefix>/<name>`; the step's tick picks the draws. */
export const createNoise = (random: RandomStreams, prefix: string): Noise =>
  createNamedNoise(prefix, (stream, _, out, tick, distribution) => {
    fillFrom(random.draws(stream, tick), distribution, out);
  });

/**
 * Noise for passes over a split in batches; the tick is the batch's number. What an example gets follows from its place in the split,
 * whatever the size of the batches. Draws without an axis for the examples are the same in every batch. A pass that runs several times for
 * each batch has the tick `batch * runs + run`.
 */
export const createExampleNoise = (random: RandomStreams, prefix: string, batchSize: number, runs = 1): Noise =>
  createNamedNoise(prefix, (stream, shape, out, tick, distribution) => {
    const [batch, run] = [Math.floor(tick / runs), tick % runs];
    const axis = examplesAxis(shape, batchSize);
    if (axis === null) {
      fillFrom(random.draws(stream, run), distribution, out);
      return;
    }
    const inner = sizeOf(shape.slice(axis + 1));
    const outer = sizeOf(shape.slice(0, axis));
    const ofOne = new Float32Array(outer * inner);
    for (let row = 0; row < batchSize; row++) {
      fillFrom(random.draws(stream, (batch * batchSize + row) * runs + run), distribution, ofOne);
      for (let i = 0; i < outer; i++) out.set(ofOne.subarray(i * inner, (i + 1) * inner), (i * batchSize + row) * inner);
    }
  });

/** Draws are [B, ...] or, with L samples per example, [L, B, ...]; L may happen to be B. */
const examplesAxis = (shape: Shape, batchSize: number): number | null => {
  if (shape.length > 2 && shape[1] === batchSize) return 1;
  const axis = shape.indexOf(batchSize);
  return axis < 0 ? null : axis;
};

const sizeOf = (shape: Shape): number => shape.reduce((size, dim) => size * dim, 1);
