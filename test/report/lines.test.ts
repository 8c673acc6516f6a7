/** The lines of a picture: which runs make a point, what its error is, and what cannot be drawn. */
import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/registry/suggest.js';
import { ReportError } from '../../src/report/errors.js';
import { drawnLines, type LineOptions } from '../../src/report/lines.js';
import { findRuns, type ReportedRun } from '../../src/report/runs.js';
import { rejectionOf, temporaryFolder } from '../runner/output/support.js';
import { writeRun, type MadeUp } from './run-folders.js';

const runsOf = (made: readonly MadeUp[]): Promise<readonly ReportedRun[]> => {
  const folder = temporaryFolder();
  for (const each of made) writeRun(folder, each);
  return findRuns(folder);
};
const options: LineOptions = { metrics: ['elbo'], by: [], where: [], against: 'model.latent', suggest };

/** A sweep of the latents and a weight, with seeds. */
const swept = (latents: readonly number[], betas: readonly number[], seeds: readonly number[]): readonly MadeUp[] =>
  latents.flatMap((latent) =>
    betas.flatMap((beta) =>
      seeds.map((seed) => ({
        ...{ name: `l${String(latent)}-b${String(beta)}-s${String(seed)}`, variant: `l${String(latent)}-b${String(beta)}` },
        ...{ seed, latent, beta, elbo: -100 * beta - latent - seed, axes: { latent: String(latent), beta: String(beta) } },
      })),
    ),
  );

describe('lines', () => {
  it('have a point for each value, in the order of numbers', async () => {
    const { lines, errors, numRuns } = await drawnLines(await runsOf(swept([10, 2, 50], [1], [1])), options);
    expect(lines).toEqual([
      {
        label: 'elbo',
        metric: 'test.elbo',
        unit: '',
        points: [
          { x: 2, value: -103, error: null },
          { x: 10, value: -111, error: null },
          { x: 50, value: -151, error: null },
        ],
      },
    ]);
    expect({ errors, numRuns }).toEqual({ errors: [], numRuns: 3 });
  });

  it('take the standard error that a metric gives beside its figure, and its unit', async () => {
    const runs = [2, 5].map((latent) => ({
      ...{ name: `l${String(latent)}`, variant: `l${String(latent)}`, latent, unit: 'nats' },
      figures: { 'test.bound': -latent, 'test.bound.error': latent / 10 },
    }));
    const { lines, errors } = await drawnLines(await runsOf(runs), { ...options, metrics: ['bound'] });
    expect(lines).toMatchObject([
      {
        unit: 'nats',
        points: [
          { x: 2, value: -2, error: 0.2 },
          { x: 5, value: -5, error: 0.5 },
        ],
      },
    ]);
    expect(errors).toEqual(['standard errors over examples']);
  });

  it('are means over seeds, with their deviation', async () => {
    const { lines, errors, numRuns } = await drawnLines(await runsOf(swept([2, 5], [1], [1, 2, 3])), options);
    expect(lines[0]?.points).toEqual([
      { x: 2, value: -104, error: 1 },
      { x: 5, value: -107, error: 1 },
    ]);
    expect({ errors, numRuns }).toEqual({ errors: ['standard deviations over seeds'], numRuns: 6 });
  });

  it('are one for each metric, and for each value of --by', async () => {
    const runs = await runsOf(swept([2, 5], [4, 1], [1]));
    const labelsOf = async (metrics: readonly string[], by: string): Promise<readonly string[]> =>
      (await drawnLines(runs, { ...options, metrics, by: [by] })).lines.map(({ label }) => label);
    expect(await labelsOf(['elbo'], 'beta')).toEqual(['beta=1', 'beta=4']);
    expect(await labelsOf(['test.elbo', 'train.elbo'], 'losses[0].weight')).toEqual([
      'test.elbo, losses[0].weight=1',
      'train.elbo, losses[0].weight=1',
      'test.elbo, losses[0].weight=4',
      'train.elbo, losses[0].weight=4',
    ]);
    // A path that ends so, an axis and a number that a schedule stands for.
    expect((await drawnLines(runs, { ...options, against: 'weight', by: ['latent'] })).lines[0]?.points.map(({ x }) => x)).toEqual([1, 4]);
  });

  it('leave out runs that are not done, and those without the value', async () => {
    const runs = await runsOf([...swept([2, 5], [1], [1]), { name: 'bad', variant: 'bad', latent: 9, elbo: -1, status: 'failed' }]);
    const { lines, numRuns } = await drawnLines(runs, options);
    expect(lines[0]?.points.map(({ x }) => x)).toEqual([2, 5]);
    expect(numRuns).toBe(2);
  });

  it.each<readonly [string, readonly MadeUp[], Partial<LineOptions>, RegExp]>([
    [
      'a path that is not there',
      swept([2, 5], [1], [1]),
      { against: 'model.latnt' },
      /no run has a value "model.latnt"; did you mean "model.latent"\?\n {2}These vary: model.latent \(2, 5\)/,
    ],
    ['a metric that is not there', swept([2, 5], [1], [1]), { metrics: ['ebo'] }, /no run has the figure "ebo"; did you mean "elbo"\?/],
    [
      'a value that is no number',
      swept([2, 5], [1], [1]),
      { against: 'model.encoder' },
      /model.encoder is no number: mlp\n {2}These vary: model.latent/,
    ],
    [
      'a value that does not vary',
      swept([2], [1, 4], [1]),
      {},
      /model.latent is 2 in all runs, and nothing to draw against\n {2}These vary: losses.0.weight.value \(1, 4\)/,
    ],
    [
      'a value that does not vary, where nothing else but words do',
      [
        { name: 'a', elbo: -1, sampler: 'normal' },
        { name: 'b', variant: 'other', elbo: -1, sampler: 'mixture' },
      ],
      {},
      /model.latent is 2 in all runs, and nothing to draw against\n {2}No number but the seed varies between the runs\.$/,
    ],
    [
      'variants in one point',
      swept([2, 5], [1, 4], [1]),
      {},
      /runs with model.latent 2 differ in more than their seed: in losses.0.weight.value\n {2}Give each its line with --by losses.0.weight.value/,
    ],
    [
      'runs that are not done',
      swept([2, 5], [1], [1]).map((run) => ({ ...run, status: 'failed' })),
      {},
      /no run that is done has test.elbo/,
    ],
  ])('refuse %s', async (_, made, changes, message) => {
    const error = await rejectionOf(drawnLines(await runsOf(made), { ...options, ...changes }));
    expect(error).toBeInstanceOf(ReportError);
    expect(String(error)).toMatch(message);
  });
});
