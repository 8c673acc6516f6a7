import { realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locatePlugin } from '../../src/plugins/locate.js';
import { folderOf, reasonOf } from './support.js';

const located = async (specifier: string, folder: string): Promise<readonly [string, string, string | null]> => {
  const { namespace, file, version } = await locatePlugin(specifier, folder);
  return [namespace, file.slice(realpathSync(folder).length + 1), version];
};

describe('a path', () => {
  it('is taken from the folder, and names the plug-in by its file', async () => {
    const folder = folderOf({ 'my-components.js': '', 'deep/er.mjs': '' });
    expect(await located('./my-components.js', folder)).toEqual(['my-components', 'my-components.js', null]);
    expect(await located('./deep/er.mjs', folder)).toEqual(['er', 'deep/er.mjs', null]);
  });

  it('may go up as far as the package', async () => {
    const folder = folderOf({ 'package.json': '{}', 'shared/losses.js': '', 'configs/deep/x.yaml': '' });
    expect((await locatePlugin('../../shared/losses.js', join(folder, 'configs/deep'))).namespace).toBe('losses');
    expect(await reasonOf(locatePlugin('../../../x.js', join(folder, 'configs/deep')))).toContain('outside');
  });

  it('may not leave its folder where there is no package, by a link neither', async () => {
    const folder = folderOf({ 'in/x.yaml': '', 'out.js': '' });
    symlinkSync(join(folder, 'out.js'), join(folder, 'in/link.js'));
    expect(await reasonOf(locatePlugin('../out.js', join(folder, 'in')))).toContain('outside');
    expect(await reasonOf(locatePlugin('./link.js', join(folder, 'in')))).toContain('outside');
    expect(await reasonOf(locatePlugin('./../in/../out.js', join(folder, 'in')))).toContain('outside');
  });

  it.each([
    ['./none.js', 'there is no file'],
    ['./folder.js', 'there is no file'],
    ['./data.json', 'is no module'],
    ['./My_Parts.js', 'lower-case words'],
    [`./${'a'.repeat(400)}.js`, '405 characters'],
    ['./a\u0000.js', 'a character that no path here has'],
    ['.\\a.js', 'a character that no path here has'],
  ])('%j is refused', async (specifier, reason) => {
    const folder = folderOf({ 'folder.js/x': '', 'data.json': '{}', 'My_Parts.js': '' });
    expect(await reasonOf(locatePlugin(specifier, folder))).toContain(reason);
  });

  it('to TypeScript is for a Node that loads it', async () => {
    const folder = folderOf({ 'typed.ts': '' });
    const canLoad = Boolean(Reflect.get(process.features, 'typescript'));
    expect(await reasonOf(locatePlugin('./typed.ts', folder))).toBe(
      canLoad ? 'nothing' : `Node ${process.versions.node} cannot load TypeScript`,
    );
  });
});

describe('a name', () => {
  const manifest = (rest: object): string => JSON.stringify({ version: '1.2.3', ...rest });

  it('is a package above, with the entry that import takes', async () => {
    const folder = folderOf({
      'node_modules/plain/package.json': manifest({ main: 'lib/main.js' }),
      'node_modules/plain/lib/main.js': '',
      'node_modules/bare/package.json': manifest({}),
      'node_modules/bare/index.js': '',
      'node_modules/@me/flows/package.json': manifest({
        exports: { '.': { types: './x.d.ts', import: { node: './node.js' }, default: './y.js' } },
      }),
      'node_modules/@me/flows/node.js': '',
      'configs/x.yaml': '',
    });
    const configs = join(folder, 'configs');
    const entry = async (name: string): Promise<readonly unknown[]> => {
      const { namespace, file, version } = await locatePlugin(name, configs);
      return [namespace, file.slice(realpathSync(folder).length + 14), version];
    };
    expect(await entry('plain')).toEqual(['plain', 'plain/lib/main.js', '1.2.3']);
    expect(await entry('bare')).toEqual(['bare', 'bare/index.js', '1.2.3']);
    expect(await entry('@me/flows')).toEqual(['flows', '@me/flows/node.js', '1.2.3']);
  });

  it('of a package that leads elsewhere, exports nothing or is broken is refused', async () => {
    const folder = folderOf({
      'node_modules/out/package.json': manifest({ main: '../../secret.js' }),
      'secret.js': '',
      'node_modules/closed/package.json': manifest({ exports: { './sub': './sub.js' } }),
      'node_modules/broken/package.json': '{',
      'node_modules/unbuilt/package.json': manifest({ main: 'dist/x.js' }),
    });
    expect(await reasonOf(locatePlugin('out', folder))).toContain('leads out of the package');
    expect(await reasonOf(locatePlugin('closed', folder))).toContain('exports nothing');
    expect(await reasonOf(locatePlugin('broken', folder))).toContain('no JSON');
    expect(await reasonOf(locatePlugin('unbuilt', folder))).toContain('is not there');
  });

  it.each([
    ['some-package', 'is not installed'],
    ['fs', 'a module of Node'],
    ['node:child_process', 'a module of Node'],
    ['/etc/passwd', 'an absolute path or a URL'],
    ['C:/x.js', 'an absolute path or a URL'],
    ['file:///etc/x.js', 'an absolute path or a URL'],
    ['https://example.org/x.js', 'an absolute path or a URL'],
    ['data:text/javascript,process.exit()', 'an absolute path or a URL'],
    ['..', 'neither'],
    ['.', 'neither'],
    ['a/../../b', 'neither'],
    ['@a', 'neither'],
    ['some-package/../../x', 'neither'],
    ['node_modules', 'neither'],
    ['__proto__', 'neither'],
  ])('%s is refused', async (specifier, reason) => {
    expect(await reasonOf(locatePlugin(specifier, folderOf({})))).toContain(reason);
  });
});
