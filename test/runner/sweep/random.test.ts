/** Draws of a random sweep: the same in every session, each axis by itself, distributed as they say. */
import { describe, expect, it } from 'vitest';
import { runsOf } from './sweep-text.js';

/** The values at the given axes, run after run. */
const draw = (axes: string, count: number, seed = 0): Promise<readonly (readonly unknown[])[]> =>
  runsOf(`sweep: { random: { count: ${String(count)}, seed: ${String(seed)}, axes: { ${axes} } } }\n`, ({ variant }) =>
    (variant?.settings ?? []).map(({ value }) => value),
  );

const numbers = async (axis: string, count: number): Promise<readonly number[]> =>
  (await draw(`training.maxMinutes: { ${axis} }`, count)).map(([value]) => Number(value));

const latent = 'model.latent: { type: int, min: 1, max: 100000 }';
const minutes = 'training.maxMinutes: { type: uniform, min: 1, max: 2 }';

/** Kolmogorov and Smirnov's distance to the uniform distribution; above 1.95 / √n in one of a thousand cases. */
const distance = (shares: readonly number[]): number => {
  const n = shares.length;
  return Math.max(...shares.toSorted((a, b) => a - b).map((share, i) => Math.max(Math.abs(share - i / n), Math.abs(share - (i + 1) / n))));
};

describe('draws', () => {
  it('are the same in every session, and others with another seed', async () => {
    expect(await draw(`${latent}, ${minutes}`, 5)).toEqual(await draw(`${latent}, ${minutes}`, 5));
    expect(await draw(latent, 5)).not.toEqual(await draw(latent, 5, 1));
    // Written down: a change of these is a change of everybody's sweeps.
    expect((await draw(latent, 4)).flat()).toEqual([48799, 31730, 50426, 60595]);
  });

  it('stay where a count grows, or another axis comes', async () => {
    const few = await draw(latent, 3);
    expect((await draw(latent, 9)).slice(0, 3)).toEqual(few);
    expect((await draw(`${minutes}, ${latent}`, 3)).map(([, value]) => [value])).toEqual(few);
  });

  it('differ from each other, also where there are hardly as many', async () => {
    const all = (await draw('model.latent: { type: int, min: 1, max: 500 }', 500)).flat();
    expect(new Set(all).size).toBe(500);
    expect([Math.min(...all.map(Number)), Math.max(...all.map(Number))]).toEqual([1, 500]);
  });
});

describe('the distribution', () => {
  const n = 1000;
  const limit = 1.95 / Math.sqrt(n);

  it('of log-uniform draws has the logarithm uniform', async () => {
    const values = await numbers('type: log-uniform, min: 1e-5, max: 1e-1', n);
    expect(distance(values.map((value) => Math.log(value / 1e-5) / Math.log(1e4)))).toBeLessThan(limit);
    // The median of a log-uniform variable is the geometric mean of its ends.
    const median = values.toSorted((a, b) => a - b)[n / 2] ?? 0;
    expect(Math.log10(median)).toBeCloseTo(-3, 0);
    expect(values.every((value) => value >= 1e-5 && value <= 1e-1)).toBe(true);
  });

  it('of uniform draws is uniform, in a narrow range as well', async () => {
    expect(distance((await numbers('type: uniform, min: 2, max: 5', n)).map((value) => (value - 2) / 3))).toBeLessThan(limit);
    const narrow = await numbers('type: uniform, min: 0.99, max: 0.999', n);
    expect(distance(narrow.map((value) => (value - 0.99) / 0.009))).toBeLessThan(limit);
    expect(narrow.every((value) => value >= 0.99 && value <= 0.999)).toBe(true);
  });

  it('of whole numbers and choices gives each its share', async () => {
    const rows = await draw(
      'seed: { type: int, min: 0, max: 4000000000 }, model.latent: { type: int, min: 3, max: 7 }, net: { path: model.encoder, type: choice, values: [mlp, linear] }',
      n,
    );
    const share = (at: number, value: unknown): number => rows.filter((row) => row[at] === value).length / n;
    // Four standard deviations of a share.
    for (const value of [3, 4, 5, 6, 7]) expect(Math.abs(share(1, value) - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / n));
    for (const value of ['mlp', 'linear']) expect(Math.abs(share(2, value) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / n));
  });
});
