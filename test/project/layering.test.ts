/** Who imports whom: the rules of .dependency-cruiser.cjs hold in src/, and each of them is shown to bite. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}
interface Cruise {
  readonly summary: {
    readonly violations: readonly Violation[];
    readonly totalCruised: number;
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
  };
}

const cruise = (folder: string): Cruise['summary'] => {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as Cruise).summary;
};

const write = (folder: string, path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

const targets = [
  'src/cli/target.ts',
  'src/runner/target.ts',
  'src/batch/target.ts',
  'src/report/target.ts',
  'src/engine/target.ts',
  'src/plugins/target.ts',
  'src/registry/target.ts',
  'src/verify/target.ts',
  'src/components/index.ts',
  'src/components/shared/target.ts',
  'src/components/losses/target.ts',
];
const dependencies = ['inversify', 'ajv', 'onnxruntime-node', 'bullmq', 'commander', 'yaml', '@tensorflow/tfjs-core', 'vega'];
const devDependencies = ['fast-check'];

/** A file of its own for each row, which imports what the rule forbids. */
const violations: readonly (readonly [rule: string, from: string, imports: string])[] = [
  ['registry-imports-no-other-folder-only', 'src/registry/up.ts', 'src/components/index.ts'],
  ['registry-imports-no-other-folder-only', 'src/registry/far-up.ts', 'src/runner/target.ts'],
  ['engine-imports-no-other-folder-only', 'src/engine/contracts.ts', 'src/registry/target.ts'],
  ['engine-imports-no-other-folder-only', 'src/engine/deep/run.ts', 'src/runner/target.ts'],
  ['components-imports-registry-only', 'src/components/losses/runs.ts', 'src/runner/target.ts'],
  ['components-imports-registry-only', 'src/components/shared/compiles.ts', 'src/engine/target.ts'],
  ['report-imports-no-other-folder-only', 'src/report/trains.ts', 'src/runner/target.ts'],
  ['runner-imports-components-and-registry-and-engine-and-plugins-only', 'src/runner/draws.ts', 'src/report/target.ts'],
  ['batch-imports-runner-and-registry-only', 'src/batch/computes.ts', 'src/engine/target.ts'],
  ['batch-imports-runner-and-registry-only', 'src/batch/local/reads.ts', 'src/report/target.ts'],
  ['plugins-imports-registry-only', 'src/plugins/runs.ts', 'src/runner/target.ts'],
  ['plugins-when-declared-only', 'src/runner/config/eager.ts', 'src/plugins/target.ts'],
  ['verify-imports-runner-and-components-and-registry-and-engine-and-plugins-only', 'src/verify/reads.ts', 'src/report/target.ts'],
  ['nobody-imports-cli', 'src/runner/asks.ts', 'src/cli/target.ts'],
  ['no-component-imports-another', 'src/components/losses/sibling.ts', 'src/components/losses/target.ts'],
  ['no-component-imports-another', 'src/components/models/list.ts', 'src/components/index.ts'],
  ['components-by-name-only', 'src/runner/picks.ts', 'src/components/losses/target.ts'],
  ['component-packages', 'src/components/datasets/parses.ts', 'yaml'],
  ['engine-opens-no-file', 'src/engine/reads.ts', 'node:fs'],
  ['engine-opens-no-file', 'src/engine/awaits.ts', 'node:fs/promises'],
  ['inversify-only-in-runner-assemble', 'src/runner/train/injects.ts', 'inversify'],
  ['ajv-only-in-registry', 'src/runner/config/validates.ts', 'ajv'],
  ['onnxruntime-node-only-in-engine', 'src/runner/sessions.ts', 'onnxruntime-node'],
  ['bullmq-only-in-batch-bullmq', 'src/batch/queues.ts', 'bullmq'],
  ['commander-only-in-cli', 'src/runner/parses.ts', 'commander'],
  ['no-cycle', 'src/registry/circle-a.ts', 'src/registry/circle-b.ts'],
  ['declared-packages-only', 'src/runner/properties.ts', 'fast-check'],
  ['declared-packages-only', 'src/runner/unheard.ts', 'no-such-package'],
];

const allowed: readonly (readonly [from: string, imports: string])[] = [
  ['src/cli/fine.ts', 'src/runner/target.ts'],
  ['src/cli/starts.ts', 'src/batch/target.ts'],
  ['src/batch/fine.ts', 'src/runner/target.ts'],
  ['src/cli/reports.ts', 'src/report/target.ts'],
  ['src/cli/flags.ts', 'commander'],
  ['src/index.ts', 'src/runner/target.ts'],
  ['src/runner/fine.ts', 'src/components/index.ts'],
  ['src/runner/maths.ts', 'src/components/shared/target.ts'],
  ['src/runner/fast.ts', 'src/engine/target.ts'],
  ['src/runner/assemble/fine.ts', 'inversify'],
  ['src/cli/loads.ts', 'src/plugins/target.ts'],
  ['src/cli/verifies.ts', 'src/verify/target.ts'],
  ['src/plugins/fine.ts', 'src/registry/target.ts'],
  ['src/verify/fine.ts', 'src/runner/target.ts'],
  ['src/components/losses/fine.ts', 'src/registry/target.ts'],
  ['src/components/losses/maths.ts', 'src/components/shared/target.ts'],
  ['src/components/losses/tensors.ts', '@tensorflow/tfjs-core'],
  ['src/components/plots/draws.ts', 'vega'],
  ['src/components/datasets/reads.ts', 'node:fs'],
  ['src/registry/fine.ts', 'ajv'],
  ['src/engine/fine.ts', 'onnxruntime-node'],
  ['src/engine/threads.ts', 'node:os'],
];

/** `../../registry/target.js` for a file of ours, the name itself for a package. */
const specifier = (from: string, imports: string): string => {
  if (!imports.startsWith('src/')) return imports;
  return `${'../'.repeat(from.split('/').length - 1)}${imports.replace(/\.ts$/, '.js')}`;
};

describe('layering', () => {
  it('holds in src/', () => {
    const { violations: found, totalCruised } = cruise(root);
    expect(found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThan(20);
  }, 180_000);

  describe('in a made-up tree', () => {
    let folder = '';
    let found: readonly Violation[] = [];
    let rules: readonly string[] = [];

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'layering-'));
      for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) copyFileSync(join(root, file), join(folder, file));
      const any = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, '*']));
      write(
        folder,
        'package.json',
        JSON.stringify({ type: 'module', dependencies: any(dependencies), devDependencies: any(devDependencies) }),
      );
      for (const name of [...dependencies, ...devDependencies]) {
        write(folder, `node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
        write(folder, `node_modules/${name}/index.js`, 'module.exports = {};');
      }
      for (const path of targets) write(folder, path, 'export const target = 1;');
      for (const [from, imports] of [...violations.map(([, ...edge]) => edge), ...allowed]) {
        write(folder, from, `export * as it from '${specifier(from, imports)}';`);
      }
      write(folder, 'src/registry/circle-b.ts', `export * as it from './circle-a.js';`);
      write(folder, 'src/registry/types-a.ts', `import type { B } from './types-b.js'; export interface A { b: B }`);
      write(folder, 'src/registry/types-b.ts', `import type { A } from './types-a.js'; export interface B { a: A }`);
      const summary = cruise(folder);
      found = summary.violations;
      rules = summary.ruleSetUsed.forbidden.map(({ name }) => name);
    }, 180_000);
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    it.each(violations)('%s forbids %s to import %s', (rule, from) => {
      expect(found.filter((each) => each.from === from).map((each) => each.rule.name)).toContain(rule);
    });

    it.each(allowed)('%s may import %s', (from) => {
      expect(found.filter((each) => each.from === from)).toEqual([]);
    });

    it('lets types refer to each other', () => {
      expect(found.filter((each) => each.from.includes('types-'))).toEqual([]);
    });

    it('has a row for every rule', () => {
      expect([...new Set(violations.map(([rule]) => rule))].sort()).toEqual([...rules].sort());
    });
  });
});
