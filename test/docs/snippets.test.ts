/** TypeScript in the documents: all of it compiles under the project's own rules, and runs, and prints what its comments say. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allBlocks, root, type Block } from './documents.js';

const blocks = allBlocks('ts');
const programs = blocks.filter(({ text }) => text.includes("from 'latentlab'"));
/** Of "add a component in five minutes": its file, and the test of it without the imports. */
const [component, componentTest] = blocks.filter(({ document }) => document === 'CONTRIBUTING.md');

/** Where the reader is told to put it. */
const placeOf = (block: Block): { readonly file: string; readonly prelude: string } => {
  const name = 'components/schedules/inverse-time';
  if (block === component) return { file: `src/${name}.ts`, prelude: '' };
  if (block === componentTest)
    return {
      file: `test/${name}.test.ts`,
      prelude: `import { expect, it } from 'vitest';\nimport inverseTime from '../../../src/${name}.js';\n`,
    };
  return { file: `shown-${String(blocks.indexOf(block))}.ts`, prelude: '' };
};

it('compiles', () => {
  const shown = new Map(
    blocks.map((block) => [block, placeOf(block)] as const).map(([{ text }, { file, prelude }]) => [join(root, file), prelude + text]),
  );
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    readonly config: { readonly compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, rootDir: '.', noEmit: true, incremental: false },
    root,
  );
  delete options.tsBuildInfoFile;
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => shown.has(file) || fileExists(file);
  host.readFile = (file) => shown.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const text = shown.get(file);
    return text === undefined ? getSourceFile(file, language, ...rest) : ts.createSourceFile(file, text, language);
  };
  const program = ts.createProgram([...shown.keys()], { ...options, paths: { latentlab: [join(root, 'src/index.ts')] } }, host);
  const faults = [...shown.keys()].flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(
    ts.formatDiagnostics(faults, { getCanonicalFileName: (file) => file, getCurrentDirectory: () => root, getNewLine: () => '\n' }),
  ).toBe('');
}, 120_000);

let folder = '';
beforeAll(() => {
  // Inside the project, so that packages are found.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  folder = mkdtempSync(join(root, 'node_modules/.cache/docs-'));
  cpSync(join(root, 'configs'), join(folder, 'configs'), { recursive: true });
  writeFileSync(join(folder, 'my-vae.yaml'), allBlocks('yaml')[0]?.text ?? '');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program with the sources in the place of the package; gives back the lines that it prints. */
const run = (name: string, text: string): readonly string[] => {
  const file = join(folder, `${name}.mts`);
  const sources = pathToFileURL(join(root, 'src')).href;
  writeFileSync(file, text.replaceAll("'latentlab'", `'${sources}/index.ts'`).replaceAll("'../../registry/", `'${sources}/registry/`));
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', loader, file], { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout.trimEnd().split('\n');
};

it.each(programs.map((block) => [block.place, block] as const))(
  '%s runs, and prints what its comments say',
  (_, { text }) => {
    const printed = run('program', text);
    const promised = [...text.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1] ?? '');
    expect(printed).toEqual(expect.arrayContaining(promised));
    expect(printed.join('')).not.toMatch(/undefined|null|NaN/);
  },
  120_000,
);

it('CONTRIBUTING shows a component that passes the test beside it', () => {
  const checks = `
    const it = (_: string, body: () => void) => body();
    const expect = (value: unknown) => ({ toBe: (expected: unknown) => console.log(value === expected) });`;
  const definition = (component?.text ?? '').replace('export default', 'const inverseTime =');
  expect(run('component', definition + checks + (componentTest?.text ?? ''))).toEqual(['true']);
}, 180_000);
