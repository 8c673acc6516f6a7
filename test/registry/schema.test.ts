import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { components } from '../../src/components/index.js';
import type { Params } from '../../src/registry/params.js';
import { componentSchema, defaultOf, fillAndValidate, objectSchema } from '../../src/registry/schema.js';
import { experimentParams } from '../../src/runner/config/experiment.js';
import { toyComponents } from './toy-components.js';

const params = {
  size: { type: 'integer', minimum: 1, description: 'A size.', unit: 'pixels', examples: [3] },
  rate: { type: 'number', exclusiveMinimum: 0, nullable: true, default: null, description: 'A rate.' },
  mode: { type: 'string', enum: ['a', 'b'], nullable: true, default: null, description: 'A mode.' },
  outer: {
    type: 'object',
    properties: {
      inner: { type: 'object', properties: { deep: { type: 'boolean', default: true, description: 'Deep.' } }, description: 'Inner.' },
    },
    description: 'Outer.',
  },
  part: { component: 'encoder', default: 'mlp', description: 'A part.' },
  moments: {
    type: 'array',
    items: {
      anyOf: [
        { type: 'string', enum: ['start'] },
        { type: 'integer', minimum: 0 },
      ],
    },
    default: [],
    description: 'Moments.',
  },
} as const satisfies Params;

describe('objectSchema', () => {
  it('is closed and requires what has no default', () => {
    expect(objectSchema(params)).toMatchObject({ type: 'object', additionalProperties: false, required: ['size'] });
  });

  it('leaves slots open and keeps what editors show', () => {
    expect(objectSchema(params)['properties']).toMatchObject({
      part: { component: 'encoder', default: 'mlp', description: 'A part.' },
      size: { type: 'integer', minimum: 1, unit: 'pixels', examples: [3], description: 'A size.' },
      rate: { type: ['number', 'null'], default: null },
      mode: { enum: ['a', 'b', null] },
    });
  });

  it('compiles in strict mode for every component and for the experiment', () => {
    for (const component of toyComponents) expect(() => fillAndValidate(component.params, {})).not.toThrow();
    expect(fillAndValidate(experimentParams, { data: 'x', model: 'x', losses: ['x'] })).toEqual([]);
  });

  it('is a JSON Schema for every component and for the experiment, which nobody checks at run time', () => {
    const ajv = new Ajv({ allowUnionTypes: true }).addVocabulary(['unit', 'component']);
    for (const schema of [...components.map(componentSchema), objectSchema(experimentParams)]) {
      expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
      expect(() => ajv.compile(schema)).not.toThrow();
    }
  });

  it("has a component's own params before those of its kind", () => {
    const betaKl = toyComponents.filter(({ name }) => name === 'beta-kl').map(componentSchema);
    expect(betaKl.map(({ properties }) => Object.keys(Object(properties) as object))).toEqual([['beta', 'freeNats', 'weight', 'name']]);
  });
});

describe('fillAndValidate', () => {
  it('fills defaults, nested ones too', () => {
    const values = { size: 2 };
    expect(fillAndValidate(params, values)).toEqual([]);
    expect(values).toEqual({ size: 2, rate: null, mode: null, outer: { inner: { deep: true } }, part: 'mlp', moments: [] });
  });

  it('gives each value defaults of its own', () => {
    const first: Record<string, unknown> = { size: 2 };
    const second: Record<string, unknown> = { size: 2 };
    fillAndValidate(params, first);
    fillAndValidate(params, second);
    expect(first['outer']).not.toBe(second['outer']);
  });

  it('takes only own keys for given', () => {
    const odd: Params = Object.fromEntries([
      ['constructor', { type: 'string', description: 'A key that every object inherits.' } as const],
    ]);
    expect(fillAndValidate(odd, {}).map(({ keyword }) => keyword)).toEqual(['required']);
  });
});

describe('defaultOf', () => {
  it('makes an object optional whose params all are', () => {
    expect(defaultOf(params.outer)).toEqual({ value: {} });
    expect(defaultOf(params.size)).toBeUndefined();
    expect(defaultOf(params.rate)).toEqual({ value: null });
  });
});
