/** Golden numbers: compared within a tolerance, since another processor may round in another order. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { relativeDifference } from './difference.js';
import { expectGolden } from './golden.js';

/**
 * Compares numbers with those in `test/golden/<name>`, one a line at full precision, or writes them there. The tolerance is relative to the
 * largest magnitude.
 */
export const expectGoldenNumbers = async (name: string, numbers: readonly number[], tolerance: number): Promise<void> => {
  if (process.env['GOLDEN'] === '1') return expectGolden(name, numbers.map((number) => `${String(number)}\n`).join(''));
  const text = await readFile(join(import.meta.dirname, '..', 'golden', name), 'utf8').catch(() => '');
  const expected = text.trimEnd().split('\n').map(Number);
  expect(numbers.length, `no golden file ${name}, or of another length: run with GOLDEN=1`).toBe(expected.length);
  expect(relativeDifference(numbers, expected), `${name}: ${numbers.join(' ')}`).toBeLessThan(tolerance);
};
