/** A controller that is killed at random moments, as `npm run soak:batch` does it with other seeds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createRandomStreams } from '../../src/runner/random/index.js';
import { disturbBatch } from '../support/batch-kills.js';

const folder = mkdtempSync(join(tmpdir(), 'latentlab-batch-kills-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('a controller that is killed 20 times loses none of 50 runs, does none twice, and leaves no orphans', async () => {
  const draws = createRandomStreams(3).draws('batch-kills', 0);
  const out = new Float32Array(1);
  const random = (): number => {
    draws.uniform(out);
    return out[0] ?? 0;
  };
  const result = await disturbBatch({ folder: join(folder, 'kills'), numRuns: 50, numKills: 20, jobs: 2, random });
  expect({ differences: result.differences, failures: result.failures }).toEqual({ differences: [], failures: [] });
  expect(result.runs).toBe(50);
  expect(result.kills).toBe(20);
}, 600_000);
