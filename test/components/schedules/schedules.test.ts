import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';

const stepsPerEpoch = 10;
const totalSteps = 100;
const at = (entry: unknown, step: number): number => buildComponent('schedule', entry).at({ step, stepsPerEpoch, totalSteps });
const values = (entry: unknown, steps: readonly number[]): number[] => steps.map((step) => at(entry, step));

/** Each schedule at some steps, worked by hand; an epoch has 10 steps, training 100. */
const worked: readonly (readonly [string, unknown, readonly (readonly [number, number])[]])[] = [
  [
    'a bare number',
    3,
    [
      [0, 3],
      [99, 3],
    ],
  ],
  [
    'constant',
    { type: 'constant', value: -2 },
    [
      [0, -2],
      [50, -2],
    ],
  ],
  [
    'step',
    { type: 'step', from: 8, factor: 0.5, epochs: 2 },
    [
      [0, 8],
      [19, 8],
      [20, 4],
      [40, 2],
      [99, 0.5],
    ],
  ],
  [
    'step, each epoch',
    { type: 'step', from: 8, factor: 0.5 },
    [
      [9, 8],
      [10, 4],
    ],
  ],
  [
    'exponential',
    { type: 'exponential', from: 8, factor: 0.25, steps: 4 },
    [
      [0, 8],
      [2, 4],
      [4, 2],
      [8, 0.5],
    ],
  ],
  [
    'cosine',
    { type: 'cosine', from: 2, to: 1, epochs: 4 },
    [
      [0, 2],
      [20, 1.5],
      [40, 1],
      [99, 1],
    ],
  ],
  [
    'cosine over all of training',
    { type: 'cosine', from: 2 },
    [
      [0, 2],
      [50, 1],
      [100, 0],
    ],
  ],
  [
    'cosine, a third of the way',
    { type: 'cosine', from: 1, steps: 30 },
    [
      [10, 0.75],
      [20, 0.25],
    ],
  ],
  [
    'linear-warmup',
    { type: 'linear-warmup', epochs: 5 },
    [
      [0, 0],
      [25, 0.5],
      [50, 1],
      [99, 1],
    ],
  ],
  [
    'linear-warmup, half an epoch and 5 steps',
    { type: 'linear-warmup', epochs: 0.5, steps: 5, from: 1, to: 2 },
    [
      [0, 1],
      [5, 1.5],
      [10, 2],
    ],
  ],
  [
    'linear-warmup to a cosine',
    { type: 'linear-warmup', steps: 20, to: { type: 'cosine', from: 4 } },
    [
      [0, 0],
      [10, 2],
      [20, 4],
      [60, 2],
      [100, 0],
    ],
  ],
  [
    'linear-warmup to steps',
    { type: 'linear-warmup', steps: 5, to: { type: 'step', from: 4, factor: 0.5 } },
    [
      [5, 4],
      [14, 4],
      [15, 2],
    ],
  ],
  [
    'linear-warmup that takes all of training',
    { type: 'linear-warmup', to: { type: 'cosine', from: 4 } },
    [
      [0, 0],
      [50, 2],
      [99, 3.96],
    ],
  ],
  [
    'cyclic',
    { type: 'cyclic', cycles: 4 },
    [
      [0, 0],
      [5, 0.4],
      [12, 0.96],
      [13, 1],
      [24, 1],
      [25, 0],
      [80, 0.4],
      [99, 1],
      [100, 1],
    ],
  ],
  [
    'cyclic, then flat',
    { type: 'cyclic', cycles: 2, rising: 1, from: 1, to: 3, epochs: 2 },
    [
      [0, 1],
      [5, 2],
      [10, 1],
      [15, 2],
      [20, 3],
      [99, 3],
    ],
  ],
];

describe('schedules', () => {
  it.each(worked)('%s', (_, entry, pairs) => {
    values(
      entry,
      pairs.map(([step]) => step),
    ).forEach((value, i) => {
      expect(value, `at step ${String(pairs[i]![0])}`).toBeCloseTo(pairs[i]![1], 10);
    });
  });

  it('say that they are constant only if they are', () => {
    for (const [name, entry] of worked) {
      const schedule = buildComponent('schedule', entry);
      const seen = new Set(
        values(
          entry,
          Array.from({ length: totalSteps }, (__, step) => step),
        ),
      );
      if (schedule.constant) expect(seen.size, name).toBe(1);
      else expect(seen.size, name).toBeGreaterThan(1);
    }
    expect(buildComponent('schedule', { type: 'cosine', from: 2, to: 2 }).constant).toBe(true);
    expect(buildComponent('schedule', { type: 'step', from: 2, factor: 1 }).constant).toBe(true);
  });

  it('stay finite and between their ends, for any step and length of training', () => {
    const bounded = [
      { type: 'cosine', from: 3, to: 1 },
      { type: 'cosine', from: 3, to: 1, epochs: 0.01 },
      { type: 'linear-warmup', from: 1, to: 3, steps: 7 },
      { type: 'linear-warmup', from: 1, to: { type: 'cosine', from: 3, to: 1 }, epochs: 1.5 },
      { type: 'cyclic', from: 1, to: 3, cycles: 3, rising: 0.3 },
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 300 }),
        (step, perEpoch, total) => {
          for (const entry of bounded) {
            const value = buildComponent('schedule', entry).at({ step, stepsPerEpoch: perEpoch, totalSteps: total });
            expect(value, entry.type).toBeGreaterThanOrEqual(1 - 1e-12);
            expect(value, entry.type).toBeLessThanOrEqual(3 + 1e-12);
          }
        },
      ),
    );
  });
});
