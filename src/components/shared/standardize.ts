/** Columns brought to mean 0 and deviation 1. */

/**
 * Changes `values`, [rows, width], in place: (x - mean) / deviation, column by column, both over `rows` alone. In two passes and
 * double precision, so that a large mean costs no digits; a column without deviation is left at x - mean.
 */
export const standardize = (values: Float32Array, width: number, rows: Int32Array): void => {
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (const row of rows) sum += values[row * width + column] ?? 0;
    const mean = sum / rows.length;
    let squares = 0;
    for (const row of rows) squares += ((values[row * width + column] ?? 0) - mean) ** 2;
    const deviation = Math.sqrt(squares / rows.length);
    const scale = deviation > 0 ? deviation : 1;
    for (let i = column; i < values.length; i += width) values[i] = ((values[i] ?? 0) - mean) / scale;
  }
};
