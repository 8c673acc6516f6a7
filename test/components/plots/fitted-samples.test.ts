/** Samples of a distribution that is fitted to the codes of training examples. */
import { describe, expect, it } from 'vitest';
import fittedSamples from '../../../src/components/plots/fitted-samples.js';
import mixture from '../../../src/components/samplers/mixture.js';
import neighbours from '../../../src/components/samplers/neighbours.js';
import normal from '../../../src/components/samplers/normal.js';
import twoStage from '../../../src/components/samplers/two-stage.js';
import { readPng } from '../../support/png.js';
import { end, facts, points, studioOf } from './model.js';

const samplers = {
  normal: normal.build({ codes: 5 }),
  mixture: mixture.build({ codes: 5, components: 2 }),
  'two-stage': twoStage.build({ codes: 5, epochs: 2 }),
  neighbours: neighbours.build({ codes: 5, neighbours: 2 }),
};

describe('fitted-samples', () => {
  it.each(['normal', 'mixture', 'two-stage', 'neighbours'] as const)('draws images of codes by %s, the same again', async (sampler) => {
    const draw = await fittedSamples.build({ count: 4, sampler: samplers[sampler] }).prepare(studioOf(2));
    const [[picture], [again]] = [await draw(end), await draw(end)];
    expect(readPng(picture!.png).width).toBeGreaterThan(200);
    expect(again!.png).toEqual(picture!.png);
    expect(picture!.caption).toContain('fitted to the codes of 5 training examples');
  });

  it('refuses what is no image', () => {
    const plot = fittedSamples.build({ count: 4, sampler: samplers.normal });
    expect(plot.check?.(facts())).toBeNull();
    expect(plot.check?.(facts({ data: points }))).not.toBeNull();
  });
});
