/** How the tests run. `npm run golden` is the same with `--mode golden`, which lets them rewrite the golden files. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// What runs keep between them is kept for one call of the tests: a result of yesterday's code proves nothing.
process.env['LATENTLAB_CACHE'] = mkdtempSync(join(tmpdir(), 'latentlab-tests-'));

// Two files are tested side by side: a second thread of a run has no core of its own, and spins while it waits for small kernels.
process.env['LATENTLAB_THREADS'] ??= '1';

/** Tests that leave nothing behind in a process: their files share the modules that are loaded there, which halves the time that they take. */
const sharing = ['components', 'engine/gradients', 'engine/onnx/ops', 'registry', 'report', 'runner', 'verify'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig(({ mode }) => ({
  test: {
    projects: [
      { extends: true, test: { name: 'parts', include: sharing, isolate: false, setupFiles: 'test/support/shared-process.ts' } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: sharing } },
    ],
    globalSetup: 'test/support/cache.ts',
    env: mode === 'golden' ? { GOLDEN: '1' } : {},
    // Processes, not threads: a fault in native code ends one test file and not the whole run.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
  },
}));
