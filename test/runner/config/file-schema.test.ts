/** The JSON Schema for editors says of files what the runner says of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { schemaFile } from '../../../scripts/reference.js';
import { exampleEntry, exampleInPlace } from '../../../src/registry/example.js';
import { kindNames } from '../../../src/registry/kinds.js';
import { Registry } from '../../../src/registry/registry.js';
import { resolveEntry } from '../../../src/registry/resolve.js';
import { experimentParams } from '../../../src/runner/config/experiment.js';
import { fileSchema, fileSchemaText } from '../../../src/runner/config/file-schema.js';
import { createRegistry } from '../../../src/runner/registry.js';

const configs = join(import.meta.dirname, '../../../configs');
const shipped = readdirSync(configs, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.ya?ml$/.test(file))
  .sort();
const textOf = (file: string): string => readFileSync(join(configs, file), 'utf8');

const registry = createRegistry();
// To make shorter code of it takes ten times as long as to make the code, and nothing is asked often.
const code = { optimize: false };
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, validateSchema: true, code }).addVocabulary([
  'errorMessage',
  'markdownDescription',
  'markdownEnumDescriptions',
]);
const validate = ajv.addSchema(fileSchema(registry), 'file').compile({ $ref: 'file' });
/** Of the same schema, so that what kinds share is compiled once. */
const slotOf = (kind: string) => ajv.compile({ $ref: `file#/definitions/${kind}` });

it('is checked in as it is generated (`npm run docs` writes it anew)', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(fileSchemaText(registry));
});

describe('shipped configs', () => {
  it.each(shipped)('%s names the schema in its first line', (file) => {
    const path = relative(dirname(join(configs, file)), schemaFile).replaceAll('\\', '/');
    expect(textOf(file).split('\n')[0]).toBe(`# yaml-language-server: $schema=${path}`);
  });

  // What extends another file is no whole experiment.
  it.each(shipped.filter((file) => !/^extends:/m.test(textOf(file))))('%s is valid', (file) => {
    validate(parse(textOf(file), { merge: true }));
    expect(validate.errors).toBeNull();
  });
});

const usual = {
  data: 'mnist-10k',
  model: { type: 'vae', latent: 2 },
  losses: ['reconstruction', 'kl'],
  training: { epochs: 2 },
};

it.each<[string, object]>([
  ['a component by its name', { model: { ...usual.model, encoder: 'mlp' } }],
  ['a map without `type` where a slot has a default', { model: { ...usual.model, encoder: { hidden: [3] } } }],
  ['a number for a schedule', { losses: ['reconstruction', { type: 'kl', weight: 0.5 }] }],
  ['a schedule in its place', { losses: ['reconstruction', { type: 'kl', weight: { type: 'linear-warmup', epochs: 5 } }] }],
  ['the name of an engine', { engine: 'onnx' }],
  ['an engine with threads', { engine: { type: 'onnx', threads: 2 } }],
  ['null where nothing is a value', { name: null, classifier: null }],
  ['parked anchors', { 'x-wide': { anything: [1] } }],
  ['references for numbers', { training: { epochs: '${x-epochs}', batchSize: '${env:BATCH}' } }],
  ['references for words and switches', { model: { ...usual.model, encoder: { activation: '${a}', spectralNorm: '${b}' } } }],
  ['references for lists and components', { losses: '${a}', data: '${b}', plots: ['${c}'] }],
  ['a reference inside a name', { name: 'vae-${model.latent}d' }],
])('takes %s', (_, part) => {
  validate({ ...usual, ...part });
  expect(validate.errors).toBeNull();
});

it.each<[string, object]>([
  ['an unknown key', { modle: 3 }],
  ['a missing key', { data: undefined }],
  ['an unknown component', { data: 'mnits' }],
  ['an unknown type', { data: { type: 'mnits' } }],
  ['a component of another kind', { losses: ['mlp'] }],
  ['a map without a `type`', { data: { binarization: 'static' } }],
  ['a name whose component needs params', { model: 'vae' }],
  ['an unknown param', { model: { ...usual.model, encoder: { type: 'mlp', widths: [3] } } }],
  ['a param of another component', { model: { ...usual.model, encoder: { type: 'linear', hidden: [3] } } }],
  ['a missing param', { model: { type: 'vae' } }],
  ['a number out of range', { model: { type: 'vae', latent: 0 } }],
  ['a fraction for an integer', { model: { type: 'vae', latent: 2.5 } }],
  ['text for a number', { model: { type: 'vae', latent: 'two' } }],
  ['a number in quotes', { training: { epochs: '2' } }],
  ['a number for text', { description: 3 }],
  ['a number for a list', { model: { ...usual.model, encoder: { type: 'mlp', hidden: 500 } } }],
  ['a bad element of a list', { model: { ...usual.model, encoder: { type: 'mlp', hidden: [500, 0] } } }],
  ['too short a list', { training: { epochs: 2, updates: [] } }],
  ['a word that is none of those', { model: { ...usual.model, encoder: { type: 'mlp', activation: 'rleu' } } }],
  ['a word that is no moment', { plots: [{ type: 'samples', at: ['strat'] }] }],
  ['a bad name', { name: 'My VAE' }],
  ['a bad engine', { engine: 'onx' }],
  ['an unknown key of a map', { engine: { type: 'onnx', thread: 2 } }],
  ['a number where the kind has none', { model: { ...usual.model, encoder: 3 } }],
  ['a number outside the limits of what it stands for', { model: { type: 'gan', latent: 0, generator: 'mlp', discriminator: 'mlp' } }],
  ['null for a list', { plots: null }],
])('refuses %s', (_, part) => {
  expect(validate(JSON.parse(JSON.stringify({ ...usual, ...part })))).toBe(false);
});

describe.each(kindNames)('a slot for a %s', (kind) => {
  const isValid = slotOf(kind);
  it('takes the example of each component, and no other param', () => {
    for (const name of registry.choices(kind)) {
      const component = registry.lookUp(kind, name);
      if (component === undefined) throw new Error(name);
      const example = exampleEntry(registry, component);
      expect(isValid(example), `${name}: ${JSON.stringify(isValid.errors)}`).toBe(true);
      expect(isValid({ ...example, colour: 'red' }), name).toBe(false);
    }
  });

  it('takes the bare names, numbers and maps that resolve', () => {
    for (const value of [
      ...registry.choices(kind),
      ...registry.choices(kind).map((type) => ({ type })),
      'colour',
      {},
      2,
      0,
      -1,
      0.5,
      [],
      null,
    ])
      expect(isValid(value), JSON.stringify(value)).toBe(resolveEntry(registry, kind, value).faults.length === 0);
  });
});

it('knows the components of plug-ins', () => {
  const base = registry.find('loss', 'kl');
  if (base === undefined) throw new Error('no such loss');
  const free = { ...base, name: 'my.package/free-bits' };
  const extended = new Registry([...registry.all(), free]);
  const isValid = ajv.compile(fileSchema(extended));
  expect(isValid({ ...usual, ...exampleInPlace(extended, experimentParams, free) })).toBe(true);
  expect(isValid({ ...usual, losses: ['my.package/free-bits'] })).toBe(true);
  expect(isValid({ ...usual, losses: [{ type: 'my.package/free-bits', colour: 'red' }] })).toBe(false);
});
