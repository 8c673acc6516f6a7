/** What is computed of samples and examples, against closed forms. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMoments, frechetDistance } from '../../../src/components/shared/gaussian-moments.js';
import { laplacianVariance } from '../../../src/components/shared/image-statistics.js';
import { createScores } from '../../../src/components/shared/inception-score.js';
import { kernelDistance } from '../../../src/components/shared/kernel-distance.js';
import { eachDistanceBlock, type Rows } from '../../../src/components/shared/matrix-blocks.js';
import { nearestRows, neighbourShares } from '../../../src/components/shared/neighbours.js';
import { multiScaleSimilarity } from '../../../src/components/shared/similarity.js';
import { createDirections, slicedWasserstein } from '../../../src/components/shared/sliced-wasserstein.js';
import { symmetricEigen } from '../../../src/components/shared/symmetric-eigen.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';

const random = createRandomStreams(3);
const normals = (name: string, count: number, width: number, shift = 0): Rows => {
  const values = new Float32Array(count * width);
  random.draws(name, 0).normal(values);
  return { values: values.map((value) => value + shift), count, width };
};
const diagonal = (values: readonly number[]): Float64Array =>
  Float64Array.from({ length: values.length ** 2 }, (_, at) =>
    at % (values.length + 1) === 0 ? (values[at / (values.length + 1)] ?? 0) : 0,
  );
const at = (values: ArrayLike<number>, i: number): number => values[i] ?? Number.NaN;

describe('eigenvalues of a symmetric matrix', () => {
  it('come with vectors that the matrix only stretches, and that stand upright on each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 1000 }), (n, tick) => {
        const draws = new Float32Array(n * n);
        random.draws('matrix', tick).normal(draws);
        const matrix = Float64Array.from(draws, (_, i) => at(draws, i) + at(draws, (i % n) * n + Math.floor(i / n)));
        const { values, vectors } = symmetricEigen(matrix, n);
        for (let r = 0; r < n; r++) {
          if (r > 0) expect(at(values, r)).toBeLessThanOrEqual(at(values, r - 1));
          for (let i = 0; i < n; i++) {
            let stretched = 0;
            let product = 0;
            for (let k = 0; k < n; k++) {
              stretched += at(matrix, i * n + k) * at(vectors, r * n + k);
              product += at(vectors, r * n + k) * at(vectors, i * n + k);
            }
            expect(stretched).toBeCloseTo(at(values, r) * at(vectors, r * n + i), 10);
            expect(product).toBeCloseTo(r === i ? 1 : 0, 10);
          }
        }
      }),
    );
  });

  it('are those of the matrix where it is diagonal, or has equal ones, or is zero', () => {
    expect([...symmetricEigen(diagonal([1, 3, 2]), 3).values]).toEqual([3, 2, 1]);
    expect([...symmetricEigen(diagonal([2, 2, 2, 2]), 4).values]).toEqual([2, 2, 2, 2]);
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
    // All ones: n once, 0 else.
    symmetricEigen(new Float64Array(25).fill(1), 5).values.forEach((value, i) => {
      expect(value).toBeCloseTo(i === 0 ? 5 : 0, 12);
    });
  });

  it('are refused for a matrix that holds no numbers', () => {
    expect(() => symmetricEigen(new Float64Array(9).fill(Number.NaN), 3)).toThrow('no numbers');
  });
});

describe('the Frechet distance', () => {
  it('is the closed form between Gaussians whose covariances share their axes', () => {
    const [a, b] = [
      { mean: Float64Array.of(0, 1, 2), covariance: diagonal([4, 1, 0.25]) },
      { mean: Float64Array.of(1, -1, 2), covariance: diagonal([1, 9, 0.25]) },
    ];
    // |(1, -2, 0)|^2 + (2 - 1)^2 + (1 - 3)^2
    expect(Math.abs(frechetDistance(a, b) - 10)).toBeLessThan(1e-6);
    expect(frechetDistance(a, a)).toBeLessThan(1e-12);
  });

  it('is that of two Gaussians in the plane, whatever their axes', () => {
    // For 2 x 2: tr (AB)^1/2 = sqrt(tr AB + 2 sqrt(det AB)).
    fc.assert(
      fc.property(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 8, maxLength: 8 }), (g) => {
        const gram = (p: number, q: number, r: number, u: number): Float64Array =>
          Float64Array.of(p * p + q * q + 0.1, p * r + q * u, p * r + q * u, r * r + u * u + 0.1);
        const [A, B] = [gram(at(g, 0), at(g, 1), at(g, 2), at(g, 3)), gram(at(g, 4), at(g, 5), at(g, 6), at(g, 7))];
        const trace = at(A, 0) * at(B, 0) + 2 * at(A, 1) * at(B, 1) + at(A, 3) * at(B, 3);
        const det = (m: Float64Array): number => at(m, 0) * at(m, 3) - at(m, 1) ** 2;
        const expected = at(A, 0) + at(A, 3) + at(B, 0) + at(B, 3) - 2 * Math.sqrt(trace + 2 * Math.sqrt(det(A) * det(B)));
        const mean = Float64Array.of(0, 0);
        expect(Math.abs(frechetDistance({ mean, covariance: A }, { mean, covariance: B }) - expected)).toBeLessThan(1e-6);
      }),
    );
  });

  it('sums moments of batches of any size, far from 0 too', () => {
    const rows = normals('moments', 900, 3, 1000);
    const [whole, parts] = [createMoments(3), createMoments(3)];
    whole.add(rows.values, 900);
    for (const [from, to] of [
      [0, 1],
      [1, 500],
      [500, 900],
    ] as const)
      parts.add(rows.values.slice(from * 3, to * 3), to - from);
    const [a, b] = [whole.result(), parts.result()];
    for (let i = 0; i < 9; i++) expect(at(a.covariance, i)).toBeCloseTo(at(b.covariance, i), 3);
    expect(at(a.covariance, 0)).toBeCloseTo(1, 0);
    expect(at(a.mean, 1)).toBeCloseTo(1000, 0);
  });
});

describe('distances in blocks', () => {
  it('are those of single rows, whatever the counts', () => {
    const [a, b] = [normals('a', 133, 5), normals('b', 129, 5)];
    let seen = 0;
    eachDistanceBlock(a, b, ({ products, stride, fromA, numA, fromB, numB }) => {
      for (let i = 0; i < numA; i++)
        for (let j = 0; j < numB; j++) {
          let expected = 0;
          for (let k = 0; k < 5; k++) expected += (at(a.values, (fromA + i) * 5 + k) - at(b.values, (fromB + j) * 5 + k)) ** 2;
          expect(Math.abs(at(products, i * stride + j) - expected)).toBeLessThan(1e-10);
          seen++;
        }
    });
    expect(seen).toBe(133 * 129);
  });

  it('find the nearest rows, the nearest first', () => {
    const line = (values: readonly number[]): Rows => ({ values: Float32Array.from(values), count: values.length, width: 1 });
    const { values, indices } = nearestRows(line([0, 5]), line([4, 1, -3, 7]), 2);
    expect([...indices]).toEqual([1, 2, 0, 3]);
    expect([...values]).toEqual([1, 9, 1, 4]);
  });
});

describe('precision, recall, density and coverage', () => {
  it('hold to what theory and reference runs say of equal distributions', () => {
    const [n, k] = [2500, 5];
    const { density, coverage, precision, recall } = neighbourShares(normals('real', n, 64), normals('fake', n, 64), k, true);
    expect(Math.abs(density - 1)).toBeLessThan(0.05);
    let missed = 1;
    for (let i = 1; i <= k; i++) missed *= (n - i) / (2 * n - i);
    expect(Math.abs(coverage - (1 - missed))).toBeLessThan(0.02);
    // .677 and .670 for 10,000 of each.
    for (const value of [precision, recall]) expect(Math.abs(value - 0.69)).toBeLessThan(0.04);
  });

  it('are 1 for the same rows, and 0 for rows that are far away', () => {
    const real = normals('real', 60, 4);
    expect(neighbourShares(real, real, 3, true)).toMatchObject({ precision: 1, recall: 1, coverage: 1 });
    expect(neighbourShares(real, normals('far', 60, 4, 100), 3, true)).toEqual({ precision: 0, recall: 0, density: 0, coverage: 0 });
  });

  it('tell samples of one mode apart: precise, and without recall', () => {
    const values = normals('two', 200, 2).values.map((value, i) => value * 0.1 + (i < 200 ? 0 : 20));
    const { precision, recall, coverage } = neighbourShares(
      { values, count: 200, width: 2 },
      { values: normals('one', 200, 2).values.map((value) => value * 0.1), count: 200, width: 2 },
      3,
      true,
    );
    expect(precision).toBeGreaterThan(0.9);
    expect(Math.abs(recall - 0.5)).toBeLessThan(0.06);
    expect(Math.abs(coverage - 0.5)).toBeLessThan(0.06);
  });
});

describe('the kernel distance', () => {
  it('is what two rows of each give by hand', () => {
    // k(a, b) = (ab + 1)^3 for one value: k(0, 1) = 1, k(2, 0) = 1; between 0 or 1 and 2 or 0: 1, 1, 27, 1.
    const line = (...values: readonly number[]): Rows => ({ values: Float32Array.from(values), count: values.length, width: 1 });
    expect(kernelDistance(line(0, 1), line(2, 0))).toBeCloseTo(1 + 1 - (2 * 30) / 4, 10);
  });

  it('averages to 0 over samples of one distribution, however few', () => {
    const values = Array.from({ length: 300 }, (_, i) => kernelDistance(normals(`x${String(i)}`, 20, 3), normals(`y${String(i)}`, 20, 3)));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan((3 * deviation) / Math.sqrt(values.length));
    expect(values.some((value) => value < 0)).toBe(true);
  });
});

describe('the sliced Wasserstein distance', () => {
  it('is the length of a shift, divided by the root of the number of dimensions', () => {
    const real = normals('real', 500, 4);
    const fake = { ...real, values: real.values.map((value, i) => value + (i % 4 === 0 ? 2 : 0)) };
    // E (u'm)^2 = |m|^2 / D over the sphere.
    expect(Math.abs(slicedWasserstein(real, fake, 2000) - 1)).toBeLessThan(0.03);
    expect(slicedWasserstein(real, real, 10)).toBe(0);
  });

  it('looks along directions of length 1 that are the same each time', () => {
    const directions = createDirections(5, 7);
    expect(Math.hypot(...directions.slice(7, 14))).toBeCloseTo(1, 12);
    expect(createDirections(5, 7)).toEqual(directions);
  });
});

describe('the inception score', () => {
  it("is exp(H) at most: 9.9826 for MNIST's test labels", () => {
    const counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
    const scores = createScores(10);
    for (const [label, count] of counts.entries()) {
      const rows = Float32Array.from({ length: count * 10 }, (_, i) => (i % 10 === label ? 1 : 0));
      scores.add({ real: rows, fake: rows }, count);
    }
    const [fake, real, apart] = scores.result();
    expect(fake).toBeCloseTo(9.9826, 4);
    expect([real, apart]).toEqual([fake, 0]);
  });

  it('is 1 where the classifier cannot tell, and where all samples are of one class; only the second is out of balance', () => {
    const scores = createScores(2);
    scores.add({ real: Float32Array.of(1, 0, 0, 1), fake: Float32Array.of(1, 0, 1, 0) }, 2);
    expect(scores.result()).toEqual([1, 2, 0.5]);
  });
});

describe('images', () => {
  const image = { height: 28, width: 28, channels: 1 };
  const noise = (name: string): Float32Array => normals(name, 1, 784).values.map((value) => Math.min(1, Math.max(0, 0.5 + 0.3 * value)));

  it('have the variance of their Laplacian: 0 on a slope, 16 times that of a single bright pixel', () => {
    const slope = Float32Array.from({ length: 784 }, (_, i) => (i % 28) / 28);
    expect(laplacianVariance(slope, 0, image)).toBeCloseTo(0, 10);
    const dot = new Float32Array(784);
    dot[14 * 28 + 14] = 1;
    // One pixel of -4 and four of 1 among 26 x 26.
    expect(laplacianVariance(dot, 0, image)).toBeCloseTo(20 / 676, 10);
  });

  it('are alike to 1 where they are equal, and the less the more noise is added', () => {
    const first = noise('first');
    expect(multiScaleSimilarity(first, first, image, 1)).toBeCloseTo(1, 12);
    const blended = [0.1, 0.4, 1].map((share) => {
      const other = noise('other');
      return multiScaleSimilarity(
        first,
        first.map((value, i) => (1 - share) * value + share * at(other, i)),
        image,
        1,
      );
    });
    expect(at(blended, 0)).toBeGreaterThan(at(blended, 1));
    expect(at(blended, 1)).toBeGreaterThan(at(blended, 2));
  });

  it('differ in brightness alone by the factor of brightness', () => {
    const [dark, light] = [new Float32Array(49).fill(0.2), new Float32Array(49).fill(0.8)];
    const expected = (2 * 0.2 * 0.8 + 1e-4) / (0.04 + 0.64 + 1e-4);
    expect(multiScaleSimilarity(dark, light, { height: 7, width: 7, channels: 1 }, 1)).toBeCloseTo(expected, 5);
  });
});
