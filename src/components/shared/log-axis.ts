/** Ticks of a logarithmic axis, for values of one sign; negative ones count down from the largest. */

/** Marks within each power of ten, from few to many. */
const mantissas: readonly (readonly number[])[] = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]];
const fewest = 4;

/** A step of 1, 2 or 5 times a power of ten, that makes 5 to 10 of `span`. */
const niceStep = (span: number): number => {
  const power = 10 ** Math.floor(Math.log10(span / 5));
  return power * ([5, 2].find((factor) => span / (factor * power) >= 5) ?? 1);
};

/** Round values between two positive ones: round on the logarithmic axis where that gives enough, else evenly spaced. */
const ticksBetween = (low: number, high: number): readonly number[] => {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  for (const marks of mantissas) {
    const ticks = powers.flatMap((power) => marks.map((mark) => Number(`${String(mark)}e${String(power)}`)));
    const inside = ticks.filter((tick) => tick >= low && tick <= high);
    if (inside.length >= fewest) return inside;
  }
  const step = niceStep(high - low);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
};

export interface LogAxis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** An axis that holds all values with a little room; null where not all are positive, or all negative. */
export const logAxis = (values: readonly number[]): LogAxis | null => {
  const sizes = values.map(Math.abs);
  const isPositive = values.every((value) => value > 0);
  if (values.length === 0 || (!isPositive && !values.every((value) => value < 0))) return null;
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  const room = Math.max(1.001, (largest / smallest) ** 0.05);
  const [low, high] = [smallest / room, largest * room];
  const ticks = ticksBetween(low, high);
  return isPositive ? { domain: [low, high], ticks } : { domain: [-high, -low], ticks: ticks.map((tick) => -tick).reverse() };
};
