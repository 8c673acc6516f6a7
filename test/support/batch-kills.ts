/** Batches whose controller is killed again and again, and what they leave, held against an undisturbed one. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const program = join(import.meta.dirname, '../../dist/cli/main.js');

/** An experiment that does nearly nothing: numbers from a Gaussian, networks of a few weights. */
export const tinyExperiment = (name: string, seed: number, settings: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    name,
    seed,
    data: { type: 'gaussian-1d', examples: 60, validation: 10, test: 10 },
    model: { type: 'gan', latent: 1, generator: 'linear', discriminator: { type: 'mlp', hidden: [4] } },
    losses: ['gan-non-saturating'],
    training: { epochs: 3, batchSize: 30, evaluationBatchSize: 30 },
    checkpoints: { every: { steps: 1 } },
    metrics: ['gan-value'],
    ...settings,
  });

export const writeExperiments = (folder: string, count: number, settings: Readonly<Record<string, unknown>> = {}): void => {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `tiny-${String(i)}.yaml`), tinyExperiment(`tiny-${String(i)}`, i, settings));
};

/** Processes `latentlab worker` of runs below `folder`; Linux only. */
const workersOf = (folder: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.includes('worker') && words.some((word) => word.startsWith(folder));
      } catch {
        return false;
      }
    })
    .map(Number);

interface Session {
  readonly code: number | null;
  readonly output: string;
  readonly ms: number;
  /** Workers that were there when it was killed, and did not end by themselves. */
  readonly orphans: readonly number[];
}

const runBatch = (args: readonly string[], folder: string, killAfterMs: number | null): Promise<Session> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [program, 'batch', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let workers: readonly number[] = [];
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    const kill = (): void => {
      child.kill('SIGKILL');
      workers = workersOf(folder);
    };
    const timer = killAfterMs === null ? null : setTimeout(kill, killAfterMs);
    child.on('error', reject);
    child.on('exit', (code) => {
      if (timer !== null) clearTimeout(timer);
      const ms = performance.now() - started;
      const finish = async (): Promise<Session> => {
        // Half of the time the next controller meets workers that are still about to end.
        const patience = workers.length % 2 === 0 ? 100 : 0;
        for (let i = 0; i < patience && workersOf(folder).some((pid) => workers.includes(pid)); i++) await sleep(100);
        const orphans = patience === 0 ? [] : workersOf(folder).filter((pid) => workers.includes(pid));
        return { code, output, ms, orphans };
      };
      finish().then(resolve, reject);
    });
  });

export interface DisturbedBatch {
  readonly kills: number;
  readonly runs: number;
  /** Runs that are not as an undisturbed batch leaves them, with what differs. */
  readonly differences: readonly string[];
  readonly failures: readonly string[];
}

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').trimEnd().split('\n');

/** What of a run must be equal, and how often it was finished. */
const traits = (folder: string): Readonly<Record<string, string>> => {
  const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  const { status, epoch, step, metrics, hashes, error } = record;
  const weights = readdirSync(join(folder, 'checkpoints')).map((name) =>
    readFileSync(join(folder, 'checkpoints', name, 'weights.safetensors')).toString('base64'),
  );
  return {
    record: JSON.stringify({ status, epoch, step, metrics, hashes, error }),
    metrics: readFileSync(join(folder, 'metrics.csv'), 'utf8'),
    weights: weights.join(),
    timesDone: String(linesOf(join(folder, 'events.jsonl')).filter((line) => line.includes('"type":"done"')).length),
  };
};

const runFolders = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();

export interface BatchKillSetting {
  /** An empty folder. */
  readonly folder: string;
  readonly numRuns: number;
  readonly numKills: number;
  readonly jobs: number;
  /** Uniform on [0, 1). */
  readonly random: () => number;
}

/** Runs a batch undisturbed, and another one whose controller is killed at random moments. */
export const disturbBatch = async ({ folder, numRuns, numKills, jobs, random }: BatchKillSetting): Promise<DisturbedBatch> => {
  const configs = join(folder, 'configs');
  writeExperiments(configs, numRuns);
  const args = (out: string): readonly string[] => [configs, '--out', out, '--jobs', String(jobs)];
  const calm = join(folder, 'calm');
  const whole = await runBatch(args(calm), calm, null);
  if (whole.code !== 0) throw new Error(`the undisturbed batch failed:\n${whole.output}`);

  const disturbed = join(folder, 'disturbed');
  const failures: string[] = [];
  let kills = 0;
  for (;;) {
    // Spread over the whole batch: from its first moments on, in which nothing is written yet.
    const killAfterMs = kills < numKills ? (random() * (1.6 * whole.ms)) / numKills + 150 : null;
    const { code, output, orphans } = await runBatch(args(disturbed), disturbed, killAfterMs);
    if (orphans.length > 0) failures.push(`workers ${orphans.join(', ')} outlived their controller`);
    if (code === 0) break;
    if (code !== null || killAfterMs === null) failures.push(`the batch ended with ${String(code)}:\n${output}`);
    if (failures.length > 0) break;
    kills++;
  }
  const [expected, found] = [runFolders(calm), runFolders(disturbed)];
  const differences = [...new Set([...expected, ...found])].flatMap((name) => {
    if (!expected.includes(name) || !found.includes(name)) return [`${name} is in one batch only`];
    const [a, b] = [traits(join(calm, name)), traits(join(disturbed, name))];
    return Object.keys(a).flatMap((trait) => (a[trait] === b[trait] ? [] : [`${name}: ${trait}`]));
  });
  return { kills, runs: expected.length, differences, failures };
};
