/** What the file says of the machine: checked like all of it, and no part of what a run is. */
import { describe, expect, it } from 'vitest';
import { hashExperiment } from '../../../src/runner/config/hash.js';
import { loadExperiment, type LoadedExperiment } from '../../../src/runner/config/load.js';
import { mergeResources, noResources } from '../../../src/runner/config/resource-params.js';
import { createRegistry } from '../../../src/runner/registry.js';
import { ConfigError } from '../../../src/registry/errors.js';
import { writeInto } from '../../components/shared/temporary.js';
import { tinyExperiment } from '../../support/batch-kills.js';
import { temporaryFolder } from '../output/support.js';

const load = (resources: unknown, ...overrides: readonly string[]): Promise<LoadedExperiment> => {
  const file = writeInto(temporaryFolder(), 'x.yaml', tinyExperiment('x', 1, resources === undefined ? {} : { resources }));
  return loadExperiment(file, { registry: createRegistry(), overrides });
};

describe('resources', () => {
  it('do not change the hash, and are kept in the resolved experiment', async () => {
    const without = await load(undefined);
    const given = await load({ memory: 8, gpus: 'a100:1', sbatch: ['account=vision'] }, 'resources.timeLimit=30');
    expect(hashExperiment(given)).toEqual(hashExperiment(without));
    expect(without.experiment.resources).toBeNull();
    const expected = { memory: 8, timeLimit: 30, cpus: null, gpus: 'a100:1', partition: null, sbatch: ['account=vision'] };
    expect(given.experiment.resources).toEqual(expected);
    expect(given.yaml()).toContain('timeLimit: 30');
  });

  it.each<readonly [unknown, string, string]>([
    [{ memry: 8 }, 'unknown-key', 'resources.memry'],
    [{ memory: 0 }, 'out-of-range', 'resources.memory'],
    [{ gpus: 0 }, 'out-of-range', 'resources.gpus'],
    [{ gpus: '1; rm' }, 'bad-pattern', 'resources.gpus'],
    [{ partition: 'gpu\n#SBATCH --uid=0' }, 'bad-pattern', 'resources.partition'],
    [{ sbatch: ['account=a b'] }, 'bad-pattern', 'resources.sbatch.0'],
  ])('refuse %j as %s', async (given, code, path) => {
    const error = await load(given).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toHaveProperty('faults', [
      expect.objectContaining({
        fault: expect.objectContaining({ code, path: path.split('.').map((key) => (key === '0' ? 0 : key)) }) as unknown,
      }),
    ]);
  });

  it('give way to options, value by value', () => {
    const file = { ...noResources, memory: 8, partition: 'cpu', sbatch: ['qos=long'] };
    expect(mergeResources({ ...noResources, partition: 'gpu', gpus: '1', sbatch: ['qos=short'] }, file)).toEqual({
      ...{ memory: 8, timeLimit: null, cpus: null, gpus: '1', partition: 'gpu' },
      sbatch: ['qos=long', 'qos=short'],
    });
  });
});
