/** The principal components of a training split, learned once per data set and kept with it. */
import type { Data, Projection } from '../../registry/contracts/index.js';
import { createMoments } from './gaussian-moments.js';
import { numValues } from './shapes.js';
import { symmetricEigen, type SymmetricEigen } from './symmetric-eigen.js';

/** Examples that a covariance is made of; it changes little with more. */
const mostExamples = 10_000;
const batch = 500;

interface Spectrum extends SymmetricEigen {
  readonly mean: Float64Array;
}

const spectra = new WeakMap<Data, Spectrum>();

/** Of at most 10,000 examples, evenly spread over the training split, without augmentation. */
const spectrumOf = (data: Data): Spectrum => {
  const known = spectra.get(data);
  if (known !== undefined) return known;
  const { train } = data.splits;
  const width = numValues(data.shape);
  const count = Math.min(train.count, mostExamples);
  const moments = createMoments(width);
  const rows = new Float32Array(batch * width);
  for (let from = 0; from < count; from += batch) {
    const size = Math.min(batch, count - from);
    const indices = Int32Array.from({ length: size }, (_, i) => Math.floor(((from + i) * train.count) / count));
    (train.plain ?? train).read(indices, 0, rows.subarray(0, size * width));
    moments.add(rows, size);
  }
  const { mean, covariance } = moments.result();
  const spectrum = { mean, ...symmetricEigen(covariance, width) };
  spectra.set(data, spectrum);
  return spectrum;
};

export interface PrincipalComponents extends Projection {
  /** [size, width of an example], unit rows, the direction of the largest variance first. */
  readonly directions: Float64Array;
}

export const principalComponents = (data: Data, size: number): PrincipalComponents => {
  const { mean, vectors } = spectrumOf(data);
  const width = mean.length;
  const directions = vectors.slice(0, size * width);
  return {
    width: size,
    directions,
    apply: (rows, count) => {
      const projected = new Float32Array(count * size);
      const centred = new Float64Array(width);
      for (let row = 0; row < count; row++) {
        for (let k = 0; k < width; k++) centred[k] = (rows[row * width + k] ?? 0) - (mean[k] ?? 0);
        for (let i = 0; i < size; i++) {
          let sum = 0;
          for (let k = 0, at = i * width; k < width; k++, at++) sum += (centred[k] ?? 0) * (directions[at] ?? 0);
          projected[row * size + i] = sum;
        }
      }
      return projected;
    },
  };
};
