/** The declarations in dist/ as a user's compiler reads them: under its own settings, not ours, and with a look into them. */
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../..');

const compiled = join(project, 'dist').replaceAll('\\', '/');
const entry = join(project, 'dist/index.d.ts');

const programUnder = (options: ts.CompilerOptions): ts.Program =>
  ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: ['node'],
    noEmit: true,
    skipLibCheck: false,
    ...options,
  });

/** What the compiler says of the library's declarations; those of other packages are their own business. */
const faultsUnder = (options: ts.CompilerOptions): string => {
  const program = programUnder(options);
  const declarations = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(compiled));
  expect(declarations.length).toBeGreaterThan(10);
  const faults = declarations.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
  return ts.formatDiagnostics(faults, {
    getCanonicalFileName: (file) => file,
    getCurrentDirectory: () => project,
    getNewLine: () => '\n',
  });
};

it.each([
  ['nodenext', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
  ['bundler', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
] as const)(
  'compile where the resolution is %s and nothing but `strict` is asked for',
  (_, options) => {
    expect(faultsUnder({ ...options, strict: true })).toBe('');
  },
  120_000,
);

it('say of each export of ours what it is, for editors to show', () => {
  const program = programUnder({ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(entry);
  const library = file && checker.getSymbolAtLocation(file);
  const all = (library === undefined ? [] : checker.getExportsOfModule(library)).map((symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  );
  const ours = all.filter(({ declarations }) => declarations?.[0]?.getSourceFile().fileName.startsWith(compiled));
  expect(ours.length).toBeGreaterThan(100);
  expect(ours.filter((symbol) => symbol.getDocumentationComment(checker).length === 0).map(({ name }) => name)).toEqual([]);
}, 120_000);
