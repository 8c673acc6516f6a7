/** Runs of a sweep are experiments like any other: their content is that of a file that says the same without a sweep. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashExperiment, type ExperimentHashes } from '../../../src/runner/config/hash.js';
import { createRegistry } from '../../../src/runner/registry.js';
import { loadRun, nameOfRun, visitRuns } from '../../../src/runner/sweep/runs.js';
import { rejectionOf, temporaryFolder } from '../output/support.js';
import { writeInto } from '../../components/shared/temporary.js';
import { startCpuClock } from '../../support/cpu-clock.js';

const registry = createRegistry();
const usual = `name: small
seed: 3
data: { type: gaussian-1d, examples: 60 }
model: { type: gan, latent: 1 }
losses: [gan-non-saturating]
training: { epochs: 3 }
`;
const sweep = `seeds: [3, 8]
sweep:
  grid:
    model.generator: [mlp, { type: mlp, hidden: [4], activation: elu }]
    lr: { path: training.optimizer.learningRate, values: [1e-3, 3e-4] }
`;

const write = (text: string, folder = temporaryFolder()): string => writeInto(folder, 'small.yaml', text);
const hashesIn = async (file: string): Promise<ReadonlyMap<string, ExperimentHashes>> => {
  const { results, error } = await visitRuns(file, { registry }, (loaded) => [nameOfRun(loaded), hashExperiment(loaded)] as const);
  expect(error).toBeNull();
  return new Map(results);
};
const written = (generator: string, rate: string, seed: number): string =>
  usual
    .replace('seed: 3', `seed: ${String(seed)}`)
    .replace('latent: 1', `latent: 1, generator: ${generator}`)
    .replace('epochs: 3', `epochs: 3, optimizer: { type: adam, learningRate: ${rate} }`);

describe('the content of a run', () => {
  it('is that of the same experiment written without a sweep', async () => {
    const hashes = await hashesIn(write(usual + sweep));
    expect(hashes.size).toBe(8);
    const [plain] = (await hashesIn(write(written('{ hidden: [4], activation: elu, type: mlp }', '3.0e-4', 8)))).values();
    expect(hashes.get('small-generator-mlp-activation-elu-hidden-4-lr-0.0003-seed-8') ?? [...hashes.keys()]).toEqual(plain);
    const [other] = (await hashesIn(write(written('mlp', '0.001', 3)))).values();
    expect(hashes.get('small-generator-mlp-lr-0.001-seed-3')).toEqual(other);
  });

  it('does not know comments, the order of keys and axes, names of axes, filters, or the place of the file', async () => {
    const values = async (file: string): Promise<readonly string[]> =>
      [...(await hashesIn(file)).values()].map(({ experiment }) => experiment).toSorted();
    const original = await values(write(usual + sweep));
    const folder = join(temporaryFolder(), 'deep/down');
    mkdirSync(folder, { recursive: true });
    const other = `# Which?
sweep:
  zip:
    rate: { path: training.optimizer.learningRate, values: { high: 1e-3, low: 3e-4 } }
  exclude: []
  # both
  grid: { model.generator: [{ activation: elu, type: mlp, hidden: [4] }, { type: mlp }] }
seeds: [8, 3]
`;
    expect(await values(write(other + usual, folder))).toEqual(original);
  });

  it('differs from run to run, and seeds share a variant', async () => {
    const hashes = [...(await hashesIn(write(usual + sweep))).values()];
    expect(new Set(hashes.map(({ experiment }) => experiment)).size).toBe(8);
    expect(new Set(hashes.map(({ variant }) => variant)).size).toBe(4);
  });

  it('resolves to a file that gives the same run', async () => {
    const loaded = await loadRun(write(usual + sweep), { registry }, 'small-generator-mlp-lr-0.0003-seed-8');
    const again = await loadRun(write(loaded.yaml()), { registry }, null);
    expect(again.experiment).toEqual(loaded.experiment);
    expect(hashExperiment(again)).toEqual(hashExperiment(loaded));
    expect(again.variant).toBeNull();
  });
});

describe('a run by its name', () => {
  it.each([
    ['is wanted of a file with several', usual + sweep, null, 'this file declares 8 runs'],
    ['is guessed at', usual + sweep, 'small-generator-mlp-lr-0.01-seed-3', 'did you mean "small-generator-mlp-lr-0.001-seed-3"?'],
    ['is unknown to a file with one', usual, 'small', 'a single run: leave --variant out'],
  ])('%s', async (_, text, name, words) => {
    expect(String(await rejectionOf(loadRun(write(text), { registry }, name))).replaceAll(/\s+/g, ' ')).toContain(words);
  });
});

it('a thousand runs are checked in seconds', async () => {
  const file = write(`${usual}seeds: 50\nsweep: { grid: { model.latent: [1, 2, 3, 4, 5], training.batchSize: [10, 20, 30, 40] } }\n`);
  const cpuMs = startCpuClock();
  const { results, error } = await visitRuns(file, { registry }, nameOfRun);
  expect(error).toBeNull();
  expect(new Set(results).size).toBe(1000);
  expect(cpuMs()).toBeLessThan(10_000);
});
