/** The package's version, read from package.json once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../registry/package-folder.js';

const manifest: unknown = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));

/** Version of this package, as its package.json says. */
export const packageVersion: string =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
