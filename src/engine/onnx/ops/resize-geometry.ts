/** Where the pixels of a resized image come from: TensorFlow.js's three ways to lay one grid over another, as numbers. */

export interface ResizeOptions {
  /** The corner pixels of both images lie on each other, otherwise their outer edges do. */
  readonly alignCorners: boolean;
  /** Pixels are where their centres are, otherwise where their upper left corners are. */
  readonly halfPixelCenters: boolean;
}

export type Method = 'nearest' | 'bilinear';

/** A part of a source pixel. */
export interface Share {
  readonly from: number;
  readonly weight: number;
}

/** For each of `output` pixels along an axis the one or two out of `input` that it is made of. */
export const sharesOf = (method: Method, input: number, output: number, options: ResizeOptions): readonly (readonly Share[])[] => {
  const { alignCorners, halfPixelCenters } = options;
  const scale = alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;
  const last = input - 1;
  return Array.from({ length: output }, (_, i) => {
    if (method === 'nearest') {
      const place = scale * (halfPixelCenters ? i + 0.5 : i);
      return [{ from: Math.max(0, Math.min(last, alignCorners ? Math.round(place) : Math.floor(place))), weight: 1 }];
    }
    const place = halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i;
    const low = Math.max(0, Math.floor(place));
    const high = Math.max(0, Math.min(last, Math.ceil(place)));
    if (low >= high) return [{ from: Math.min(low, last), weight: 1 }];
    return [
      { from: low, weight: 1 - (place - low) },
      { from: high, weight: place - low },
    ];
  });
};

/** The same as a matrix [output, input], by rows. */
export const matrixOf = (shares: readonly (readonly Share[])[], input: number): Float32Array => {
  const matrix = new Float32Array(shares.length * input);
  for (const [row, parts] of shares.entries()) {
    for (const { from, weight } of parts) matrix[row * input + from] = weight;
  }
  return matrix;
};
