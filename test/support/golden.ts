/** Golden files: checked-in outputs under test/golden/, rewritten when GOLDEN=1 is set. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

const folder = join(import.meta.dirname, '..', 'golden');

/** Compares text with `test/golden/<name>`, or writes it there. */
export const expectGolden = async (name: string, text: string): Promise<void> => {
  const file = join(folder, name);
  if (process.env['GOLDEN'] === '1') {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return;
  }
  const expected = await readFile(file, 'utf8').catch(() => `no golden file ${name}: run with GOLDEN=1`);
  expect(text).toBe(expected);
};
