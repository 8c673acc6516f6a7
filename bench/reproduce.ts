/**
 * `npm run reproduce -- NAME...`: runs the experiments that have known results, and prints expected, measured and tolerance side by
 * side; `-- --all` runs every target, and ends with one table. Exit code 1 if any figure is outside its tolerance, or a run fails; without a
 * name, the list of targets.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadExperiment, run, type HistoryRow, type RunRecord } from '../src/index.js';
import { evaluateRun } from '../src/runner/evaluate/run.js';
import { silentProgress } from '../src/runner/output/progress.js';
import { createRegistry } from '../src/runner/registry.js';
import { targets, type Figure, type Finished, type Target } from './reproduce/targets.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const measureAfterwards = async (folder: string, metrics: readonly string[]): Promise<RunRecord> => {
  const note = (line: string): void => {
    console.log(`  ${line}`);
  };
  const progress = { ...silentProgress, note };
  const { record } = await evaluateRun(folder, {
    ...{ registry: createRegistry(), metrics, classifier: null, sampler: null, progress },
    ...{ checkpoint: 'all', split: 'test' },
  });
  return record;
};

const runOnce = async (config: string, overrides: readonly string[], evaluate: readonly string[]): Promise<Finished> => {
  const rows: HistoryRow[] = [];
  const started = performance.now();
  const experiment = await loadExperiment(join(root, config), { overrides });
  let said = started;
  const { record, folder } = await run(experiment, {
    results: process.env['REPRODUCE_OUT'] ?? mkdtempSync(join(tmpdir(), 'latentlab-')),
    progress: {
      note: (line) => {
        console.log(`  ${line}`);
      },
      start: ({ data, engine }) => {
        console.log(`  ${data}; engine ${engine}${overrides.map((override) => `; ${override}`).join('')}`);
      },
      step: () => undefined,
      epoch: (row) => {
        rows.push(row);
        if (performance.now() - said < 3000) return;
        said = performance.now();
        const figures = Object.entries(row).filter(([name, value]) => name.startsWith('validation.') && value !== null);
        console.log(`  epoch ${String(row['epoch'])}  ${figures.map(([name, value]) => `${name} ${value?.toFixed(3) ?? ''}`).join('  ')}`);
      },
      picture: () => undefined,
      end: () => undefined,
    },
  });
  const finished = evaluate.length === 0 ? record : await measureAfterwards(folder, evaluate);
  console.log(`  ${folder}, ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  return { record: finished, rows };
};

interface Measured extends Pick<Figure, 'what' | 'expected' | 'tolerance'> {
  readonly measured: number;
  readonly isWithin: boolean;
}

interface Reproduced {
  readonly name: string;
  readonly figures: readonly Measured[];
  readonly seconds: number;
}

const printFigures = (figures: readonly Measured[]): void => {
  console.log(`  ${'figure'.padEnd(76)}${'expected'.padStart(10)}${'measured'.padStart(10)}${'tolerance'.padStart(11)}`);
  for (const { what, expected, measured, tolerance, isWithin } of figures)
    console.log(
      `  ${what.padEnd(76)}${expected.toFixed(3).padStart(10)}${measured.toFixed(3).padStart(10)}${`±${tolerance.toFixed(3)}`.padStart(11)}  ${isWithin ? 'ok' : 'OUTSIDE'}`,
    );
  console.log('');
};

const reproduce = async (name: string, target: Target): Promise<Reproduced> => {
  const { description, runs: planned, evaluate = [], figures } = target;
  const started = performance.now();
  console.log(`${name}: ${description}`);
  const runs: Finished[] = [];
  for (const [config, ...overrides] of planned) runs.push(await runOnce(config, overrides, evaluate));
  const measured = figures.map(({ what, expected, tolerance, measure }): Measured => {
    const value = measure(runs) ?? NaN;
    return { what, expected, tolerance, measured: value, isWithin: Math.abs(value - expected) <= tolerance };
  });
  printFigures(measured);
  return { name, figures: measured, seconds: (performance.now() - started) / 1000 };
};

/** A target whose run fails has none of its figures; the others are still worth knowing. */
const tryToReproduce = async (name: string, target: Target): Promise<Reproduced> => {
  const started = performance.now();
  try {
    return await reproduce(name, target);
  } catch (error) {
    console.error(`  ${name} failed: ${error instanceof Error ? error.message : String(error)}\n`);
    const figures = target.figures.map(({ what, expected, tolerance }) => ({ what, expected, tolerance, measured: NaN, isWithin: false }));
    return { name, figures, seconds: (performance.now() - started) / 1000 };
  }
};

const main = async (args: readonly string[]): Promise<number> => {
  const names = args.includes('--all') ? Object.keys(targets) : args;
  const unknown = names.find((name) => !Object.hasOwn(targets, name));
  if (names.length === 0 || unknown !== undefined) {
    if (unknown !== undefined) console.error(`There is no target "${unknown}".`);
    console.log('Targets of npm run reproduce -- NAME..., or -- --all for every one:');
    for (const [name, { description }] of Object.entries(targets)) console.log(`  ${name.padEnd(24)}  ${description}`);
    return unknown === undefined ? 0 : 2;
  }
  const results: Reproduced[] = [];
  for (const name of names) {
    const target = targets[name];
    if (target !== undefined) results.push(await tryToReproduce(name, target));
  }
  if (results.length > 1)
    for (const { name, figures, seconds } of results) {
      console.log(`${name}, ${seconds.toFixed(0)} s`);
      printFigures(figures);
    }
  return results.every(({ figures }) => figures.every(({ isWithin }) => isWithin)) ? 0 : 1;
};

process.exitCode = await main(process.argv.slice(2));
