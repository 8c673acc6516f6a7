/** What users get: the packed tarball, installed in an empty folder from the npm registry and used from there. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';

const project = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { readonly version: string };
const isWindows = process.platform === 'win32';

interface Pack {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** As a user's shell has it: without what an `npm test` around us sets. */
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== 'NODE_ENV' && !name.startsWith('VITEST')),
  ),
  ONNXRUNTIME_NODE_INSTALL: 'skip',
};
const run = (cwd: string, command: string, ...options: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(command, options, { cwd, encoding: 'utf8', env: environment, shell: isWindows, maxBuffer: 1 << 26 });
const said = ({ stdout, stderr }: SpawnSyncReturns<string>): string => stdout + stderr;

let packFolder = '';
let pack: Pack;

beforeAll(() => {
  packFolder = mkdtempSync(join(tmpdir(), 'latentlab-pack-'));
  const packed = run(project, 'npm', 'pack', '--json', '--pack-destination', packFolder);
  expect(packed.status, said(packed)).toBe(0);
  // npm prints what `prepack` says in front.
  const [first] = JSON.parse(packed.stdout.slice(packed.stdout.search(/^\[/m))) as readonly Pack[];
  if (first === undefined) throw new Error(packed.stdout);
  pack = first;
}, 120_000);
afterAll(() => {
  rmSync(packFolder, { recursive: true, force: true });
});

describe('the tarball', () => {
  it('holds the compiled code, configs, assets, schema and documents, and nothing else', () => {
    const roots = new Set(pack.files.map(({ path }) => path.split('/')[0] ?? ''));
    const always = ['CHANGELOG.md', 'LICENSE', 'README.md', 'configs', 'dist', 'docs', 'package.json'];
    expect([...roots]).toEqual(expect.arrayContaining(always));
    expect([...roots].filter((name) => ![...always, 'assets', 'schema'].includes(name))).toEqual([]);
    const strange = pack.files.filter(({ path }) => path.startsWith('dist/') && !/\.(js|d\.ts)$/.test(path));
    expect(strange.map(({ path }) => path)).toEqual(['dist/licences.txt']);
  });

  it('names the licence of each package that is a part of it', () => {
    const licences = readFileSync(join(project, 'dist/licences.txt'), 'utf8');
    for (const name of ['inversify', '@inversifyjs/core', 'yaml', 'ajv', 'commander'])
      expect(licences).toMatch(new RegExp(`^${name} [0-9.]+ \\((MIT|ISC)\\)\\n\\n(MIT License|The MIT|Copyright|\\(The MIT)`, 'm'));
  });

  it('holds every page that its README leads to', () => {
    const paths = new Set(pack.files.map(({ path }) => path));
    const links = [...readFileSync(join(project, 'README.md'), 'utf8').matchAll(/\]\(([^)#:]+\.md)\)/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => link !== 'CONTRIBUTING.md' && !paths.has(link))).toEqual([]);
  });

  it('is small', () => {
    expect(pack.size).toBeLessThan(2_000_000);
    expect(pack.unpackedSize).toBeLessThan(6_000_000);
    // The schema has every component twice: as a whole, and as a part of what another file says.
    expect(pack.files.filter(({ size }) => size > 1_500_000)).toEqual([]);
  });
});

describe('installed in an empty folder', () => {
  let home = '';
  let isOffline = false;
  const installed = (path: string): string => join(home, 'node_modules', 'latentlab', path);
  const latentlab = (...options: readonly string[]): SpawnSyncReturns<string> => run(home, 'npx', '--no', '--', 'latentlab', ...options);
  const needsInstall = (context: TestContext): void => {
    context.skip(isOffline, 'the npm registry cannot be reached, so the tarball could not be installed');
  };

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'latentlab-user-'));
    writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    const install = run(home, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(packFolder, pack.filename));
    isOffline = /npm error code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT)/.test(install.stderr);
    if (!isOffline) expect(install.status, said(install)).toBe(0);
  }, 600_000);
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it('says its version', (context) => {
    needsInstall(context);
    expect(latentlab('--version').stdout.trim()).toBe(version);
  });

  it('checks the experiments that come with it', (context) => {
    needsInstall(context);
    const result = latentlab('check', installed('configs/quickstart.yaml'));
    expect(result.status, said(result)).toBe(0);
  });

  it('refuses a wrong experiment with exit code 2', (context) => {
    needsInstall(context);
    writeFileSync(join(home, 'wrong.yaml'), 'name: wrong\nmodle: {}\n');
    const result = latentlab('check', 'wrong.yaml');
    expect(result.status, said(result)).toBe(2);
    expect(said(result)).toContain('wrong.yaml:2');
  });

  it('is a library whose types resolve', (context) => {
    needsInstall(context);
    const source = `
      import { defineComponent } from 'latentlab';
      export const halving = defineComponent({
        kind: 'schedule',
        name: 'halving',
        description: 'Half of a value.',
        params: { value: { type: 'number', description: 'The value.' } },
        build: ({ value }) => ({ constant: true, at: () => value / 2 }),
      });
      // @ts-expect-error: a number has no length, so the types are there and are no any
      export const wrong = () => halving.build({ value: 1 }).at({ step: 0, stepsPerEpoch: 1, totalSteps: 1 }).length;
    `;
    writeFileSync(join(home, 'user.ts'), source);
    const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, skipLibCheck: true, types: [] };
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
    const tsc = join(project, 'node_modules/typescript/bin/tsc');
    const compiled = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: home, encoding: 'utf8' });
    expect(compiled.status, said(compiled)).toBe(0);
    const script = `import { halving } from './user.js'; console.log(halving.build({ value: 8 }).at({ step: 0, stepsPerEpoch: 1, totalSteps: 1 }));`;
    const used = run(home, process.execPath, '--input-type=module', '--eval', script);
    expect(used.stdout.trim(), said(used)).toBe('4');
  }, 120_000);

  it('trains the quickstart', (context) => {
    needsInstall(context);
    const result = latentlab('run', installed('configs/quickstart.yaml'), '--set', 'training.epochs=1', '--out', 'out');
    expect(result.status, said(result)).toBe(0);
    const files = readdirSync(join(home, 'out'), { recursive: true, encoding: 'utf8' });
    for (const wanted of [/run\.json$/, /metrics\.csv$/, /\.png$/, /\.safetensors$/]) {
      expect(
        files.some((file) => wanted.test(file)),
        `${String(wanted)} in ${files.join(' ')}`,
      ).toBe(true);
    }
    expect(existsSync(installed('results'))).toBe(false);
  }, 300_000);
});
