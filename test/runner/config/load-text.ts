/** Loads an experiment from text, through a real file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyComponent } from '../../../src/registry/define.js';
import { ConfigError } from '../../../src/registry/errors.js';
import { Registry } from '../../../src/registry/registry.js';
import type { LoadedExperiment } from '../../../src/runner/config/load.js';
import { loadRun } from '../../../src/runner/sweep/runs.js';
import { toyComponents } from '../../registry/toy-components.js';

export const valid = `name: toy
data: points
model:
  type: vae
  latent: 2
  encoder: { type: mlp, hidden: [50, 20] }
losses:
  - reconstruction
  - { type: beta-kl, weight: { type: linear-warmup, epochs: 5 } }
training:
  epochs: 4
metrics: [elbo]
plots:
  - { type: curve, metrics: [elbo], at: [start, 3] }
  - type: samples
    every: { epochs: 10 }
`;

export const loadText = async (
  text: string,
  overrides: readonly string[] = [],
  components: readonly AnyComponent[] = toyComponents,
  name = 'toy.yaml',
  variant: string | null = null,
): Promise<LoadedExperiment> => {
  const folder = await mkdtemp(join(tmpdir(), 'latentlab-'));
  try {
    const file = join(folder, name);
    await writeFile(file, text);
    return await loadRun(file, { registry: new Registry(components), overrides }, variant);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** What is wrong with a text. */
export const errorOf = async (text: string, overrides: readonly string[] = []): Promise<ConfigError> => {
  try {
    await loadText(text, overrides);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('Nothing is wrong with it.');
};

/** Faults as `code line:col`, or `code argument`. */
export const faultsOf = async (text: string, overrides: readonly string[] = []): Promise<readonly string[]> =>
  (await errorOf(text, overrides)).faults.map(({ fault, place }) => {
    if (place.kind === 'argument') return `${fault.code} ${place.argument}`;
    return place.span === null ? fault.code : `${fault.code} ${place.span.line}:${place.span.col}`;
  });
