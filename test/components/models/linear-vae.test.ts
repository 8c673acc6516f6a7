/** Question 1.1 of the study, as its two configs: the bound of a linear VAE comes up to the exact likelihood of pPCA, and never above it. */
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { loadExperiment, run, type HistoryRow } from '../../../src/index.js';
import { silentProgress } from '../../../src/runner/output/progress.js';
import { temporaryFolder } from '../shared/temporary.js';

const study = resolve(import.meta.dirname, '../../../configs/study');

const rowsOf = async (name: string): Promise<readonly HistoryRow[]> => {
  const rows: HistoryRow[] = [];
  const experiment = await loadExperiment(join(study, `${name}.yaml`));
  await run(experiment, { results: temporaryFolder(), progress: { ...silentProgress, epoch: (row) => rows.push(row) } });
  return rows;
};

it('reaches the likelihood of pPCA on the training points to .02 nats, from below', async () => {
  const [ppca] = await rowsOf('linear-vae-ppca');
  const exact = ppca?.['train.log-likelihood'] ?? NaN;
  // Of many codes, without their noise.
  const bounds = (await rowsOf('linear-vae')).flatMap((row) => {
    const [bound, gap] = [row['train.importance-bound'], row['train.importance-bound.gap']];
    return typeof bound === 'number' && typeof gap === 'number' ? [bound - gap] : [];
  });
  expect(bounds.length).toBeGreaterThan(5);
  for (const bound of bounds) expect(bound).toBeLessThan(exact);
  expect(exact - (bounds.at(-1) ?? NaN)).toBeLessThan(0.02);
});
