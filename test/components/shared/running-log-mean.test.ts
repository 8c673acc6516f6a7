import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRunningLogMean } from '../../../src/components/shared/running-log-mean.js';

it('is the logarithm of the mean of the weights so far, for each example', () => {
  const logWeight = fc.double({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(logWeight, logWeight), { minLength: 1, maxLength: 20 }), (rows) => {
      const running = createRunningLogMean(2);
      rows.forEach((row) => {
        running.add(row, 0);
      });
      const expected = [0, 1].map((i) => Math.log(rows.reduce((sum, row) => sum + Math.exp(row[i] ?? NaN), 0) / rows.length));
      running.result().forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i] ?? NaN, 9);
      });
    }),
  );
});

it('knows weights that are far too small for a number, and those that are 0', () => {
  const running = createRunningLogMean(2);
  running.add([-1e5, -Infinity, 0], 0);
  running.add([9, -1e5, -Infinity], 1);
  expect([...running.result()]).toEqual([-1e5, -Infinity]);
});
