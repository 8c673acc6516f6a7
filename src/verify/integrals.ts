/** Integrals over a line by Simpson's rule, and means over samples. */

/** `count` points (an odd number) from `low` to `high`. */
export const grid = (low: number, high: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

/** Of a function of a point and its place in the grid. */
export const integrate = (points: readonly number[], f: (x: number, at: number) => number): number => {
  const width = (points[1] ?? 0) - (points[0] ?? 0);
  const last = points.length - 1;
  return points.reduce((sum, x, i) => sum + f(x, i) * (i === 0 || i === last ? 1 : i % 2 === 1 ? 4 : 2), 0) * (width / 3);
};

export const momentOf = (points: readonly number[], density: readonly number[], power: number): number =>
  integrate(points, (x, at) => x ** power * (density[at] ?? 0));

/** With the standard error of the mean. */
export const meanAndError = (values: readonly number[]): readonly [mean: number, error: number] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(variance / values.length)];
};
