/**
 * `npm run study`: trains configs/study/vae-vs-gan as a batch (what is done already with this very content is not trained again), takes its
 * pictures into docs/pictures/study, and writes its figures into docs/vae-vs-gan.md, between the marks.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertComparable } from '../src/report/comparable.js';
import { findRuns, type ReportedRun } from '../src/report/runs.js';
import type { RunRecord } from '../src/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const batch = join(root, 'results/batches/vae-vs-gan');
const page = join(root, 'docs/vae-vs-gan.md');
const pictures = join(root, 'docs/pictures/study');

/** A run of the batch: what is reported of it, its record, and metrics.csv. */
interface Studied {
  readonly report: ReportedRun;
  readonly record: RunRecord;
  readonly column: (name: string) => readonly string[];
}

const readStudied = (report: ReportedRun): Studied => {
  const record = JSON.parse(readFileSync(join(report.folder, 'run.json'), 'utf8')) as RunRecord;
  const [header = '', ...lines] = readFileSync(join(report.folder, 'metrics.csv'), 'utf8').trimEnd().split('\n');
  return {
    report,
    record,
    column: (name) => {
      const at = header.split(',').indexOf(name);
      return lines.map((line) => (at === -1 ? '' : (line.split(',')[at] ?? '')));
    },
  };
};

type Cell = (run: Studied) => string;
const nothing = 'none';
const figure =
  (name: string, digits: number): Cell =>
  ({ record }) => {
    const value = record.metrics[name];
    return typeof value === 'number' ? value.toFixed(digits) : nothing;
  };
const percentage =
  (name: string): Cell =>
  ({ record }) => {
    const value = record.metrics[name];
    return typeof value === 'number' ? `${(100 * value).toFixed(1)} %` : nothing;
  };
const minutes = (seconds: number): string => `${seconds < 600 ? (seconds / 60).toFixed(1) : (seconds / 60).toFixed(0)} minutes`;

const titles: Readonly<Record<string, string>> = { ppca: 'pPCA', vae: 'VAE', gan: 'GAN of dense layers', dcgan: 'DCGAN' };

const rowsOf = (any: Studied): readonly (readonly [title: string, cell: Cell])[] => [
  [
    'parameters that are trained',
    ({ record }) => (record.step === 0 ? 'fitted by its formula' : (record.parameters ?? 0).toLocaleString('en-US')),
  ],
  ['epochs', ({ record }) => (record.step === 0 ? nothing : String(record.epoch))],
  ['time of the run, pictures and figures included', ({ record }) => minutes(record.seconds ?? NaN)],
  [
    'log p(x), test digits, nats',
    (run) => {
      const exact = run.record.metrics['test.log-likelihood'];
      const bound = run.record.metrics['test.importance-bound'];
      if (typeof exact === 'number') return `${exact.toFixed(1)}, exact`;
      return typeof bound === 'number' ? `at least ${bound.toFixed(1)}` : nothing;
    },
  ],
  ['V(D, G) at the end; -1.386 where D can tell nothing', figure('test.gan-value', 3)],
  ['mean probability of the class that a sample is named', figure('test.sample-confidence', 3)],
  ['entropy of the shares of classes, 1 if all are equal', figure('test.class-balance', 3)],
  ['share of the rarest class', percentage('test.rarest-class')],
  ['Frechet distance, features of the classifier', figure('test.frechet-distance', 1)],
  ['precision: samples among the digits', figure('test.precision', 3)],
  ['recall: digits among the samples', figure('test.recall', 3)],
  ['density', figure('test.density', 3)],
  ['coverage', figure('test.coverage', 3)],
  [`MS-SSIM of pairs of samples; ${figure('test.ms-ssim.examples', 3)(any)} of digits`, figure('test.ms-ssim', 3)],
  [`sharpness; ${figure('test.sharpness.examples', 3)(any)} of digits`, figure('test.sharpness', 3)],
  ['distance to the nearest training digit, by that of test digits', figure('test.nearest-training.ratio', 2)],
  ['copies of training digits', percentage('test.nearest-training.copies')],
];

const tableOf = (runs: readonly Studied[]): string => {
  const [any] = runs;
  if (any === undefined) throw new Error('there are no runs');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [
    line(['', ...runs.map(({ record }) => titles[record.experiment] ?? record.experiment)]),
    line(['---', ...runs.map(() => '---')]),
    ...rowsOf(any).map(([title, cell]) => line([title, ...runs.map(cell)])),
  ].join('');
};

/** Norms of the generator's gradient in the first epochs, by the loss. */
const gradientsOf = (minimax: Studied, nonSaturating: Studied): string => {
  const norms = ({ column }: Studied): string =>
    column('generator.gradient-norm')
      .slice(1, 5)
      .map((value) => Number(value).toFixed(2))
      .join(', ');
  return (
    '| loss of the generator | norm of its gradient, epochs 1 to 4 |\n| --- | --- |\n' +
    `| log(1 - D(G(z))), equation 15 | ${norms(minimax)} |\n| -log D(G(z)) | ${norms(nonSaturating)} |\n`
  );
};

/** Puts a text between the marks of this name. */
const fill = (text: string, name: string, content: string): string => {
  const [begin, end] = [`<!-- npm run study: ${name} -->\n`, '<!-- end -->'];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`${page} has no place for the ${name}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
};

const main = async (): Promise<void> => {
  const args = ['dist/cli/main.js', 'batch', 'configs/study/vae-vs-gan', '--needed', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  const runs = (await findRuns(batch)).filter(({ status: how }) => how === 'done').map(readStudied);
  // Runs of what the file was before are kept beside those of what it is.
  const newest = runs.toSorted((a, b) => b.record.started.localeCompare(a.record.started));
  const named = (name: string): Studied => {
    const run = newest.find(({ record }) => record.experiment === name);
    if (run === undefined) throw new Error(`${batch} has no run of ${name}`);
    return run;
  };
  const compared = Object.keys(titles).map(named);
  assertComparable(
    compared.map(({ report }) => report),
    Object.keys(named('ppca').record.metrics).filter((metric) => metric.startsWith('test.')),
  );
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const text = readFileSync(page, 'utf8');
  for (const { report, record } of [...compared, named('gan-minimax')])
    for (const { file, plot, epoch } of record.pictures)
      if (epoch === record.epoch && text.includes(`${record.experiment}-${plot}.png`))
        copyFileSync(join(report.folder, file), join(pictures, `${record.experiment}-${plot}.png`));
  for (const [, name = ''] of text.matchAll(/pictures\/study\/([\w-]+\.png)/g))
    if (!existsSync(join(pictures, name))) throw new Error(`${basename(page)} shows ${name}, which no run has left`);
  writeFileSync(page, fill(fill(text, 'figures', tableOf(compared)), 'gradients', gradientsOf(named('gan-minimax'), named('gan'))));
};

await main();
