/** Removes the cache folder that vitest.config.ts makes for one call of the tests. */
import { rm } from 'node:fs/promises';

export const teardown = async (): Promise<void> => {
  const folder = process.env['LATENTLAB_CACHE'];
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
};
