/** The unbiased estimator of the squared maximum mean discrepancy under the cubic kernel of KID. Source: Gretton et al. 2012, equation 3. */
import { eachProductBlock, type Rows } from './matrix-blocks.js';

/** Sum of (a'b / D + 1)^3 over all pairs of rows; of a set with itself over pairs of different rows. */
const kernelSum = (a: Rows, b: Rows): number => {
  let sum = 0;
  eachProductBlock(a, b, ({ products, stride, fromA, numA, fromB, numB }) => {
    for (let i = 0; i < numA; i++)
      for (let j = 0; j < numB; j++) {
        if (a === b && fromA + i === fromB + j) continue;
        const kernel = (products[i * stride + j] ?? 0) / a.width + 1;
        sum += kernel * kernel * kernel;
      }
  });
  return sum;
};

/** Needs two rows of each. */
export const kernelDistance = (real: Rows, fake: Rows): number => {
  const within = (rows: Rows): number => kernelSum(rows, rows) / (rows.count * (rows.count - 1));
  return within(real) + within(fake) - (2 * kernelSum(real, fake)) / (real.count * fake.count);
};
