/** Plug-ins that an experiment declares: where they are looked for, how they are named, and what is told when they cannot be used. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/registry/errors.js';
import { Registry } from '../../../src/registry/registry.js';
import { describePlugins } from '../../../src/runner/config/plugins.js';
import { loadExperiment, type LoadedExperiment, type LoadOptions } from '../../../src/runner/config/load.js';
import { folderOf, scheduleModule } from '../../plugins/support.js';
import { toyComponents } from '../../registry/toy-components.js';
import { valid } from './load-text.js';

const registry = new Registry(toyComponents);
const weighted = (weight: string): string => valid.replace('weight: { type: linear-warmup, epochs: 5 }', `weight: ${weight}`);
const mine = { 'mine.mjs': scheduleModule('still'), 'x.yaml': `${weighted('mine/still')}plugins: [./mine.mjs]\n` };

const load = (folder: string, options: Partial<LoadOptions> = {}, file = 'x.yaml'): Promise<LoadedExperiment> =>
  loadExperiment(join(folder, file), { registry, ...options });

/** Faults as `code path: text`. */
const faultsOf = async (folder: string, options: Partial<LoadOptions> = {}): Promise<readonly string[]> => {
  try {
    await load(folder, options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(
      ({ fault }) => `${fault.code} ${fault.path.join('.')}${fault.code === 'bad-plugin' ? `: ${fault.facts.reason}` : ''}`,
    );
  }
  return [];
};

describe('a declared plug-in', () => {
  it('has its components in the registry of this experiment, and in no other', async () => {
    const loaded = await load(folderOf(mine));
    expect(loaded.registry.find('schedule', 'mine/still')).toBeDefined();
    expect(loaded.experiment.losses[1]).toMatchObject({ weight: { type: 'mine/still' } });
    expect(registry.find('schedule', 'mine/still')).toBeUndefined();
    await expect(load(folderOf({ 'x.yaml': weighted('mine/still') }))).rejects.toThrow(/there is no schedule "mine\/still"/);
  });

  it('is described for the record', async () => {
    const [plugin, ...others] = describePlugins(await load(folderOf(mine)));
    expect(others).toEqual([]);
    expect(plugin).toEqual({ plugin: './mine.mjs', version: null, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  });

  it('is found again from the resolved experiment, which lies elsewhere', async () => {
    const folder = folderOf({ ...mine, 'package.json': '{}' });
    mkdirSync(join(folder, 'configs'));
    writeFileSync(join(folder, 'configs/x.yaml'), mine['x.yaml'].replace('./mine.mjs', '../mine.mjs'));
    const first = await load(join(folder, 'configs'));
    expect(parse(first.yaml())).toMatchObject({ plugins: ['../mine.mjs'] });
    const elsewhere = folderOf({ 'resolved.yaml': first.yaml() });
    const second = await load(elsewhere, { pluginFolder: join(folder, 'configs') }, 'resolved.yaml');
    expect(second.yaml()).toBe(first.yaml());
    await expect(load(elsewhere, {}, 'resolved.yaml')).rejects.toThrow(/outside of the project/);
  });

  it('names entries by what is behind the slash', async () => {
    const module = scheduleModule('still').replaceAll("kind: 'schedule'", "kind: 'metric'");
    const metric = module.replace(
      /build: .*$/m,
      'build: () => ({ needs: [], columns: () => [], measure: () => ({}), reducer: () => ({ add: () => {}, result: () => [] }) }) };',
    );
    const folder = folderOf({ 'mine.mjs': metric, 'x.yaml': `${valid.replace('[elbo]', '[elbo, mine/still]')}plugins: [./mine.mjs]\n` });
    expect((await load(folder)).built.metrics.map(({ name, type }) => [name, type])).toEqual([
      ['elbo', 'elbo'],
      ['still', 'mine/still'],
    ]);
  });
});

describe('a plug-in that cannot be used', () => {
  it('is told at its place, and its components are not missed on top', async () => {
    const folder = folderOf({ 'x.yaml': `${weighted('none/still')}plugins: [./none.mjs]\n` });
    expect(await faultsOf(folder)).toEqual(
      ['bad-plugin plugins.0: there is no file "none.mjs"'].map((text) => expect.stringContaining(text.slice(0, 40)) as string),
    );
  });

  it('leaves the other faults of the file to be told', async () => {
    const folder = folderOf({ 'x.yaml': `${valid.replace('epochs: 4', 'epochs: four')}plugins: [./none.mjs]\n` });
    expect((await faultsOf(folder)).map((text) => text.split(':')[0])).toEqual(['wrong-type training.epochs', 'bad-plugin plugins.0']);
  });

  it('is one that is there twice, by whatever way', async () => {
    const text = `${valid}plugins: [./mine.mjs, ./sub/../mine.mjs]\n`;
    expect(await faultsOf(folderOf({ ...mine, 'x.yaml': text }))).toEqual([
      'bad-plugin plugins.1: it is in the list already, as "./mine.mjs"',
    ]);
  });

  it('is one whose name another has', async () => {
    const text = `${valid}plugins: [./mine.mjs, ./deep/mine.mjs]\n`;
    const folder = folderOf({ ...mine, 'deep/mine.mjs': scheduleModule('other'), 'x.yaml': text });
    expect(await faultsOf(folder)).toEqual(['bad-plugin plugins.1: its components are named `mine/...`, and so are those of "./mine.mjs"']);
  });

  it('is one with two components of a kind and name', async () => {
    const twice = scheduleModule('still') + scheduleModule('still').replace('const it', 'const again');
    expect(await faultsOf(folderOf({ 'x.yaml': mine['x.yaml'], 'mine.mjs': twice }))).toEqual([
      'bad-plugin plugins.0: it has two components called schedule "mine/still"',
    ]);
  });

  it('is one whose component is in the registry already', async () => {
    const loaded = await load(folderOf(mine));
    expect(await faultsOf(folderOf(mine), { registry: loaded.registry })).toEqual([
      'bad-plugin plugins.0: there is a schedule "mine/still" already',
    ]);
  });
});

it('suggests the component of a plug-in for its bare name', async () => {
  const folder = folderOf({ ...mine, 'x.yaml': `${weighted('still')}plugins: [./mine.mjs]\n` });
  await expect(load(folder)).rejects.toThrow(/did you mean "mine\/still"/);
});
