/**
 * Inner products of rows, block by block, for matrices that are too large to be kept: what metrics of samples spend their time on. Sums of
 * single products are kept in registers, four rows against two at a time, over panels in double precision that the cache holds.
 */

/** Rows side by side: [count, width], row-major. */
export interface Rows {
  readonly values: Float32Array;
  readonly count: number;
  readonly width: number;
}

/** Rows of a block; two blocks and their products stay within the cache. */
const blockRows = 128;

/** Panels of `lanes` rows each: values of one column side by side, short panels filled with zeros. */
const pack = ({ values, width }: Rows, from: number, count: number, lanes: number): Float64Array => {
  const panels = Math.ceil(count / lanes);
  const packed = new Float64Array(panels * lanes * width);
  for (let row = 0; row < count; row++) {
    let to = Math.floor(row / lanes) * lanes * width + (row % lanes);
    const start = (from + row) * width;
    for (let k = 0; k < width; k++, to += lanes) packed[to] = values[start + k] ?? 0;
  }
  return packed;
};

/** Products of a panel of four rows at `i` with one of two rows at `j`, into rows of `stride` at `to`. */
const multiplyPanels = (
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  width: number,
  out: Float64Array,
  to: number,
  stride: number,
): void => {
  let [p00, p01, p10, p11, p20, p21, p30, p31] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < width; k++, i += 4, j += 2) {
    const b0 = b[j] ?? 0;
    const b1 = b[j + 1] ?? 0;
    const a0 = a[i] ?? 0;
    const a1 = a[i + 1] ?? 0;
    const a2 = a[i + 2] ?? 0;
    const a3 = a[i + 3] ?? 0;
    p00 += a0 * b0;
    p01 += a0 * b1;
    p10 += a1 * b0;
    p11 += a1 * b1;
    p20 += a2 * b0;
    p21 += a2 * b1;
    p30 += a3 * b0;
    p31 += a3 * b1;
  }
  out[to] = p00;
  out[to + 1] = p01;
  out[to + stride] = p10;
  out[to + stride + 1] = p11;
  out[to + 2 * stride] = p20;
  out[to + 2 * stride + 1] = p21;
  out[to + 3 * stride] = p30;
  out[to + 3 * stride + 1] = p31;
};

/** Products of rows `fromA` ... of a with rows `fromB` ... of b: entry (i, j) is at `i * stride + j`. The array is used again for the next block. */
export interface Block {
  readonly products: Float64Array;
  readonly stride: number;
  readonly fromA: number;
  readonly numA: number;
  readonly fromB: number;
  readonly numB: number;
}

/** Visits the inner products of all rows of `a` with all of `b`, [a.count, b.count], in blocks; `isHalf`: those on and above the diagonal's blocks only. */
export const eachProductBlock = (a: Rows, b: Rows, visit: (block: Block) => void, isHalf = false): void => {
  const { width } = a;
  if (b.width !== width) throw new Error(`rows of ${String(width)} and of ${String(b.width)} values have no inner products`);
  const products = new Float64Array(blockRows * blockRows);
  const packedB: Float64Array[] = [];
  for (let fromB = 0; fromB < b.count; fromB += blockRows) packedB.push(pack(b, fromB, Math.min(blockRows, b.count - fromB), 2));
  for (let fromA = 0; fromA < a.count; fromA += blockRows) {
    const numA = Math.min(blockRows, a.count - fromA);
    const packedA = pack(a, fromA, numA, 4);
    for (const [block, panelB] of packedB.entries()) {
      const fromB = block * blockRows;
      if (isHalf && fromB < fromA) continue;
      const numB = Math.min(blockRows, b.count - fromB);
      for (let j = 0; j < numB; j += 2)
        for (let i = 0; i < numA; i += 4)
          multiplyPanels(packedA, i * width, panelB, j * width, width, products, i * blockRows + j, blockRows);
      visit({ products, stride: blockRows, fromA, numA, fromB, numB });
    }
  }
};

/** Squared lengths of rows. */
const squaredNorms = ({ values, count, width }: Rows): Float64Array =>
  Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let k = row * width; k < (row + 1) * width; k++) sum += (values[k] ?? 0) ** 2;
    return sum;
  });

/** The same for squared distances, |a|^2 + |b|^2 - 2 a'b, which are never below 0. */
export const eachDistanceBlock = (a: Rows, b: Rows, visit: (block: Block) => void, isHalf = false): void => {
  const [normsA, normsB] = [squaredNorms(a), squaredNorms(b)];
  eachProductBlock(
    a,
    b,
    (block) => {
      const { products, stride, fromA, numA, fromB, numB } = block;
      for (let i = 0; i < numA; i++) {
        const normA = normsA[fromA + i] ?? 0;
        for (let j = 0, at = i * stride; j < numB; j++, at++)
          products[at] = Math.max(0, normA + (normsB[fromB + j] ?? 0) - 2 * (products[at] ?? 0));
      }
      visit(block);
    },
    isHalf,
  );
};
