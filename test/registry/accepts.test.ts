import { expect, it } from 'vitest';
import { describeParam, describeParams } from '../../src/registry/accepts.js';
import type { Param } from '../../src/registry/params.js';

const description = 'Something.';

it.each<[string, Param]>([
  ['number ≥ 0, default 1', { type: 'number', minimum: 0, default: 1, description }],
  ['number > 0 and < 1, required', { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, description }],
  ['integer from 2 to 64, required', { type: 'integer', minimum: 2, maximum: 64, description }],
  ['integer ≥ 1, optional', { type: 'integer', minimum: 1, nullable: true, default: null, description }],
  ['integer ≥ 1 or null, default 3', { type: 'integer', minimum: 1, nullable: true, default: 3, description }],
  ['true or false, default false', { type: 'boolean', default: false, description }],
  ['a, b or c, required', { type: 'string', enum: ['a', 'b', 'c'], description }],
  [
    'list of integers ≥ 1, at least 1, default [500]',
    { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 1, default: [500], description },
  ],
  ['list of numbers of length 2, required', { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2, description }],
  [
    'start or integer ≥ 0, default start',
    {
      anyOf: [
        { type: 'string', enum: ['start'] },
        { type: 'integer', minimum: 0 },
      ],
      default: 'start',
      description,
    },
  ],
  ['schedule, default 0.001', { component: 'schedule', default: 0.001, description }],
  [
    'map of norm and value, optional',
    {
      type: 'object',
      properties: { norm: { type: 'number', description }, value: { type: 'number', description } },
      nullable: true,
      default: null,
      description,
    },
  ],
])('says %s', (text, param) => {
  expect(describeParam(param)).toBe(text);
});

it('lists params with what they take', () => {
  const beta = { type: 'number', minimum: 0, default: 1, description } as const;
  expect(describeParams({ beta, freeNats: { ...beta, default: 0 } })).toBe(
    'beta (number ≥ 0, default 1) and freeNats (number ≥ 0, default 0)',
  );
});
