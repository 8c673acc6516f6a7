import { describe, expect, it } from 'vitest';
import gaussianGrid from '../../../src/components/datasets/gaussian-grid.js';
import type { ValuesOf } from '../../../src/registry/params.js';
import { contextOf, readAll } from './context.js';

const build = (params: Partial<ValuesOf<typeof gaussianGrid.params>> = {}) =>
  gaussianGrid.build({ side: 5, spacing: 2, deviation: 0.05, examples: 10_000, validation: 0, test: 0, fresh: true, ...params });

describe('gaussian-grid', () => {
  it('has its modes at -4, -2, 0, 2 and 4 both ways, row by row', () => {
    const places = [-4, -2, 0, 2, 4];
    expect(build().facts).toEqual({
      shape: [2],
      numClasses: 25,
      support: 'real',
      mixture: { means: places.flatMap((y) => places.map((x) => [x, y])), deviation: 0.05 },
    });
  });

  it('lies about the origin for even sides too', () => {
    expect(build({ side: 2, spacing: 1 }).facts?.mixture?.means).toEqual([
      [-0.5, -0.5],
      [0.5, -0.5],
      [-0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  it('labels points by their mode, and reaches all modes', async () => {
    const { x, labels } = readAll((await build().load(contextOf())).splits.train, 2);
    for (const [row, label] of labels.entries()) {
      const [column, line] = [0, 1].map((axis) => Math.round((x[2 * row + axis] ?? NaN) / 2) + 2);
      expect((line ?? NaN) * 5 + (column ?? NaN)).toBe(label);
    }
    expect(new Set(labels).size).toBe(25);
  });
});
