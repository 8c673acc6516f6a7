/**
 * The JSON Schema of experiment files, for editors: schema/experiment.schema.json is this with our own components, and
 * `latentlab schema` writes it with those of plug-ins.
 */
import { editorSchema } from '../../registry/editor-schema.js';
import type { Registry } from '../../registry/registry.js';
import type { Schema } from '../../registry/schema.js';
import { experimentParams } from './experiment.js';

/** Keys at the top of a file that are no params: what is read before the experiment is, and what is never read. */
const fileKeys: Schema = {
  patternProperties: {
    '^x-': { description: 'Read by nobody: a place for YAML anchors.' },
  },
};

export const fileSchema = (registry: Registry): Schema => {
  const { schema, definitions } = editorSchema(registry, experimentParams);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'experiment',
    description: 'Written by `latentlab schema`; changes belong into the components.',
    ...schema,
    ...fileKeys,
    definitions,
  };
};

/** As it is written to a file. */
export const fileSchemaText = (registry: Registry): string => `${JSON.stringify(fileSchema(registry), null, 2)}\n`;
