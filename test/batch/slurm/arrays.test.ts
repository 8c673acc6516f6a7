import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/batch/launcher.js';
import { planArrays } from '../../../src/batch/slurm/arrays.js';
import { noResources } from '../../../src/runner/config/resource-params.js';

const task = (name: string, memory: number | null = null, priority = 0): Task => ({
  ...{ name, folder: name, priority, resources: { ...noResources, memory } },
  prepare: () => Promise.resolve(),
});
const plan = (tasks: readonly Task[], size: number, jobs: number | null): readonly (readonly [string, number | null, number | null])[] =>
  planArrays(tasks, size, jobs).map(({ tasks: own, atOnce, behind }) => [own.map(({ name }) => name).join(' '), atOnce, behind]);

describe('the arrays of a batch', () => {
  it('are one for each set of resources, in the order of their most urgent runs', () => {
    const tasks = [task('a'), task('b', 8), task('c', null, 1), task('d', 8, 2), task('e', 4)];
    expect(plan(tasks, 1000, null)).toEqual([
      ['d b', null, null],
      ['c a', null, null],
      ['e', null, null],
    ]);
  });

  it('share the tasks at a time by their lengths, and each has one', () => {
    const tasks = [...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => task(name)), task('g', 8)];
    expect(plan(tasks, 1000, 4)).toEqual([
      ['a b c d e f', 3, null],
      ['g', 1, null],
    ]);
    expect(plan(tasks.slice(0, 3), 1000, 100)).toEqual([['a b c', 3, null]]);
  });

  it('wait for each other where there are more than tasks at a time', () => {
    const tasks = ['a', 'b', 'c', 'd', 'e'].map((name) => task(name));
    expect(plan(tasks, 1, 2)).toEqual([
      ['a', 1, null],
      ['b', 1, null],
      ['c', 1, 0],
      ['d', 1, 1],
      ['e', 1, 2],
    ]);
    expect(plan(tasks, 4, 1)).toEqual([
      ['a b c d', 1, null],
      ['e', 1, 0],
    ]);
  });
});
