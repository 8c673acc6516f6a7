/** This program as others start it: the processes of runs, whoever launches them. */
import { join } from 'node:path';
import { packageFolder } from '../registry/package-folder.js';

export const program = join(packageFolder, 'dist', 'cli', 'main.js');
