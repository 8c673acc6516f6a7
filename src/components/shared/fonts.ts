/** The one font of all pictures. It comes with latentlab, so that pictures look the same everywhere and no text is lost. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../registry/package-folder.js';

export const fontFamily = 'Inter';

const files = ['Inter-Regular.otf', 'Inter-SemiBold.otf'];

/**
 * Paths of the font's files, weights 400 and 600.
 * @throws Error where one is missing: resvg would leave out all text and say nothing.
 */
export const fontFiles = (): string[] =>
  files.map((file) => {
    const path = join(packageFolder, 'assets', 'fonts', file);
    if (!existsSync(path)) throw new Error(`The font ${path} is missing, and pictures would have no text. Install latentlab again.`);
    return path;
  });
