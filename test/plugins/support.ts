/** Folders with plug-ins in them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { PluginError } from '../../src/plugins/errors.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own with these files. */
export const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-plugin-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};

/** A module whose one component is a schedule of this name. */
export const scheduleModule = (name: string): string =>
  `export const it = { kind: 'schedule', name: '${name}', description: 'Stays at one.', params: {}, build: () => ({ constant: true, at: () => 1 }) };\n`;

/** Why a plug-in is refused. */
export const reasonOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof PluginError) return error.reason;
    throw error;
  }
  return 'nothing';
};
