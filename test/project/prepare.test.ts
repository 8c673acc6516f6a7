/** scripts/prepare.mjs on small projects in temporary folders, with a made-up npm and the real compiler. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../..');
const script = join(project, 'scripts/prepare.mjs');

let folder = '';
const at = (path: string): string => join(folder, path);
const write = (path: string, content: string | object): void => {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), typeof content === 'string' ? content : JSON.stringify(content));
};

const locked = {
  '': { name: 'sample' },
  'node_modules/one': { version: '1.0.0', integrity: 'sha512-one' },
  'node_modules/one/node_modules/two': { version: '2.0.0', integrity: 'sha512-two' },
  'node_modules/windows-only': { version: '3.0.0', integrity: 'sha512-three', optional: true },
};
const installed = {
  'node_modules/one': locked['node_modules/one'],
  'node_modules/one/node_modules/two': locked['node_modules/one/node_modules/two'],
};

/** What the compiler insists on. */
const globals = [
  'Array<T>',
  'Boolean',
  'CallableFunction',
  'Function',
  'IArguments',
  'NewableFunction',
  'Number',
  'Object',
  'RegExp',
  'String',
]
  .map((name) => `interface ${name} {}`)
  .join('\n');

/** Installs what the test gives it in `will-install.json`, and leaves what it was called with in `npm-calls.txt`. */
const fakeNpm = `
  const fs = require('node:fs');
  fs.appendFileSync('npm-calls.txt', process.argv.slice(2).join(' ') + ' ' + process.env.ONNXRUNTIME_NODE_INSTALL + '\\n');
  if (!fs.existsSync('will-install.json')) process.exit(1);
  fs.copyFileSync('will-install.json', 'node_modules/.package-lock.json');
`;

const prepare = (...options: readonly string[]): { readonly status: number | null; readonly said: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--root', folder, ...options], {
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: at('npm-cli.cjs'), ONNXRUNTIME_NODE_INSTALL: undefined },
  });
  return { status, said: stdout + stderr };
};
/** What would be done: the lines of a dry run. */
const due = (): readonly string[] =>
  prepare('--dry-run')
    .said.split('\n')
    .filter((line) => line !== '');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prepare-'));
  write('package.json', { name: 'sample', type: 'module', engines: { node: '>=20.20' }, exports: { '.': { default: './dist/index.js' } } });
  write('package-lock.json', { packages: locked });
  write('node_modules/.package-lock.json', { packages: installed });
  write('npm-cli.cjs', fakeNpm);
  write('tsconfig.json', {
    compilerOptions: {
      module: 'nodenext',
      target: 'es2023',
      rootDir: 'src',
      outDir: 'dist',
      noLib: true, // the library's types take most of a small compilation
      types: [],
      declaration: true,
      incremental: true,
      tsBuildInfoFile: 'node_modules/.cache/tsc/build.tsbuildinfo',
    },
    include: ['src', 'globals.d.ts'],
  });
  write('globals.d.ts', globals);
  write('src/index.ts', `export { two } from './deep/two.js';`);
  write('src/deep/two.ts', `export const two: number = 2;`);
  symlinkSync(join(project, 'node_modules/typescript'), at('node_modules/typescript'), 'junction');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('prepare', () => {
  it('builds what was never built, then has nothing to do and is quick about it', () => {
    expect(due()).toEqual(['build: there is no dist/ yet']);
    expect(prepare()).toEqual({ status: 0, said: 'build: there is no dist/ yet\n' });
    expect(readdirSync(at('dist'), { recursive: true }).sort()).toEqual([
      'deep',
      join('deep', 'two.d.ts'),
      'index.d.ts',
      'index.js',
      'index.js.map',
    ]);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      expect(prepare()).toEqual({ status: 0, said: '' });
      return performance.now() - start;
    });
    // 60 ms alone, of which Node takes most to start; a build takes more than a second, and other tests run beside it.
    expect(Math.min(...times)).toBeLessThan(1000);
    expect(existsSync(at('npm-calls.txt'))).toBe(false);
  });

  it('does nothing in a dry run', () => {
    rmSync(at('node_modules/.package-lock.json'));
    expect(due()).toHaveLength(2);
    expect(existsSync(at('dist'))).toBe(false);
    expect(existsSync(at('npm-calls.txt'))).toBe(false);
  });

  describe('once built', () => {
    beforeEach(() => {
      prepare();
    });

    it('builds again when a source changes, whatever its time', () => {
      write('src/deep/two.ts', `export const two: number = 22;`);
      utimesSync(at('src/deep/two.ts'), 0, 0);
      expect(due()).toEqual(['build: src/, or how it is built, has changed']);
      prepare();
      expect(readFileSync(at('dist/index.js'), 'utf8')).toContain('22');
      expect(due()).toEqual([]);
    });

    it('does not build when only times change, as after a checkout there and back', () => {
      const now = new Date();
      for (const path of ['src/index.ts', 'src/deep/two.ts', 'tsconfig.json', 'package-lock.json']) utimesSync(at(path), now, now);
      expect(due()).toEqual([]);
    });

    it('builds when a source is added, and forgets what was compiled from one that is gone', () => {
      write('src/three.ts', `export const three = 3;`);
      expect(due()).toEqual(['build: src/, or how it is built, has changed']);
      prepare();
      expect(existsSync(at('dist/three.d.ts'))).toBe(true);
      rmSync(at('src/three.ts'));
      prepare();
      expect(existsSync(at('dist/three.d.ts'))).toBe(false);
      expect(due()).toEqual([]);
    });

    it('builds when the compiler is told something else', () => {
      write('tsconfig.json', readFileSync(at('tsconfig.json'), 'utf8').replace('"declaration":true', '"declaration":false'));
      expect(due()).toEqual(['build: src/, or how it is built, has changed']);
    });

    it('builds when it is built otherwise', () => {
      write('scripts/prepare/bundle.mjs', '// other');
      expect(due()).toEqual(['build: src/, or how it is built, has changed']);
    });

    it.each(['dist', 'dist/deep', 'dist/index.js'])('brings %s back when it was removed', (path) => {
      rmSync(at(path), { recursive: true });
      expect(due()).toHaveLength(1);
      prepare();
      expect(existsSync(at('dist/deep/two.d.ts'))).toBe(true);
      expect(existsSync(at('dist/index.js'))).toBe(true);
      expect(due()).toEqual([]);
    });

    it('does not trust a dist/ that something else wrote', () => {
      write('dist/index.js', 'export const two = 3;');
      expect(due()).toEqual(['build: files in dist/ were changed or removed']);
      prepare();
      expect(readFileSync(at('dist/index.js'), 'utf8')).toContain('two = 2');
    });

    it('says that the build failed, and tries again the next time', () => {
      write('src/index.ts', `export const wrong: number = 'a string';`);
      const { status, said } = prepare();
      expect(status).toBe(1);
      expect(said).toContain('src/index.ts');
      expect(said).toContain('The build failed');
      expect(due()).toHaveLength(1);
    });
  });

  describe('installing', () => {
    const calls = (): string => (existsSync(at('npm-calls.txt')) ? readFileSync(at('npm-calls.txt'), 'utf8') : '');
    const install = (): readonly string[] => due().filter((line) => line.startsWith('install'));

    it('takes the packages as they are when they are those of the lock file, an optional one left out', () => {
      expect(install()).toEqual([]);
    });

    it('leaves packages alone that somebody added for himself', () => {
      write('node_modules/.package-lock.json', { packages: { ...installed, 'node_modules/extra': { version: '1.0.0' } } });
      expect(install()).toEqual([]);
    });

    it('calls npm ci without the packages, and before the build', () => {
      rmSync(at('node_modules/.package-lock.json'));
      write('will-install.json', { packages: installed });
      const { status, said } = prepare();
      expect(status).toBe(0);
      expect(said.indexOf('install: ')).toBeLessThan(said.indexOf('build: '));
      expect(said).toContain('install: ');
      expect(calls()).toBe('ci --include=dev --include=optional --no-audit --no-fund skip\n');
      expect(due()).toEqual([]);
    });

    it.each([
      [
        'another version',
        { ...installed, 'node_modules/one': { version: '1.0.1', integrity: 'sha512-one' } },
        'package one is 1.0.1, package-lock.json has 1.0.0',
      ],
      [
        'another content',
        { ...installed, 'node_modules/one': { version: '1.0.0', integrity: 'sha512-other' } },
        'package one is not the one of package-lock.json',
      ],
      ['one missing', { 'node_modules/one': installed['node_modules/one'] }, 'package two is missing'],
    ])('calls npm ci with %s', (_case, packages, reason) => {
      write('node_modules/.package-lock.json', { packages });
      expect(install()).toEqual([`install: ${reason}`]);
    });

    it('names the way out when npm fails, and does not build', () => {
      rmSync(at('node_modules/.package-lock.json'));
      const { status, said } = prepare();
      expect(status).toBe(1);
      expect(said).toContain('Installing the packages failed');
      expect(said).toContain('npm ping');
      expect(existsSync(at('dist'))).toBe(false);
    });
  });

  it('refuses a Node that is too old, in one line', () => {
    write('package.json', { name: 'sample', engines: { node: '>=99.5' } });
    expect(prepare()).toEqual({
      status: 1,
      said: `sample needs Node 99.5 or later; this is ${process.versions.node}. Get one at https://nodejs.org\n`,
    });
  });
});
