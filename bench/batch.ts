/**
 * `npm run bench:batch`: what batches cost. Throughput of the dense VAE with two jobs of one thread against one job of two threads, in
 * alternating rounds; and the overhead of a run from the start of its process to its first step, with what it consists of.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tinyExperiment } from '../test/support/batch-kills.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '400' },
    repeats: { type: 'string', default: '5' },
  },
});
const [rounds, steps, repeats] = [Number(values.rounds), Number(values.steps), Number(values.repeats)];
if (![rounds, steps, repeats].every((count) => Number.isInteger(count) && count > 0)) {
  console.error('usage: npm run bench:batch -- [--rounds n] [--steps n] [--repeats n]; all are whole numbers from 1 on');
  process.exit(2);
}
const program = join(import.meta.dirname, '../dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'latentlab-bench-batch-'));

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

interface Outcome {
  readonly seconds: number;
  /** Of training alone, of each run. */
  readonly trainSeconds: readonly number[];
}

let count = 0;
const runBatch = (configs: string, jobs: number): Outcome => {
  const out = join(folder, `batch-${String(count++)}`);
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [program, 'batch', configs, '--out', out, '--jobs', String(jobs), '--quiet'], {
    encoding: 'utf8',
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(stderr);
  const trainSeconds = readdirSync(out, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [];
    const record = JSON.parse(readFileSync(join(out, entry.name, 'run.json'), 'utf8')) as { readonly timings: { readonly train: number } };
    return [record.timings.train];
  });
  rmSync(out, { recursive: true });
  return { seconds, trainSeconds };
};

const writeConfigs = (name: string, texts: readonly string[]): string => {
  const configs = join(folder, name);
  mkdirSync(configs);
  texts.forEach((text, i) => {
    writeFileSync(join(configs, `run-${String(i)}.yaml`), text);
  });
  return configs;
};

const measureThroughput = (): void => {
  const dense = (seed: number): string =>
    JSON.stringify({
      ...{ name: `dense-${String(seed)}`, seed, data: { type: 'mnist-10k', binarization: 'static' } },
      model: { type: 'vae', latent: 20, encoder: { type: 'mlp', hidden: [500] }, decoder: { type: 'mlp', hidden: [500] } },
      ...{ losses: ['reconstruction', 'kl'], training: { steps, batchSize: 128 } },
    });
  const configs = writeConfigs('dense', [dense(1), dense(2)]);
  const cores = availableParallelism();
  const contenders = [
    { title: `2 jobs, ${String(Math.max(1, Math.floor(cores / 2)))} thread(s) each`, jobs: 2 },
    { title: `1 job, ${String(cores)} thread(s)`, jobs: 1 },
  ].map((contender) => ({ ...contender, rates: [] as number[], seconds: [] as number[] }));
  for (let round = 0; round < rounds; round++)
    for (const { jobs, rates, seconds } of contenders) {
      const outcome = runBatch(configs, jobs);
      seconds.push(outcome.seconds);
      // Of both runs together: side by side the slower one counts, one after another the sum.
      const training = jobs === 2 ? Math.max(...outcome.trainSeconds) : outcome.trainSeconds.reduce((sum, each) => sum + each, 0);
      rates.push((2 * steps) / training);
    }
  console.log(`Dense VAE 784-500-20-500-784, batch 128: 2 runs of ${String(steps)} steps, medians of ${String(rounds)} rounds`);
  for (const { title, rates, seconds } of contenders)
    console.log(
      `  ${title.padEnd(28)} ${median(rates).toFixed(1).padStart(6)} steps/s in all while training, ${median(seconds).toFixed(1)} s for the batch`,
    );
};

/** Milliseconds of a process that does `code` with the modules of dist/. */
const timeOf = (code: string): number => {
  const times = Array.from({ length: repeats }, () => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return performance.now() - started;
  });
  return median(times);
};

const measureOverhead = (): void => {
  const file = join(folder, 'tiny.yaml');
  writeFileSync(file, tinyExperiment('tiny', 1));
  const dist = (path: string): string => JSON.stringify(new URL(`../dist/${path}`, import.meta.url).href);
  const imports = `await import(${dist('cli/commands/worker.js')});`;
  const load = `${imports}
    const { loadExperiment } = await import(${dist('runner/config/load.js')});
    const { createRegistry } = await import(${dist('runner/registry.js')});
    const experiment = await loadExperiment(${JSON.stringify(file)}, { registry: createRegistry() });`;
  const start = `${load}
    const { createContainer, partsOf } = await import(${dist('runner/assemble/container.js')});
    const { silentProgress } = await import(${dist('runner/output/progress.js')});
    const parts = partsOf(createContainer({ experiment, results: ${JSON.stringify(join(folder, 'runs'))}, progress: silentProgress }));
    const { engine, round, batches } = await parts.get('engine', 'directory', 'lock', 'record', 'round', 'batches', 'evaluator');`;
  const step = `${start} await round.run(batches.read(0), 0); await engine.dispose();`;
  const parts: readonly (readonly [string, string])[] = [
    ['Node.js itself', ''],
    ['importing modules', imports],
    ['reading and checking the experiment', load],
    ['folder, record, engine, compiling', `${start} await engine.dispose();`],
    ['the first step', step],
  ];
  console.log(`\nFrom the start of a process to its first step, a network of 15 weights; medians of ${String(repeats)}`);
  let before = 0;
  for (const [title, code] of parts) {
    const total = timeOf(code);
    console.log(`  ${title.padEnd(38)} ${(total - before).toFixed(0).padStart(5)} ms`);
    before = total;
  }
  console.log(`  ${'together'.padEnd(38)} ${before.toFixed(0).padStart(5)} ms`);
  const numRuns = 8;
  const configs = writeConfigs(
    'tiny',
    Array.from({ length: numRuns }, (_, i) => tinyExperiment(`tiny-${String(i)}`, i)),
  );
  const { seconds } = runBatch(configs, 1);
  console.log(`  a whole run of 6 steps in a batch, one at a time: ${((seconds * 1000) / numRuns).toFixed(0)} ms`);
};

console.log(
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${String(availableParallelism())} cores, Node ${process.versions.node}, ${process.platform}\n`,
);
measureThroughput();
measureOverhead();
rmSync(folder, { recursive: true, force: true });
