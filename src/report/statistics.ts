/** Means over seeds, and whether a difference between two variants is more than chance. */

export const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a sample (n - 1 in the denominator); null for fewer than two values. */
export const deviationOf = (values: readonly number[]): number | null => {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

/**
 * P(|T| > |t|) for Student's t with a whole number of degrees of freedom, for which the distribution is elementary. With
 * theta = arctan(t / sqrt(df)), P(|T| <= t) is
 *
 *   odd df:   2/pi (theta + sin theta (cos theta + 2/3 cos^3 theta + ... + (2 4 .. (df-3)) / (3 5 .. (df-2)) cos^(df-2) theta))
 *   even df:  sin theta (1 + 1/2 cos^2 theta + ... + (1 3 .. (df-3)) / (2 4 .. (df-2)) cos^(df-2) theta)
 *
 * Source: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4.
 */
export const twoSidedP = (t: number, df: number): number => {
  if (!Number.isFinite(t)) return 0;
  const theta = Math.atan(Math.abs(t) / Math.sqrt(df));
  const [sin, cos] = [Math.sin(theta), Math.cos(theta)];
  const isOdd = df % 2 === 1;
  let sum = 0;
  let term = isOdd ? cos : 1;
  for (let i = isOdd ? 1 : 0; i <= df - 2; i += 2) {
    sum += term;
    term *= ((i + 1) / (i + 2)) * cos * cos;
  }
  const within = isOdd ? (2 / Math.PI) * (theta + sin * sum) : sin * sum;
  return Math.min(1, Math.max(0, 1 - within));
};

export interface PairedTest {
  /** Pairs. */
  readonly count: number;
  /** Mean of the differences: second less first. */
  readonly difference: number;
  /** Null for fewer than two pairs, of which nothing can be said. */
  readonly p: number | null;
}

/** Student's paired t-test, two-sided: whether the mean of the differences is zero. */
export const pairedTest = (pairs: readonly (readonly [first: number, second: number])[]): PairedTest => {
  const differences = pairs.map(([first, second]) => second - first);
  const difference = meanOf(differences);
  const deviation = deviationOf(differences);
  const count = pairs.length;
  if (deviation === null) return { count, difference, p: null };
  // Equal in every pair: no difference at all, or one without any scatter.
  if (deviation === 0) return { count, difference, p: difference === 0 ? 1 : 0 };
  return { count, difference, p: twoSidedP(difference / (deviation / Math.sqrt(count)), count - 1) };
};

/** p-values made larger by the number of tests that were made at once. Source: Holm 1979. */
export const holm = (values: readonly (number | null)[]): readonly (number | null)[] => {
  const sorted = values.flatMap((p, i) => (p === null ? [] : [{ p, i }])).sort((a, b) => a.p - b.p);
  const adjusted = [...values];
  let largest = 0;
  sorted.forEach(({ p, i }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (sorted.length - rank)));
    adjusted[i] = largest;
  });
  return adjusted;
};
