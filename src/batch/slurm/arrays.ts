/** Which tasks are an array of jobs together: Slurm gives all of an array the same, and an array has so many tasks at most. */
import type { Task } from '../launcher.js';

export interface PlannedArray {
  /** The most urgent first. All are given the same. */
  readonly tasks: readonly Task[];
  /** Tasks at a time; null: as many as the cluster has room for. */
  readonly atOnce: number | null;
  /** The place of the array, among all, whose end this one waits for; null: of none. */
  readonly behind: number | null;
}

const chunks = (tasks: readonly Task[], size: number): readonly (readonly Task[])[] =>
  tasks.length <= size ? [tasks] : [tasks.slice(0, size), ...chunks(tasks.slice(size), size)];

/** Whole numbers that add up to `total`, at least 1 each, as near to the lengths' shares as that allows. */
const shareOut = (total: number, lengths: readonly number[]): readonly number[] => {
  const shares = lengths.map(() => 1);
  for (let left = total - lengths.length; left > 0; left -= 1) {
    const loads = lengths.map((length, i) => length / (shares[i] ?? 1));
    const most = loads.indexOf(Math.max(...loads));
    shares.splice(most, 1, (shares[most] ?? 0) + 1);
  }
  return shares;
};

/**
 * `jobs`, the tasks at a time of all arrays together, is shared out by their lengths; where there are more arrays than that, they wait for
 * each other. Slurm itself knows of no limit beyond a single array.
 */
export const planArrays = (tasks: readonly Task[], maxArraySize: number, jobs: number | null): readonly PlannedArray[] => {
  const sorted = tasks.toSorted((a, b) => b.priority - a.priority);
  const groups = new Map<string, Task[]>();
  for (const task of sorted) {
    const key = JSON.stringify(task.resources);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [task]);
    else group.push(task);
  }
  const arrays = [...groups.values()].flatMap((group) => chunks(group, maxArraySize));
  if (jobs === null) return arrays.map((own) => ({ tasks: own, atOnce: null, behind: null }));
  const shares = shareOut(
    Math.min(jobs, tasks.length),
    arrays.map((own) => own.length),
  );
  return arrays.map((own, i) => ({ tasks: own, atOnce: shares[i] ?? 1, behind: i < jobs ? null : i - jobs }));
};
