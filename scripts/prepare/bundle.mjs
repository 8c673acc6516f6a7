/**
 * src/ as few files of JavaScript: hundreds of small modules take longer to find and read than to run. What only some commands need
 * (onnxruntime, drawing, reports) is imported where it is used and becomes a chunk of its own, loaded by them alone. A module is in one
 * chunk only, so that the command line, the library and plug-ins have the same registry.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';

/** What bench/ reaches for below the command line. */
const inside = [
  'cli/commands/worker',
  'components/shared/gaussian-moments',
  'runner/assemble/container',
  'runner/config/load',
  'runner/output/progress',
  'runner/random/index',
  'runner/registry',
];

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** dist/a.js, which package.json names, is made of src/a.ts. */
const entryPoints = (root) => {
  const { bin = {}, exports = {} } = readJson(join(root, 'package.json'));
  const named = [...Object.values(bin), exports['.']?.default].filter((path) => path !== undefined);
  return [
    ...named.map((path) => path.replace(/^(\.\/)?dist/, 'src').replace(/\.js$/, '.ts')),
    ...inside.map((path) => `src/${path}.ts`).filter((path) => existsSync(join(root, path))),
  ];
};

const manifestAbove = (folder) => {
  const file = join(folder, 'package.json');
  return existsSync(file) ? readJson(file) : manifestAbove(dirname(folder));
};

const isCommonJs = (file) => extname(file) === '.cjs' || (extname(file) === '.js' && manifestAbove(dirname(file)).type !== 'module');

const isName = (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default';

/** Packages of many small files that only we use become a part of our own chunks: to find and read them takes longer than to run them. */
const takenIn = new Set(['inversify', 'yaml', 'ajv', 'commander', '@commander-js/extra-typings']);

const packageOf = (path) => path.split('/', path.startsWith('@') ? 2 : 1).join('/');

/** The licences of what is in dist/ and is not ours, as they ask for. */
const writeLicences = (root, inputs) => {
  const folders = new Set(inputs.flatMap((input) => /^((?!required:).*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = readJson(join(root, folder, 'package.json'));
    const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|copying|notice|copyrightnotice)/i.test(file));
    const text = files.map((file) => readFileSync(join(root, folder, file), 'utf8').trim()).join('\n\n');
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  if (texts.length > 0) writeFileSync(join(root, 'dist/licences.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
};

/**
 * All other packages stay outside, as npm installed them. Those in CommonJS are required instead of imported: for an import Node reads the
 * file twice, first for the names that it exports, and of TensorFlow.js that takes longer than to run it. It is the same instance either way.
 */
const packagesOutside = (root) => {
  const require = createRequire(join(root, 'package.json'));
  const { optionalDependencies = {} } = readJson(join(root, 'package.json'));
  return {
    name: 'packages-outside',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path, namespace, kind, importer }) => {
        if (kind === 'entry-point') return null;
        // What is taken in brings what it needs.
        if (namespace === 'file' && (takenIn.has(packageOf(path)) || importer.includes('node_modules'))) return null;
        if (path.startsWith('node:') || path in optionalDependencies || namespace === 'required') return { path, external: true };
        return isCommonJs(require.resolve(path)) ? { path, namespace: 'required' } : { path, external: true };
      });
      build.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => {
        const names = Object.keys(require(path)).filter(isName);
        const contents = [
          `const outside = require(${JSON.stringify(path)});`,
          'export default outside;',
          ...names.map((name, i) => `const _${i} = outside.${name}; export { _${i} as ${name} };`),
        ];
        return { contents: contents.join('\n'), loader: 'js' };
      });
    },
  };
};

/**
 * Writes dist/: an entry for each of package.json, the chunks that they share, and source maps for `node --enable-source-maps`.
 * @param {string} root
 * @throws when a module is not found
 */
export const bundle = async (root) => {
  // Not on top: this file is read before the packages are installed.
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entryPoints(root),
    outbase: 'src',
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.20',
    keepNames: false,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    // An ES module has no `require`.
    banner: { js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);` },
    plugins: [packagesOutside(root)],
    logLevel: 'warning',
  });
  writeLicences(root, Object.keys(metafile.inputs));
};
