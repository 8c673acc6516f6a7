/** Distances between sets of rows along directions that are fixed, once and for all, by a small generator of its own. */
import { createUniforms } from './fixed-uniforms.js';
import type { Rows } from './matrix-blocks.js';

/** [count, width], uniform on the unit sphere: normal values, by Box and Muller's transform, divided by their length. */
export const createDirections = (count: number, width: number): Float64Array => {
  const uniform = createUniforms(20);
  const directions = Float64Array.from(
    { length: count * width },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
  for (let i = 0; i < count; i++) {
    const row = directions.subarray(i * width, (i + 1) * width);
    const length = Math.hypot(...row);
    for (let k = 0; k < width; k++) row[k] = (row[k] ?? 0) / length;
  }
  return directions;
};

const project = ({ values, count, width }: Rows, direction: Float64Array): Float64Array =>
  Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let k = 0, at = row * width; k < width; k++, at++) sum += (values[at] ?? 0) * (direction[k] ?? 0);
    return sum;
  }).sort();

/** For as many samples as examples. */
export const slicedWasserstein = (real: Rows, fake: Rows, numDirections: number): number => {
  const { count, width } = real;
  const directions = createDirections(numDirections, width);
  let sum = 0;
  for (let i = 0; i < numDirections; i++) {
    const direction = directions.subarray(i * width, (i + 1) * width);
    const [a, b] = [project(real, direction), project(fake, direction)];
    for (let row = 0; row < count; row++) sum += ((a[row] ?? 0) - (b[row] ?? 0)) ** 2 / count;
  }
  return Math.sqrt(sum / numDirections);
};
