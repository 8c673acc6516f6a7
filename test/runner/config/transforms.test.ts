/** Transforms in an experiment: built behind the dataset, and told about at their own place in the file. */
import { describe, expect, it } from 'vitest';
import crop from '../../../src/components/transforms/crop.js';
import noise from '../../../src/components/transforms/noise.js';
import normalize from '../../../src/components/transforms/normalize.js';
import { defineComponent, type AnyComponent } from '../../../src/registry/define.js';
import { ConfigError } from '../../../src/registry/errors.js';
import { toyComponents } from '../../registry/toy-components.js';
import { loadText, valid } from './load-text.js';

const images = defineComponent({
  kind: 'dataset',
  name: 'images',
  description: 'Images.',
  params: {},
  build: () => ({
    facts: { shape: [8, 8, 1], numClasses: null, support: 'unit-interval' },
    load: () => Promise.reject(new Error('not here')),
  }),
});
const components: readonly AnyComponent[] = [...toyComponents, images, crop, noise, normalize];
const load = (data: string) => loadText(valid.replace('data: points', data), [], components);
const faultsOf = async (data: string): Promise<readonly string[]> => {
  try {
    await load(data);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map(
        ({ fault, place }) => `${fault.code} ${fault.path.join('.')} ${place.kind === 'file' ? (place.span?.col ?? 0) : ''}`,
      );
    throw error;
  }
  throw new Error('Nothing is wrong with it.');
};

describe('transforms of the data', () => {
  it('give the facts that models and losses are checked against', async () => {
    const { built, experiment } = await load('data: { type: images, transforms: [{ type: crop, size: 4 }, normalize] }');
    expect(built.data.component.facts).toEqual({ shape: [4, 4, 1], numClasses: null, support: 'real' });
    expect(experiment.data['transforms']).toEqual([
      { type: 'crop', size: 4 },
      { type: 'normalize', mean: 0.5, deviation: 0.5 },
    ]);
    expect((await load('data: images')).built.data.misfits).toEqual([]);
  });

  it('are told about where they are written: the param, or the entry', async () => {
    expect(await faultsOf('data: { type: images, transforms: [noise, { type: crop, size: 10 }] }')).toEqual([
      'misfit data.transforms.1.size 63',
    ]);
    expect(await faultsOf('data: { type: points, transforms: [noise, { type: crop, size: 10 }] }')).toEqual([
      'misfit data.transforms.1 43',
    ]);
  });

  it('are checked like all params', async () => {
    expect(await faultsOf('data: { type: images, transforms: [{ type: crop }, blur] }')).toEqual([
      expect.stringContaining('missing-key data.transforms.0'),
      expect.stringContaining('unknown-component data.transforms.1'),
    ]);
  });
});
