/** Codes drawn from what a sampler fits to the codes of the first training examples, with the weights of the moment. */
import type { CodeSampler, Sampler, Studio } from '../../registry/contracts/index.js';
import { countExamples, prepareMeans } from './example-codes.js';

/** Draws codes, [count, Z], of the weights of the moment: the same of the same weights, whatever was drawn before. */
export type DrawCodes = (count: number) => Promise<Float32Array>;

interface Fitted {
  readonly means: Float32Array;
  readonly sample: CodeSampler;
}

/** Compiles what the sampler needs. */
export const prepareFittedCodes = async (studio: Studio, sampler: Sampler): Promise<DrawCodes> => {
  const { data, latent, random } = studio;
  const numCodes = countExamples(data, 'train', sampler.codes);
  const meansOf = await prepareMeans(studio, 'train', numCodes);
  const fit = await sampler.prepare(studio, numCodes);
  let fitted: Fitted | null = null;
  return async (count) => {
    const means = await meansOf();
    // While weights stand still, as between the splits of one epoch, one fit serves.
    if (fitted === null || means.some((value, at) => value !== fitted?.means[at]))
      fitted = { means, sample: await fit({ values: means, size: latent }, random.draws('sampler/fit', 0)) };
    const z = new Float32Array(count * latent);
    await fitted.sample(z, random.draws('sampler/codes', 0));
    return z;
  };
};
