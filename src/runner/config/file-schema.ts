/**
 * The JSON Schema of experiment files, for editors: schema/experiment.schema.json is this with our own components, and
 * `latentlab schema` writes it with those of plug-ins.
 */
import { editorSchema } from '../../registry/editor-schema.js';
import type { Registry } from '../../registry/registry.js';
import { valueSchema, type Schema } from '../../registry/schema.js';
import { isMap } from '../../registry/values.js';
import { sweepSchema } from '../sweep/editor.js';
import { experimentParams } from './experiment.js';
import { extendsParam } from './layers.js';

/** Keys at the top of a file that are no params: what is read before the experiment is, and what is never read. */
const extendsKey: Schema = { ...valueSchema(extendsParam), description: extendsParam.description, examples: extendsParam.examples };
const parking = { '^x-': { description: 'Read by nobody but aliases and references: a place for what they share.' } };
const places = { '[.[]': { description: 'A place in what is extended, such as `losses[1].weight` or `plots[+]`.' } };

const keysBeside = ({ properties, ...rest }: Schema, sweep: Schema): Schema => ({
  ...rest,
  properties: { extends: extendsKey, ...(isMap(properties) ? properties : {}), ...sweep },
});

export const fileSchema = (registry: Registry): Schema => {
  const { whole, part, definitions } = editorSchema(registry, experimentParams);
  const sweep = sweepSchema(registry, experimentParams, { else: whole, definitions });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'experiment',
    description: 'Written by `latentlab schema`; changes belong into the components.',
    type: 'object',
    if: { type: 'object', required: ['extends'] },
    then: { ...keysBeside(part, sweep.properties), patternProperties: { ...parking, ...places } },
    else: { ...keysBeside(whole, sweep.properties), patternProperties: parking },
    definitions: { ...definitions, ...sweep.definitions },
  };
};

/** As it is written to a file. */
export const fileSchemaText = (registry: Registry): string => `${JSON.stringify(fileSchema(registry), null, 1)}\n`;
