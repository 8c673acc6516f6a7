/** The first line of an experiment, which tells editors its schema. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
const schemaPath = 'schema/experiment.schema.json';

/** @param path Of the schema, from the experiment's folder; Windows' separators become slashes. */
export const modeline = (path: string): string => {
  const slashed = path.replaceAll(sep, '/');
  const isPlain = isAbsolute(path) || slashed.startsWith('../');
  return `# yaml-language-server: $schema=${isPlain ? slashed : `./${slashed}`}`;
};

function* foldersAbove(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}

/**
 * For an experiment in this folder: the schema of the latentlab that is installed in its project, or of this very package where the
 * folder is inside it; these paths hold on every machine that has the project. Else that of the program that runs, by its absolute path.
 */
export const modelineFor = (folder: string): { readonly line: string; readonly isPortable: boolean } => {
  const from = resolve(folder);
  for (const above of foldersAbove(from)) {
    const isPackage = relative(packageFolder, above) === '';
    const schema = isPackage ? join(above, schemaPath) : join(above, 'node_modules', 'latentlab', schemaPath);
    if (existsSync(schema)) return { line: modeline(relative(from, schema)), isPortable: true };
  }
  return { line: modeline(join(packageFolder, schemaPath)), isPortable: false };
};
