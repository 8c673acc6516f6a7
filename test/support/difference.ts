/** How far apart two lists of numbers are. */

/**
 * The largest difference, relative to the largest magnitude of what is expected; Infinity where the lists are of unequal length or one has
 * NaN. The floor of the scale is no denormal number: engines may have switched those off.
 */
export const relativeDifference = (actual: readonly number[], expected: readonly number[]): number => {
  if (actual.length !== expected.length) return Infinity;
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-300);
  const difference = actual.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (expected[i] ?? NaN))), 0);
  return Number.isNaN(difference) ? Infinity : difference / scale;
};
