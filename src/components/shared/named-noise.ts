/** Names for draws, where one pass applies the same distribution several times. */
import type { Noise, Observation, Posterior } from '../../registry/contracts/index.js';

/** The same noise with `<prefix>/` before the names of its draws. */
export const prefixNoise = (noise: Noise, prefix: string): Noise => ({
  normal: (name, shape) => noise.normal(`${prefix}/${name}`, shape),
  uniform: (name, shape) => noise.uniform(`${prefix}/${name}`, shape),
});

export const prefixPosterior = (posterior: Posterior, prefix: string): Posterior => ({
  ...posterior,
  sample: (noise, numSamples) => posterior.sample(prefixNoise(noise, prefix), numSamples),
});

export const prefixObservation = (observation: Observation, prefix: string): Observation => ({
  mean: observation.mean,
  logProb: (x) => observation.logProb(x),
  sample: (noise) => observation.sample(prefixNoise(noise, prefix)),
});
