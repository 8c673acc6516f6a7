import { expect, it } from 'vitest';
import { silentProgress } from '../../../src/runner/output/progress.js';
import { startRun } from '../../runner/small-run.js';
import { loadSmoke } from '../../support/smoke.js';
import { temporaryFolder } from '../shared/temporary.js';

const plot = 'plots=[{ type: likelihood-estimators, samples: [1, 40], count: 1000, split: test }]';

const estimatesOf = async (name: string, ...overrides: readonly string[]) => {
  const folder = temporaryFolder();
  const experiment = await loadSmoke(name, folder, [plot, ...overrides]);
  const { record } = await startRun({ experiment, folder, progress: silentProgress });
  const [picture] = record.pictures;
  const [, prior, posterior] = /as (\S+) nats by the prior and (\S+) nats by the posterior/.exec(picture?.caption ?? '') ?? [];
  const [byPrior = NaN, byPosterior = NaN] = [prior, posterior].map((text) => Number((text ?? '').replace('−', '-')));
  return { byPrior, byPosterior, metrics: record.metrics };
};

it('is exact with codes of an exact posterior, and too small by codes of the prior', async () => {
  const { byPrior, byPosterior, metrics } = await estimatesOf('ppca', 'metrics=[log-likelihood]');
  const exact = metrics['test.log-likelihood'] ?? NaN;
  expect(byPosterior / exact).toBeCloseTo(1, 3);
  expect(byPrior).toBeLessThan(exact);
});

it('begins with the ELBO and rises from there', async () => {
  const { byPrior, byPosterior, metrics } = await estimatesOf('vae-mlp', 'metrics=[elbo]', 'plots[0].samples=[1,400]');
  expect(byPosterior).toBeGreaterThan(metrics['test.elbo'] ?? NaN);
  expect(byPrior).toBeLessThan(byPosterior);
});
