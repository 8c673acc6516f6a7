/**
 * Resampling along one axis, as weighted sums of neighbours. Pixels are areas: pixel i covers [i, i + 1). `bilinear` weighs by
 * a triangle of the width of a pixel, of the input where the image grows and of the output where it shrinks, so that
 * shrinking averages and does not skip (no aliasing). Weights add up to 1, at the edges too.
 * Source: the filter of Pillow's `Image.resize(BILINEAR)` and of `tf.image.resize(antialias=True)`.
 */
export const interpolations = ['bilinear', 'nearest'] as const;
export type Interpolation = (typeof interpolations)[number];

/** Output i is the sum over k of weights[i][k] * input[first[i] + k]. */
export interface Resampling {
  readonly first: Int32Array;
  readonly weights: readonly Float64Array[];
}

const nearest = (inSize: number, outSize: number): Resampling => ({
  first: Int32Array.from({ length: outSize }, (_, i) => Math.floor(((i + 0.5) * inSize) / outSize)),
  weights: Array.from({ length: outSize }, () => Float64Array.of(1)),
});

const bilinear = (inSize: number, outSize: number): Resampling => {
  const scale = inSize / outSize;
  const reach = Math.max(1, scale);
  const first = new Int32Array(outSize);
  const weights = Array.from({ length: outSize }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.floor(centre - reach));
    const end = Math.min(inSize, Math.ceil(centre + reach));
    first[i] = from;
    const triangle = Float64Array.from({ length: end - from }, (__, k) => Math.max(0, 1 - Math.abs(from + k + 0.5 - centre) / reach));
    const sum = triangle.reduce((a, b) => a + b, 0);
    return triangle.map((weight) => weight / sum);
  });
  return { first, weights };
};

const methods: Readonly<Record<Interpolation, (inSize: number, outSize: number) => Resampling>> = { bilinear, nearest };

export const createResampling = (interpolation: Interpolation, inSize: number, outSize: number): Resampling =>
  methods[interpolation](inSize, outSize);

/**
 * Resamples the middle axis of x [outer, inSize, inner] into out [outer, outSize, inner]. Sums are in double precision: weights that
 * add up to 1 within 1e-15 then never carry a float32 of [0, 1] beyond 1.
 */
export const resampleAxis = (
  { first, weights }: Resampling,
  x: Float32Array,
  out: Float32Array,
  outer: number,
  inSize: number,
  inner: number,
): void => {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < weights.length; i++) {
      const row = weights[i] ?? new Float64Array(0);
      const from = (o * inSize + (first[i] ?? 0)) * inner;
      const to = (o * weights.length + i) * inner;
      for (let c = 0; c < inner; c++) {
        let sum = 0;
        for (let k = 0; k < row.length; k++) sum += (row[k] ?? 0) * (x[from + k * inner + c] ?? 0);
        out[to + c] = sum;
      }
    }
  }
};
