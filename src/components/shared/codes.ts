/** Paths between codes, and which examples differ most: what an interpolation is made of. */
import type { Values } from '../../registry/contracts/index.js';

export type Path = 'linear' | 'spherical';

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** Weights of the two ends at `t`, from 0 to 1. */
type Weights = (t: number) => readonly [number, number];

const linear: Weights = (t) => [1 - t, t];

/**
 * Weights sin((1 - t) a) / sin a and sin(t a) / sin a for the angle a between the ends: codes of equal length keep it all the way, as
 * those of a normal distribution in many dimensions nearly do. Ends along one line have no such path; theirs is the line.
 * Source: White 2016, "Sampling Generative Networks", arXiv:1609.04468; Shoemake 1985.
 */
const spherical = (from: Float32Array, to: Float32Array): Weights => {
  const cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  // A code of length 0 gives no number here.
  if (!(Math.sin(angle) > 1e-4)) return linear;
  return (t) => [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
};

/** `count` codes from `from` to `to`, evenly spaced along the path, both ends among them: [count, Z]. */
export const interpolate = (from: Float32Array, to: Float32Array, count: number, path: Path): Float32Array => {
  const weigh = path === 'linear' ? linear : spherical(from, to);
  const codes = new Float32Array(count * from.length);
  for (let i = 0; i < count; i++) {
    const [a, b] = weigh(i / (count - 1));
    for (let d = 0; d < from.length; d++) codes[i * from.length + d] = a * (from[d] ?? 0) + b * (to[d] ?? 0);
  }
  return codes;
};

/** The two of the rows `first` ... `first + count - 1`, each of `width` values, that lie farthest apart; the first such pair. */
export const farthestPair = (values: Values, width: number, first: number, count: number): readonly [number, number] => {
  let [pair, largest]: [readonly [number, number], number] = [[first, first + 1], -1];
  for (let i = first; i < first + count; i++) {
    for (let j = i + 1; j < first + count; j++) {
      let square = 0;
      for (let d = 0; d < width; d++) square += ((values[i * width + d] ?? 0) - (values[j * width + d] ?? 0)) ** 2;
      if (square > largest) [pair, largest] = [[i, j], square];
    }
  }
  return pair;
};
