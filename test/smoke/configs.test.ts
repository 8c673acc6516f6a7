/** The configs that come with the package: all are valid, and those for smoke tests show every component. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { components } from '../../src/components/index.js';
import { loadExperiment, loadVariants, run } from '../../src/index.js';
import type { Kind } from '../../src/registry/kinds.js';
import type { ItemParam, Param, Params } from '../../src/registry/params.js';
import { Registry } from '../../src/registry/registry.js';
import { entryParams } from '../../src/registry/schema.js';
import { ownValue } from '../../src/registry/values.js';
import { experimentParams } from '../../src/runner/config/experiment.js';
import { temporaryFolder } from '../components/shared/temporary.js';
import { configFolder, smokeNames } from '../support/smoke.js';

const registry = new Registry(components);

/** `kind type` of every entry in a resolved value, those in slots of others and those by default included. */
const componentsOf = (param: Param | ItemParam, value: unknown): readonly string[] => {
  if (value === null) return [];
  if ('component' in param) return [nameOf(param.component, value), ...componentsInside(paramsOf(param.component, value), value)];
  if ('type' in param && param.type === 'array' && Array.isArray(value)) return value.flatMap((item) => componentsOf(param.items, item));
  return 'type' in param && param.type === 'object' ? componentsInside(param.properties, value) : [];
};
const componentsInside = (params: Params, values: unknown): readonly string[] =>
  Object.entries(params).flatMap(([name, param]) => componentsOf(param, ownValue(values, name)));

const nameOf = (kind: Kind, entry: unknown): string => `${kind} ${String(ownValue(entry, 'type'))}`;
const paramsOf = (kind: Kind, entry: unknown): Params => {
  const component = registry.lookUp(kind, String(ownValue(entry, 'type')));
  if (component === undefined) throw new Error(`there is no ${nameOf(kind, entry)}`);
  return entryParams(component);
};

describe('the configs', () => {
  const files = readdirSync(configFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));

  it.each(files.toSorted())('%s is valid', async (file) => {
    const [first] = await loadVariants(join(configFolder, file));
    expect(first?.experiment.description).toMatch(/\.$/);
  });

  it('use every component in those for smoke tests', async () => {
    const used = new Set<string>();
    for (const name of smokeNames) {
      const { experiment } = await loadExperiment(join(configFolder, 'smoke', `${name}.yaml`));
      for (const component of componentsInside(experimentParams, experiment)) used.add(component);
    }
    const missing = components.map(({ kind, name }) => `${kind} ${name}`).filter((component) => !used.has(component));
    expect(missing, 'components that no config of configs/smoke uses').toEqual([]);
  });
});

const dataFolder = process.env['LATENTLAB_DATA'];
describe.skipIf(dataFolder === undefined)('smoke/vae-mnist.yaml (skipped: set LATENTLAB_DATA to the folder of the four files)', () => {
  it('runs on the files of MNIST', async () => {
    const experiment = await loadExperiment(join(configFolder, 'smoke/vae-mnist.yaml'));
    const { record } = await run(experiment, { results: temporaryFolder() });
    expect(record).toMatchObject({
      status: 'done',
      step: 12,
      data: { hashes: { 'train-images-idx3-ubyte': 'md5:6bbc9ace898e44ae57da46a324031adb' } },
    });
  });
});
