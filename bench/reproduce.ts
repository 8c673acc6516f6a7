/**
 * `npm run reproduce -- NAME...`: runs the experiments that have known results, and prints expected, measured and tolerance side by
 * side. Exit code 1 if any figure is outside its tolerance; without a name, the list of targets.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadExperiment, run, type HistoryRow, type RunRecord } from '../src/index.js';

interface Figure {
  readonly what: string;
  readonly expected: number;
  readonly tolerance: number;
  /** `rows` are those of metrics.csv. */
  readonly measure: (record: RunRecord, rows: readonly HistoryRow[]) => number | null | undefined;
}

interface Target {
  readonly description: string;
  readonly config: string;
  readonly figures: readonly Figure[];
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const targets: Readonly<Record<string, Target>> = {
  'vae-20d': {
    description: '784-500-20-500-784, one static sample of the first 50,000 training images, batch 128, Adam 1e-3, 10 epochs',
    config: 'configs/seed/vae-20d.yaml',
    figures: [
      {
        // Every pixel costs ln 2 while the decoder knows nothing.
        what: 'reconstruction before training: 784 ln 2, nats',
        expected: 784 * Math.log(2),
        tolerance: 5,
        measure: (_, rows) => negative(rows[0]?.['validation.reconstruction']),
      },
      {
        what: 'negative ELBO before training: the same and a small KL, nats',
        expected: 784 * Math.log(2),
        tolerance: 12,
        measure: (_, rows) => negative(rows[0]?.['validation.elbo']),
      },
      {
        // google/flax, examples/vae: about 104; the mean of reference runs of this network is 103.1.
        what: 'negative test ELBO after 10 epochs, nats',
        expected: 103.1,
        tolerance: 1,
        measure: ({ metrics }) => negative(metrics['test.elbo']),
      },
      { what: 'active units of 20', expected: 20, tolerance: 0, measure: ({ metrics }) => metrics['test.active-units'] },
    ],
  },
};

const negative = (value: number | null | undefined): number | null => (value === null || value === undefined ? null : -value);

const reproduce = async (name: string, target: Target): Promise<boolean> => {
  console.log(`${name}: ${target.description}`);
  const rows: HistoryRow[] = [];
  const started = performance.now();
  const experiment = await loadExperiment(join(root, target.config));
  const { record, folder } = await run(experiment, {
    results: process.env['REPRODUCE_OUT'] ?? mkdtempSync(join(tmpdir(), 'latentlab-')),
    progress: {
      note: (line) => {
        console.log(`  ${line}`);
      },
      start: ({ data, engine }) => {
        console.log(`  ${data}; engine ${engine}`);
      },
      step: () => undefined,
      epoch: (row) => {
        rows.push(row);
        console.log(`  epoch ${String(row['epoch'])}  validation ELBO ${row['validation.elbo']?.toFixed(2) ?? ''}`);
      },
      picture: () => undefined,
      end: () => undefined,
    },
  });
  console.log(`  ${folder}, ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  console.log(`  ${'figure'.padEnd(64)}${'expected'.padStart(10)}${'measured'.padStart(10)}${'tolerance'.padStart(11)}`);
  const verdicts = target.figures.map(({ what, expected, tolerance, measure }) => {
    const measured = measure(record, rows) ?? NaN;
    const isWithin = Math.abs(measured - expected) <= tolerance;
    console.log(
      `  ${what.padEnd(64)}${expected.toFixed(2).padStart(10)}${measured.toFixed(2).padStart(10)}${`±${tolerance.toFixed(2)}`.padStart(11)}  ${isWithin ? 'ok' : 'OUTSIDE'}`,
    );
    return isWithin;
  });
  console.log('');
  return verdicts.every(Boolean);
};

const main = async (names: readonly string[]): Promise<number> => {
  const unknown = names.find((name) => !Object.hasOwn(targets, name));
  if (names.length === 0 || unknown !== undefined) {
    if (unknown !== undefined) console.error(`There is no target "${unknown}".`);
    console.log('Targets of npm run reproduce -- NAME...:');
    for (const [name, { description }] of Object.entries(targets)) console.log(`  ${name.padEnd(10)}  ${description}`);
    return unknown === undefined ? 0 : 2;
  }
  let isReproduced = true;
  for (const name of names) {
    const target = targets[name];
    if (target) isReproduced = (await reproduce(name, target)) && isReproduced;
  }
  return isReproduced ? 0 : 1;
};

process.exitCode = await main(process.argv.slice(2));
