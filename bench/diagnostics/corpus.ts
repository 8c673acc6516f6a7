/** The shipped configs in a folder of their own, read as `latentlab check` reads them, and the whole corpus judged. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../src/registry/errors.js';
import type { Registry } from '../../src/registry/registry.js';
import { visitRuns } from '../../src/runner/sweep/runs.js';
import { judge, type Reader, type Verdict } from './judge.js';
import type { Draw } from './mistakes.js';
import { createMutants } from './mutants.js';
import type { Config } from './sites.js';

const shipped = join(import.meta.dirname, '../../configs');

export const readConfigs = (): readonly Config[] =>
  readdirSync(shipped, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(shipped, file), 'utf8') }))
    // What a file that is extended says need not be said.
    .filter(({ text }) => !/^extends:/m.test(text));

/** Uniform on [0, 1): Park & Miller's minimal standard generator, 1988. */
const createDraw = (seed: number): Draw => {
  let state = seed % 2_147_483_647 || 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
};

const readerOf =
  (registry: Registry): Reader =>
  async (file, overrides) => {
    const { results, error } = await visitRuns(file, { registry, overrides }, (loaded) => loaded.yaml());
    return error === null ? { yaml: results.join('---\n') } : { faults: error.faults };
  };

export interface Trial {
  readonly configs: readonly Config[];
  readonly registry: Registry;
  readonly rounds: number;
  readonly seed: number;
  readonly read?: Reader;
}

/** @throws Error where a config is at fault before it is spoilt. */
export const tryMutants = async ({ configs, registry, rounds, seed, read = readerOf(registry) }: Trial): Promise<readonly Verdict[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-mutants-'));
  try {
    cpSync(shipped, folder, { recursive: true });
    const sound = new Map<string, string>();
    for (const { file } of configs) {
      const reading = await readerOf(registry)(join(folder, file), []);
      if (!('yaml' in reading)) throw new Error(`configs/${file} is at fault: ${new ConfigError(reading.faults).message}`);
      sound.set(file, reading.yaml);
    }
    const verdicts: Verdict[] = [];
    for (const mutant of createMutants(configs, registry, { rounds, draw: createDraw(seed) }))
      verdicts.push(await judge(mutant, { folder, read, sound: sound.get(mutant.config) ?? '' }));
    return verdicts;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
