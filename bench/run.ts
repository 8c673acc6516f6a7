/**
 * `npm run bench`: training steps per second, and the pace of what is costly to measure, side by side. Every contender is a process of its own; rounds alternate between them, so
 * that a machine that slows down slows all of them; the table gives medians and ratios.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Contender, type ContenderSpec, type Round } from './contender.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..');
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 7);
const secondsPerRound = Number(process.env['BENCH_SECONDS'] ?? 1.5);
/** Contenders whose title holds this; all if it is empty. */
const only = process.env['BENCH_ONLY'] ?? '';
const python = process.env['LATENTLAB_PYTHON'] ?? 'python3';

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
};

const threadCounts = [...new Set([1, Math.min(8, availableParallelism())])];

interface Subject {
  readonly title: string;
  /** What latentlab runs, where it is no training of the config. */
  readonly script?: readonly [file: string, what?: string];
  /** What is counted, where it is not steps, and how many of them are in a step. */
  readonly counted?: readonly [unit: string, perStep: number];
  /** Engines that can do it in bearable time. */
  readonly engines: readonly string[];
  /** Python scripts of peers that have it beside PyTorch. */
  readonly peers: readonly (readonly [title: string, script: string, mode: string])[];
}

/** By the name of their config in bench/configs, which is the peers' word for them too. */
const subjects: Readonly<Record<string, Subject>> = {
  'dense-vae': {
    title: 'Dense VAE 784-500-20-500-784, batch 128, Adam',
    engines: ['onnx', 'wasm', 'cpu', 'tensorflow'],
    peers: [
      ['JAX, jit', 'jax_jit.py', 'jit'],
      ['TensorFlow, tf.function', 'tensorflow_function.py', 'function'],
    ],
  },
  'mlp-gan': {
    title: "The study's GAN of dense layers, a round of both players, batch 128",
    engines: ['onnx', 'wasm', 'cpu', 'tensorflow'],
    peers: [],
  },
  'wgan-gp': {
    title: 'WGAN-GP of dense layers, a round of 5 + 1 steps, batch 64',
    engines: ['onnx', 'wasm', 'cpu', 'tensorflow'],
    peers: [],
  },
  // TensorFlow.js has no gradients of convolutions for wasm, and its plain ones take minutes.
  'conv-vae': { title: 'Convolutional VAE 28 x 28, filters 32 and 64, batch 128', engines: ['onnx', 'tensorflow'], peers: [] },
  dcgan: {
    title: 'DCGAN 28 x 28, filters 64 and 128, dense 1024, a round of both players, batch 64',
    engines: ['onnx', 'tensorflow'],
    peers: [],
  },
  iwae: {
    title: 'Dense VAE 784-500-20-500-784, importance-weighted bound of 50 samples, batch 20, Adam',
    engines: ['onnx', 'wasm', 'tensorflow'],
    peers: [],
  },
  likelihood: {
    title: 'Importance-weighted log p(x) of the dense VAE, 25 images, 1,000 samples for each',
    script: ['latentlab.mjs', 'evaluate'],
    counted: ['images x samples/s', 25_000],
    engines: ['onnx', 'wasm', 'tensorflow'],
    peers: [],
  },
  frechet: {
    title: 'Frechet distance of 10,000 examples and as many samples, 64 features',
    script: ['frechet.mjs'],
    counted: ['times/s', 1],
    engines: ['no engine'],
    peers: [],
  },
};

const contendersOf = (
  name: string,
  { engines, peers, script: [file, what = 'train'] = ['latentlab.mjs'] }: Subject,
): readonly (readonly ContenderSpec[])[] => [
  ...engines.map((engine) =>
    (engine === 'cpu' ? [1] : threadCounts).map((threads) => ({
      title: `latentlab, ${engine}`,
      command: process.execPath,
      args: [join(here, file), name, engine, String(threads), what],
      threads,
      cwd: root,
    })),
  ),
  ...[['PyTorch, eager', 'pytorch.py', name, 'eager'], ['PyTorch, compiled', 'pytorch.py', name, 'compiled'], ...peers].map(
    ([title = '', ...args]) =>
      threadCounts.map((threads) => ({ title, command: python, args: [...args, String(threads)], threads, cwd: join(here, 'peers') })),
  ),
];

/** A contender with the thread count that is fastest for it. */
const startBest = async (variants: readonly ContenderSpec[]): Promise<{ contender: Contender; stepsPerRound: number } | null> => {
  let best: { contender: Contender; stepsPerSecond: number } | null = null;
  for (const variant of variants) {
    const contender = await Contender.start(variant);
    if (!contender) return null;
    const { stepsPerSecond: guess } = await contender.run(2);
    const { stepsPerSecond } = await contender.run(Math.max(2, Math.round(guess)));
    if (best && best.stepsPerSecond >= stepsPerSecond) contender.stop();
    else {
      best?.contender.stop();
      best = { contender, stepsPerSecond };
    }
  }
  return best && { contender: best.contender, stepsPerRound: Math.max(2, Math.round(best.stepsPerSecond * secondsPerRound)) };
};

const digits = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
const cell = (value: string, width: number): string => value.padStart(width);

const measure = async (name: string, subject: Subject): Promise<readonly object[]> => {
  console.log(`\n${subject.title}\n`);
  const started = await contendersOf(name, subject)
    .filter(([first]) => new RegExp(only).test(first?.title ?? ''))
    .reduce<Promise<NonNullable<Awaited<ReturnType<typeof startBest>>>[]>>(async (soFar, variants) => {
      const list = await soFar;
      const best = await startBest(variants);
      return best ? [...list, best] : list;
    }, Promise.resolve([]));
  const results = new Map<Contender, Round[]>(started.map(({ contender }) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { contender, stepsPerRound } of started) results.get(contender)?.push(await contender.run(stepsPerRound));
  }
  const [unit, perStep] = subject.counted ?? ['steps/s', 1];
  const unitWidth = Math.max(9, unit.length + 2);
  const reference = started[0]?.contender;
  const speed = (contender: Contender): readonly number[] => (results.get(contender) ?? []).map((round) => round.stepsPerSecond * perStep);
  console.log(
    `${'contender'.padEnd(26)}${'version'.padEnd(24)}${cell('threads', 8)}${cell(unit, unitWidth)}${cell('min-max', 18)}${cell('onnx/this', 11)}${cell('first step', 12)}${cell('peak MiB', 10)}`,
  );
  const rows = started.map(({ contender }) => {
    const speeds = speed(contender);
    const pairs = reference ? speed(reference).map((value, i) => value / (speeds[i] ?? NaN)) : [];
    return {
      title: contender.spec.title,
      version: contender.version,
      threads: contender.spec.threads,
      unit,
      pace: median(speeds),
      range: [Math.min(...speeds), Math.max(...speeds)],
      ratio: median(pairs),
      secondsToFirstStep: contender.secondsToFirstStep,
      peakMiB: Math.max(...(results.get(contender) ?? []).map((round) => round.peakMiB)),
    };
  });
  for (const row of rows) {
    const range = row.range.map(digits).join('-');
    console.log(
      `${row.title.padEnd(26)}${row.version.padEnd(24)}${cell(String(row.threads), 8)}${cell(digits(row.pace), unitWidth)}${cell(range, 18)}${cell(`${row.ratio.toFixed(2)}x`, 11)}${cell(`${row.secondsToFirstStep.toFixed(2)} s`, 12)}${cell(row.peakMiB.toFixed(0), 10)}`,
    );
  }
  for (const { contender } of started) contender.stop();
  return rows;
};

const main = async (wanted: readonly string[]): Promise<void> => {
  const unknown = wanted.filter((name) => !(name in subjects));
  if (unknown.length > 0) {
    console.error(`no subject ${unknown.join(', ')}; there are ${Object.keys(subjects).join(', ')}`);
    process.exit(2);
  }
  if (!existsSync(join(root, 'dist', 'index.js'))) spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' });
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = String(Math.round(totalmem() / 2 ** 30));
  console.log(`${cpu}, ${String(availableParallelism())} cores, ${memory} GiB, Node ${process.version}`);
  console.log(
    `medians of ${String(rounds)} alternating rounds of about ${String(secondsPerRound)} s; onnx/this is the median of the rounds' ratios`,
  );
  const results: Record<string, readonly object[]> = {};
  for (const [name, subject] of Object.entries(subjects))
    if (wanted.length === 0 || wanted.includes(name)) results[name] = await measure(name, subject);
  mkdirSync(join(root, 'results'), { recursive: true });
  writeFileSync(
    join(root, 'results', 'bench.json'),
    `${JSON.stringify({ machine: { cpu, cores: availableParallelism() }, subjects: results }, null, 2)}\n`,
  );
};

await main(process.argv.slice(2));
