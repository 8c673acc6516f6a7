/**
 * Eigenvalues and eigenvectors of a symmetric matrix in double precision: Householder's reduction to three diagonals, then QL steps with
 * implicit shifts. The inner loops run along rows, where values lie side by side.
 * Source: Golub & Van Loan 2013, "Matrix Computations", sections 8.3.1 and 8.3.3; Bowdler, Martin, Reinsch & Wilkinson 1968.
 */

export interface SymmetricEigen {
  /** From the largest to the smallest. */
  readonly values: Float64Array;
  /** [n, n], row i is the unit eigenvector of `values[i]`. */
  readonly vectors: Float64Array;
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` couples i and i + 1; the last is 0. */
  readonly beside: Float64Array;
  /** [n, n], transposed: row i is the i-th vector of the basis in which the matrix has three diagonals. */
  readonly basis: Float64Array;
}

const at = (values: Float64Array, i: number): number => values[i] ?? 0;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += at(a, i) * at(b, i);
  return sum;
};

/** to += factor * from */
const addTo = (to: Float64Array, from: Float64Array, factor: number): void => {
  for (let i = 0; i < to.length; i++) to[i] = at(to, i) + factor * at(from, i);
};

/** Reflections H = I - 2 v v' that take the rows of `a`, one after another, to their first two values behind the diagonal. */
const toTridiagonal = (a: Float64Array, n: number): Tridiagonal => {
  const row = (i: number, from = 0): Float64Array => a.subarray(i * n + from, (i + 1) * n);
  const reflectors: (Float64Array | null)[] = [];
  const beside = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const v = row(k, k + 1).slice();
    const length = Math.sqrt(dot(v, v));
    const alpha = at(v, 0) > 0 ? -length : length;
    v[0] = at(v, 0) - alpha;
    const norm = Math.sqrt(dot(v, v));
    beside[k] = alpha;
    if (norm === 0) {
      reflectors.push(null);
      continue;
    }
    for (let i = 0; i < v.length; i++) v[i] = at(v, i) / norm;
    reflectors.push(v);
    // A <- H A H over what is left: with p = A v and w = p - (v'p) v, A - 2 v w' - 2 w v'.
    const w = new Float64Array(v.length);
    for (let i = 0; i < v.length; i++) w[i] = dot(row(k + 1 + i, k + 1), v);
    addTo(w, v, -dot(v, w));
    for (let i = 0; i < v.length; i++) {
      const target = row(k + 1 + i, k + 1);
      addTo(target, w, -2 * at(v, i));
      addTo(target, v, -2 * at(w, i));
    }
  }
  if (n > 1) beside[n - 2] = at(a, (n - 2) * n + n - 1);
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  // Rows of H(1) ... H(m) transposed, from the last reflection to the first, each of which leaves the first rows alone.
  for (let k = n - 3; k >= 0; k--) {
    const v = reflectors[k] ?? null;
    if (v === null) continue;
    for (let i = k + 1; i < n; i++) {
      const target = basis.subarray(i * n + k + 1, (i + 1) * n);
      addTo(target, v, -2 * dot(target, v));
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => at(a, i * n + i)), beside, basis };
};

/** Turns rows i and i + 1 of `vectors` by the angle with these cosine and sine. */
const rotate = (vectors: Float64Array, n: number, i: number, cos: number, sin: number): void => {
  const upper = vectors.subarray(i * n, (i + 1) * n);
  const lower = vectors.subarray((i + 1) * n, (i + 2) * n);
  for (let k = 0; k < n; k++) {
    const [u, l] = [at(upper, k), at(lower, k)];
    lower[k] = sin * u + cos * l;
    upper[k] = cos * u - sin * l;
  }
};

const maxSweeps = 60;

/** `basis` turns with it, unless only the values are wanted. */
const diagonalize = ({ diagonal: d, beside: e }: Tridiagonal, n: number, basis: Float64Array | null): void => {
  // Against the whole matrix: eigenvalues that are 0 but for rounding, as of pixels that are always black, have no scale of their own.
  const negligible = Number.EPSILON * d.reduce((largest, value, i) => Math.max(largest, Math.abs(value) + Math.abs(at(e, i))), 0);
  for (let first = 0; first < n; first++) {
    for (let sweep = 0; ; sweep++) {
      let last = first;
      while (last < n - 1 && Math.abs(at(e, last)) > negligible) last++;
      if (last === first) break;
      if (sweep === maxSweeps) throw new Error('the eigenvalues of a matrix were not found');
      const slope = (at(d, first + 1) - at(d, first)) / (2 * at(e, first));
      const root = Math.hypot(slope, 1);
      let g = at(d, last) - at(d, first) + at(e, first) / (slope + (slope < 0 ? -root : root));
      let [sin, cos, p] = [1, 1, 0];
      let i = last - 1;
      for (; i >= first; i--) {
        const [f, b] = [sin * at(e, i), cos * at(e, i)];
        const r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] = at(d, i + 1) - p;
          e[last] = 0;
          break;
        }
        [sin, cos] = [f / r, g / r];
        g = at(d, i + 1) - p;
        const turned = (at(d, i) - g) * sin + 2 * cos * b;
        p = sin * turned;
        d[i + 1] = g + p;
        g = cos * turned - b;
        if (basis !== null) rotate(basis, n, i, cos, sin);
      }
      if (i >= first) continue;
      d[first] = at(d, first) - p;
      e[first] = g;
      e[last] = 0;
    }
  }
};

const assertFinite = (matrix: Float64Array): void => {
  if (!matrix.every(Number.isFinite)) throw new Error('a matrix has no eigenvalues: it holds values that are no numbers');
};

/** Eigenvalues alone, in no order: most of the time goes into the vectors. */
export const symmetricEigenvalues = (matrix: Float64Array, n: number): Float64Array => {
  assertFinite(matrix);
  const reduced = toTridiagonal(matrix.slice(), n);
  diagonalize(reduced, n, null);
  return reduced.diagonal;
};

/**
 * @param matrix [n, n], row-major and symmetric; it stays as it is.
 * @throws Error where it holds what is not finite.
 */
export const symmetricEigen = (matrix: Float64Array, n: number): SymmetricEigen => {
  assertFinite(matrix);
  const reduced = toTridiagonal(matrix.slice(), n);
  diagonalize(reduced, n, reduced.basis);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => at(reduced.diagonal, b) - at(reduced.diagonal, a));
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(reduced.basis.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (i) => at(reduced.diagonal, i)), vectors };
};
