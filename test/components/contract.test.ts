/** What holds for every component, in one table over the list. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { components } from '../../src/components/index.js';
import type { AnyComponent } from '../../src/registry/define.js';
import { exampleEntry } from '../../src/registry/example.js';
import { instantiate } from '../../src/registry/instantiate.js';
import { kindNames, kinds } from '../../src/registry/kinds.js';
import type { ItemParam, Param } from '../../src/registry/params.js';
import { Registry } from '../../src/registry/registry.js';
import { resolveEntry } from '../../src/registry/resolve.js';
import { defaultOf, fillAndValidate } from '../../src/registry/schema.js';
import { allParams, isSentence, members } from '../../src/verify/general.js';

const folder = join(import.meta.dirname, '../../src/components');
const registry = new Registry(components);

const isNumeric = (param: Param | ItemParam): boolean => 'type' in param && (param.type === 'number' || param.type === 'integer');
const title = ({ kind, name }: AnyComponent): string => `${kind} ${name}`;

describe('the list of components', () => {
  it('has every file of the kinds’ folders, and nothing else', () => {
    const files = kindNames.flatMap((kind) => {
      const inFolder = readdirSync(folder, { withFileTypes: true }).some(
        (entry) => entry.isDirectory() && entry.name === kinds[kind].folder,
      )
        ? readdirSync(join(folder, kinds[kind].folder))
        : [];
      return inFolder.filter((file) => file.endsWith('.ts')).map((file) => `${kind} ${file.slice(0, -3)}`);
    });
    expect(components.map(title).toSorted()).toEqual(files.toSorted());
  });

  it('is what each file exports under its own kind and name', async () => {
    for (const component of components) {
      const file = join(folder, kinds[component.kind].folder, `${component.name}.ts`);
      const module: unknown = await import(file);
      expect(module, title(component)).toMatchObject({ default: { kind: component.kind, name: component.name } });
    }
  });
});

describe.each(components.map((component) => [title(component), component] as const))('%s', (_, component) => {
  it('is described in sentences, and so is every param', () => {
    expect(component.description).toSatisfy(isSentence);
    for (const [path, param] of allParams(component.params)) expect(param.description, path).toSatisfy(isSentence);
  });

  it('has camelCase params with a default or none, never an undefined one', () => {
    for (const [path, param] of allParams(component.params)) {
      expect(path.split('.').at(-1), path).toMatch(/^[a-z][a-zA-Z0-9]*$/);
      if ('default' in param) expect(param.default, path).toBeDefined();
      if (isNumeric(param) && defaultOf(param) === undefined)
        expect('examples' in param || 'minimum' in param, `${path} needs an example`).toBe(true);
    }
  });

  it('has defaults that its own schema accepts', () => {
    const defaults = Object.fromEntries(
      Object.entries(component.params).flatMap(([name, param]) => {
        const value = defaultOf(param);
        return value === undefined ? [] : [[name, structuredClone(value.value)] as const];
      }),
    );
    const faults = fillAndValidate(component.params, defaults).filter(({ keyword }) => keyword !== 'required');
    expect(faults).toEqual([]);
  });

  it('builds from its example, into what its kind promises', () => {
    const { value, faults } = resolveEntry(registry, component.kind, exampleEntry(registry, component));
    expect(faults).toEqual([]);
    const built = instantiate(registry, component.kind, value);
    const types = Object.fromEntries(Object.keys(members[component.kind]).map((name) => [name, typeof Reflect.get(built, name)]));
    expect(types).toEqual(members[component.kind]);
  });
});
