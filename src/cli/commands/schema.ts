/** `latentlab schema`: the JSON Schema of experiment files, for editors. */
import { dirname, extname, relative, resolve } from 'node:path';
import type { Registry } from '../../registry/registry.js';
import { fileSchemaText } from '../../runner/config/file-schema.js';
import type { Io } from '../io.js';
import { withPlugins, type PluginSources } from '../plugins.js';
import { modeline } from '../modeline.js';
import { writeOutput } from '../write-output.js';

export interface SchemaRequest extends PluginSources {
  /** Where it is written; printed if absent. */
  readonly output?: string;
}

/** Exit code: 0, or 2 where plug-ins cannot be loaded or the output is no JSON file or cannot be written. */
export const runSchema = async ({ output, ...sources }: SchemaRequest, io: Io, registry: Registry): Promise<number> => {
  if (output !== undefined && extname(output) !== '.json') {
    io.err(`latentlab: ${JSON.stringify(output)} is no .json file; nothing was written.`);
    return 2;
  }
  const extended = await withPlugins(registry, sources, io);
  if (extended === null) return 2;
  const text = fileSchemaText(extended);
  if (output === undefined) {
    io.out(text.trimEnd());
    return 0;
  }
  const obstacle = await writeOutput(output, text);
  if (obstacle !== null) {
    io.err(`latentlab: ${obstacle}`);
    return 2;
  }
  const beside = dirname(resolve(sources.file ?? output));
  io.out(`wrote ${output}`);
  io.out(`  first line of ${sources.file ?? 'an experiment beside it'}:  ${modeline(relative(beside, resolve(output)))}`);
  return 0;
};
