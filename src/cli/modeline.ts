/** The first line of an experiment, which tells editors its schema. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../registry/package-folder.js';

const schemaPath = 'schema/experiment.schema.json';

const lineOf = (schema: string): string => `# yaml-language-server: $schema=${schema}`;

/** @param path Of the schema, relative to the experiment's folder. */
export const modeline = (path: string): string => {
  const slashed = path.replaceAll(sep, '/');
  return lineOf(slashed.startsWith('../') ? slashed : `./${slashed}`);
};

function* foldersAbove(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}

/**
 * For an experiment in this folder: the schema of the latentlab that is installed in its project, or of this very package where the
 * folder is inside it; these paths hold on every machine that has the project. Else that of the program that runs, by its URL.
 */
export const modelineFor = (folder: string): { readonly line: string; readonly isPortable: boolean } => {
  const from = resolve(folder);
  for (const above of foldersAbove(from)) {
    const isPackage = relative(packageFolder, above) === '';
    const schema = isPackage ? join(above, schemaPath) : join(above, 'node_modules', 'latentlab', schemaPath);
    if (existsSync(schema)) return { line: modeline(relative(from, schema)), isPortable: true };
  }
  return { line: lineOf(pathToFileURL(join(packageFolder, schemaPath)).href), isPortable: false };
};
