/** How the tests run. `npm run golden` is the same with `--mode golden`, which lets them rewrite the golden files. */
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    env: mode === 'golden' ? { GOLDEN: '1' } : {},
    // Processes, not threads: a fault in native code ends one test file and not the whole run.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
  },
}));
