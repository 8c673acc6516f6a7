/** How many examples each split will have is known before any file is read, where the dataset can say it. */
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/registry/errors.js';
import { formatPath } from '../../../src/registry/path.js';
import { loadExperiment } from '../../../src/runner/config/load.js';
import { createRegistry } from '../../../src/runner/registry.js';
import { writeInto } from '../../components/shared/temporary.js';
import { temporaryFolder } from '../output/support.js';

const registry = createRegistry();
const faultsOf = async (data: string): Promise<readonly string[]> => {
  const text = `name: splits
seed: 1
data: ${data}
model: { type: vae, latent: 2, encoder: mlp, decoder: mlp, likelihood: bernoulli }
losses: [reconstruction, kl]
training: { epochs: 1 }
plots: [{ type: latent-scatter, split: validation }]
`;
  const error: unknown = await loadExperiment(writeInto(temporaryFolder(), 'splits.yaml', text), { registry }).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) return [];
  return error.faults.map(({ fault, place }) => {
    const line = place.kind === 'file' ? String(place.span?.line) : place.argument;
    return `${line} ${formatPath(fault.path)} ${fault.code}`;
  });
};

describe('a check', () => {
  it.each([
    ['more validation examples than there are', 'mnist-10k, binarization: static, validation: 70000', '3 data.validation misfit'],
    ['a limit beyond a split', 'mnist-10k, binarization: static, limit: { test: 9000 }', '3 data.limit.test misfit'],
    ['a plot of a split without examples', 'mnist-10k, binarization: static, validation: 0', '7 plots[0].split misfit'],
    [
      'the same of a dataset in another',
      'partly-labelled, of: { type: mnist-10k, binarization: static, validation: 70000 }',
      '3 data.validation misfit',
    ],
    ['the same of files that are not there', 'mnist, binarization: static, validation: 0', '7 plots[0].split misfit'],
  ])('finds %s', async (_, data, fault) => {
    expect(await faultsOf(`{ type: ${data} }`)).toEqual([fault]);
  });

  it.each(['mnist-10k, binarization: static, validation: 8999', 'mnist-10k, binarization: static, limit: { test: 1000 }'])(
    'lets pass what is just enough: %s',
    async (data) => {
      expect(await faultsOf(`{ type: ${data} }`)).toEqual([]);
    },
  );
});
