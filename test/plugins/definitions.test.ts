import { describe, expect, it } from 'vitest';
import { components } from '../../src/components/index.js';
import { PluginError } from '../../src/plugins/errors.js';
import { definitionsOf } from '../../src/plugins/definitions.js';

const sound = {
  kind: 'schedule',
  name: 'still',
  description: 'Stays.',
  params: { value: { type: 'number', default: 1, description: 'The value.' } },
  build: () => ({ constant: true, at: () => 1 }),
};
const other = { ...sound, name: 'other' };

const textOf = (exported: Readonly<Record<string, unknown>>): string => {
  try {
    definitionsOf(exported);
  } catch (error) {
    if (error instanceof PluginError) return error.message;
    throw error;
  }
  return 'nothing';
};

describe('what a module exports', () => {
  it('is its components: single, in lists, under any name, once each', () => {
    const names = definitionsOf({ default: sound, all: [sound, other], helper: () => 1, version: '1' }).map(({ name }) => name);
    expect(names).toEqual(['still', 'other']);
  });

  it('of CommonJS comes below the default export', () => {
    expect(definitionsOf({ default: { sound, other, helper: () => 1 }, 'module.exports': {} }).map(({ name }) => name)).toEqual([
      'still',
      'other',
    ]);
  });

  it.each([
    [{}, 'it exports no component'],
    [{ helper: () => 1 }, 'it exports no component'],
    [{ it: [1] }, 'its export "it", entry 1, is 1, and no definition'],
    [{ it: { options: true } }, 'its export "it" has no kind'],
    [{ it: { ...sound, kind: 'shedule' } }, 'there is not; did you mean "schedule"?'],
    [{ it: { ...sound, kind: '__proto__' } }, 'which there is not'],
    [{ it: { ...sound, name: 'Still' } }, 'has the name "Still"'],
    [{ it: { ...sound, name: 'a/b' } }, 'has the name "a/b"'],
    [{ it: { ...sound, description: '' } }, 'has no description'],
    [{ it: { ...sound, build: 1 } }, 'has no function `build`'],
    [{ it: { ...sound, biuld: () => 1 } }, 'has "biuld", which no definition has; did you mean "build"?'],
    [{ it: { ...sound, params: undefined } }, 'has no `params`'],
    [{ it: { ...sound, kind: 'loss', params: { weight: sound.params.value } } }, 'has a param "weight", and every loss has one already'],
    [{ it: { ...sound, params: { type: sound.params.value } } }, 'has a param "type"'],
  ])('%# is refused where it is no definition', (exported, text) => {
    expect(textOf(exported)).toContain(text);
  });

  it.each([
    [{ type: 'nubmer', description: 'It.' }, 'of the type "nubmer", which there is not; did you mean "number"?'],
    [{ type: 'number' }, 'without a description'],
    [{ description: 'It.' }, 'needs one of type, component and anyOf'],
    [{ type: 'number', component: 'loss', description: 'It.' }, 'needs one of type, component and anyOf'],
    [{ component: 'los', description: 'It.' }, 'for the kind "los", which there is not; did you mean "loss"?'],
    [{ type: 'number', defualt: 1, description: 'It.' }, '"defualt", which means nothing there; did you mean "default"?'],
    [{ type: 'number', minimum: '0', description: 'It.' }, 'whose minimum is "0" (text), and no number'],
    [{ type: 'number', default: 'ten', description: 'It.' }, 'whose default "ten" (text) it does not accept itself'],
    [{ type: 'integer', minimum: 1, default: 0, description: 'It.' }, 'whose default 0 it does not accept itself'],
    [{ type: 'number', default: null, description: 'It.' }, 'needs nullable: true'],
    [{ type: 'number', default: undefined, description: 'It.' }, 'whose default is undefined'],
    [{ type: 'array', description: 'It.' }, 'param "value[]" that is nothing'],
    [{ type: 'object', properties: { a: { type: 'number' } }, description: 'It.' }, 'param "value.a" without a description'],
    [{ type: 'object', description: 'It.' }, 'param "value" without properties'],
    [{ anyOf: [], description: 'It.' }, 'whose anyOf is no list'],
    [{ anyOf: [{ type: 'text' }], description: 'It.' }, 'of the type "text"'],
    [7, 'that is 7'],
    [{ type: 'number', readWhen: { param: 'value', is: ['a'] }, description: 'It.' }, 'by what "value" is, which is no other param'],
    [
      { type: 'number', readWhen: { param: 'others', is: [] }, description: 'It.' },
      'whose readWhen is the map { param: others, is: [] }, and not',
    ],
    [{ type: 'number', readWhen: 'other', description: 'It.' }, 'whose readWhen is "other" (text), and not'],
  ])('%# is refused where a param is none', (param, text) => {
    expect(textOf({ it: { ...sound, params: { value: param } } })).toContain(text);
  });

  it('may be read when another param says so', () => {
    const slope = { type: 'number', default: 1, readWhen: { param: 'activation', is: ['leaky-relu'] }, description: 'It.' };
    const activation = { type: 'string', enum: ['relu', 'leaky-relu'], default: 'relu', description: 'It.' };
    expect(textOf({ it: { ...sound, params: { activation, slope } } })).toBe('nothing');
    expect(textOf({ it: { ...sound, params: { activatio: activation, slope } } })).toContain('did you mean "activatio"?');
  });

  it.each(components.map((component) => [`${component.kind} ${component.name}`, component]))('may say what our %s says', (_, component) => {
    expect(definitionsOf({ component })).toEqual([component]);
  });

  it('is refused where a name is not camelCase', () => {
    expect(textOf({ it: { ...sound, params: { 'a-b': sound.params.value } } })).toContain('names of params are camelCase');
  });
});
