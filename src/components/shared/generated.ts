/** What the model generates from codes that stay the same throughout a run, for plots of it. */
import * as tf from '@tensorflow/tfjs-core';
import type { Noise, Offers, Studio, Values } from '../../registry/contracts/index.js';

/** What a plot of generated examples needs of a model. */
export const generatedNeeds = ['sampleLatent', 'generate'] as const satisfies readonly (keyof Offers)[];

type Compute = (z: tf.Tensor, offers: Offers, noise: Noise) => Readonly<Record<string, tf.Tensor>>;

/**
 * Compiles what a plot of samples makes of `count` codes: those of the experiment's sampler, fitted at each moment, or else of the model's own
 * latent distribution, which stay the same throughout a run.
 */
export const prepareFromCodes = async (
  studio: Studio,
  name: string,
  count: number,
  compute: Compute,
): Promise<() => Promise<Readonly<Record<string, Values>>>> => {
  const { fittedCodes, latent } = studio;
  if (fittedCodes === null) {
    const run = await studio.compile(name, {}, (_, forward, noise) => {
      const offers = forward({});
      return compute(offers.sampleLatent(noise, count), offers, noise);
    });
    return () => run({}, 0);
  }
  const run = await studio.compile(name, { z: { shape: [count, latent], dtype: 'float32' } }, ({ z }, forward, noise) =>
    compute(z, forward({}), noise),
  );
  return async () => run({ z: await fittedCodes.draw(count) }, 0);
};

/** `, with codes of a mixture of Gaussians`, for captions; '' where they are the model's own. */
export const codesClause = ({ fittedCodes }: Studio): string => (fittedCodes === null ? '' : `, with codes of ${fittedCodes.family}`);

/**
 * Compiles the generation of `count` examples. A model with classes gives them their classes in turn. What it returns computes them with the
 * weights of that moment: [count, ...shape].
 */
export const prepareGenerated = async (studio: Studio, name: string, count: number): Promise<() => Promise<Values>> => {
  const generate = await prepareFromCodes(studio, name, count, (z, offers) => ({ generated: offers.generate(z) }));
  return async () => (await generate())['generated'] ?? new Float32Array();
};

/** The labels of a plot's codes as a tensor; undefined for data without classes, where a model is given none. */
export const labelsTensor = (numClasses: number | null, labels: readonly number[]): tf.Tensor | undefined =>
  numClasses === null ? undefined : tf.tensor1d([...labels], 'int32');

/** The name of a class, or its number. */
export const nameOfClass = ({ classNames }: Studio['data'], label: number): string => classNames?.[label] ?? String(label);
