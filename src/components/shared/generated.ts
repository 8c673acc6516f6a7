/** What the model generates from codes that stay the same throughout a run, for plots of it. */
import * as tf from '@tensorflow/tfjs-core';
import type { Offers, Studio, Values } from '../../registry/contracts/index.js';

/** What a plot of generated examples needs of a model. */
export const generatedNeeds = ['sampleLatent', 'generate'] as const satisfies readonly (keyof Offers)[];

/**
 * Compiles the generation of `count` examples from codes of the model's own latent distribution. A model with classes gives them their
 * classes in turn. What it returns computes them with the weights of that moment, from the same codes each time: [count, ...shape].
 */
export const prepareGenerated = async (studio: Studio, name: string, count: number): Promise<() => Promise<Values>> => {
  const generate = await studio.compile(name, {}, (_, forward, noise) => {
    const { sampleLatent, generate } = forward({});
    return { generated: generate(sampleLatent(noise, count)) };
  });
  return async () => (await generate({}, 0))['generated'] ?? new Float32Array();
};

/** The labels of a plot's codes as a tensor; undefined for data without classes, where a model is given none. */
export const labelsTensor = (numClasses: number | null, labels: readonly number[]): tf.Tensor | undefined =>
  numClasses === null ? undefined : tf.tensor1d([...labels], 'int32');

/** The name of a class, or its number. */
export const nameOfClass = ({ classNames }: Studio['data'], label: number): string => classNames?.[label] ?? String(label);
