import module from 'node:module';
import { describe, expect, it } from 'vitest';
import { loadPlugin } from '../../src/plugins/load.js';
import { folderOf, reasonOf, scheduleModule } from './support.js';

describe('loadPlugin', () => {
  it('names components by their plug-in, and leaves them as they are otherwise', async () => {
    const folder = folderOf({ 'mine.mjs': scheduleModule('still') });
    const { components, namespace, version, sha256 } = await loadPlugin('./mine.mjs', folder);
    expect(components.map(({ kind, name, description }) => [kind, name, description])).toEqual([
      ['schedule', 'mine/still', 'Stays at one.'],
    ]);
    expect(components[0]?.build({})).toMatchObject({ constant: true });
    expect([namespace, version]).toEqual(['mine', null]);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('imports a file once, whoever asks', async () => {
    const folder = folderOf({ 'counted.mjs': `globalThis.countedImports = (globalThis.countedImports ?? 0) + 1;\n${scheduleModule('a')}` });
    await Promise.all([loadPlugin('./counted.mjs', folder), loadPlugin('./counted.mjs', folder)]);
    await loadPlugin('./counted.mjs', folder);
    expect(Reflect.get(globalThis, 'countedImports')).toBe(1);
  });

  it('says what a module throws', async () => {
    const folder = folderOf({ 'bad.mjs': 'throw new RangeError("no way");\n', 'half.mjs': 'export const = 3;\n' });
    expect(await reasonOf(loadPlugin('./bad.mjs', folder))).toBe('it fails when it is imported: RangeError: no way');
    expect(await reasonOf(loadPlugin('./half.mjs', folder))).toMatch(/^it fails when it is imported: /);
  });

  it('says what a CommonJS module can do that requires latentlab where it is not installed', async () => {
    const folder = folderOf({ 'common.cjs': "const { defineComponent } = require('latentlab');\n" });
    // Later versions of Node give it to `require` as well, and then nothing is amiss but that the module exports nothing.
    const words = 'registerHooks' in module ? 'it exports no component' : 'make it an ES module, or install latentlab beside it';
    await expect(loadPlugin('./common.cjs', folder)).rejects.toThrow(words);
  });

  it('says what is no definition', async () => {
    const folder = folderOf({ 'none.mjs': 'export const x = 1;\n' });
    expect(await reasonOf(loadPlugin('./none.mjs', folder))).toBe('it exports no component');
  });
});
