/** Experiments are told apart by what they say, and by nothing else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashExperiment, type ExperimentHashes } from '../../../src/runner/config/hash.js';
import { loadExperiment } from '../../../src/runner/config/load.js';
import { createRegistry } from '../../../src/runner/registry.js';

const folder = mkdtempSync(join(tmpdir(), 'latentlab-hash-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
let count = 0;

const hash = async (text: string, file = `file-${String(count++)}.yaml`): Promise<ExperimentHashes> => {
  const path = join(folder, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return hashExperiment(await loadExperiment(path, { registry: createRegistry() }));
};

const text = `name: small
seed: 3
data: { type: gaussian-1d, examples: 60 }
model: { type: gan, latent: 1 }
losses: [gan-non-saturating]
training: { epochs: 3 }
`;

describe('the hashes of an experiment', () => {
  let original: ExperimentHashes = { experiment: '', variant: '' };
  beforeAll(async () => {
    original = await hash(text);
  });

  it.each([
    ['comments', `# A word.\n${text}`],
    ['the order of keys', text.replace(/^data: .*\n/m, '').concat('data: { examples: 60, type: gaussian-1d }\n')],
    ['defaults that are written out', text.replace('epochs: 3', 'epochs: 3, batchSize: 128, optimizer: adam')],
    ['the description', `description: Another one.\n${text}`],
    ['an anchor', `${text}x-parked: &parked [1, 2]\n`],
  ])('are the same whatever %s says', async (_, other) => {
    expect(await hash(other)).toEqual(original);
  });

  it('are the same in another folder', async () => {
    expect(await hash(text, 'deep/below/moved.yaml')).toEqual(original);
  });

  it.each([
    ['a value', text.replace('latent: 1', 'latent: 2')],
    ['a component', text.replace('gan-non-saturating', 'gan-hinge')],
    ['a list', text.replace('[gan-non-saturating]', '[gan-non-saturating, r1]')],
  ])('are others with %s changed', async (_, other) => {
    const changed = await hash(other);
    expect(changed.experiment).not.toBe(original.experiment);
    expect(changed.variant).not.toBe(original.variant);
  });

  it('of the variant do not know the seed and the name, those of the experiment do', async () => {
    const other = await hash(text.replace('seed: 3', 'seed: 4').replace('small', 'other'));
    expect(other.variant).toBe(original.variant);
    expect(other.experiment).not.toBe(original.experiment);
  });
});
