/** Folders that a test file may fill; they vanish with it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** An empty folder that is removed after the last test of the file. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
};

/** Writes a file and gives back its path. */
export const writeInto = (folder: string, name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
