/** Where latentlab is installed: the folder of its package.json, for what lies there beside the code. */
import { fileURLToPath } from 'node:url';

/** Two levels up from src/registry/, and from the chunk in dist/chunks/ that this file becomes. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
