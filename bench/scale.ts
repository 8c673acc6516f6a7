/**
 * `npm run bench:scale -- [--runs n] [--simulated n]`: how far batches go. Runs that do nearly nothing through the launcher of this
 * machine, each a process, with the memory of the controller; and many more with the processes left out: folders, the scheduling of a
 * launcher whose workers end at once, `status` and `compare` over what is left. 0 leaves the one or the other out.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLocalLauncher } from '../src/batch/local/launcher.js';
import { openBatch } from '../src/batch/batch.js';
import { noResources } from '../src/runner/config/resource-params.js';
import { createRegistry } from '../src/runner/registry.js';
import { readRecord } from '../src/runner/resume.js';
import { tinyExperiment } from '../test/support/batch-kills.js';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '1000' }, simulated: { type: 'string', default: '10000' } } });
const [numRuns, numSimulated] = [Number(values.runs), Number(values.simulated)];
if (![numRuns, numSimulated].every((count) => Number.isInteger(count) && count >= 0)) {
  console.error('usage: npm run bench:scale -- [--runs n] [--simulated n]; both are whole numbers, and 0 leaves that part out');
  process.exit(2);
}
const program = join(import.meta.dirname, '../dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'latentlab-scale-'));
/** So many are measured of what takes the disk's or the system's time for each run. */
const sampleSize = 100;
const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/** `count` experiments that differ in their seeds alone. */
const writeConfigs = (name: string, count: number): string => {
  const configs = join(folder, name);
  mkdirSync(configs);
  const settings = { training: { epochs: 1, batchSize: 60, evaluationBatchSize: 60 } };
  for (let i = 0; i < count; i++) writeFileSync(join(configs, `run-${String(i)}.yaml`), tinyExperiment(`run-${String(i)}`, i, settings));
  return configs;
};

/** Most that a process has had in memory, in bytes, as Linux counts; 0 elsewhere. */
const peakOf = (pid: number): number => {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};

const measureProcesses = async (): Promise<void> => {
  const out = join(folder, 'real');
  const started = performance.now();
  const args = ['batch', writeConfigs('configs', numRuns), '--out', out, '--quiet'];
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, peakOf(child.pid ?? 0))), 200);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`the batch ended with exit code ${String(code)}`);
  console.log(
    `${String(numRuns)} runs of 1 step, each a process, ${String(availableParallelism())} at a time: ${seconds.toFixed(0)} s, ` +
      `${((seconds * 1000) / numRuns).toFixed(0)} ms a run; controller at most ${mib(peak)}`,
  );
};

const timed = (title: string, args: readonly string[]): void => {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(stderr);
  console.log(`  ${title.padEnd(46)} ${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`);
};

const simulate = async (): Promise<void> => {
  const configs = writeConfigs('many', numSimulated);
  const out = join(folder, 'simulated');
  const lap = (title: string, since: number): void => {
    console.log(`  ${title.padEnd(46)} ${((performance.now() - since) / 1000).toFixed(1).padStart(6)} s`);
  };
  console.log(`${String(numSimulated)} runs, without processes`);
  let since = performance.now();
  const batch = await openBatch(
    { inputs: [configs], out, choice: 'unfinished', changes: {}, priorities: [], resources: noResources, only: [], dryRun: false },
    createRegistry(),
  );
  lap('reading and checking files, the manifest', since);
  since = performance.now();
  const sample = batch.tasks.slice(0, sampleSize);
  for (const { prepare } of sample) await prepare();
  console.log(
    `  ${`folder of a run, the first ${String(sample.length)}`.padEnd(46)} ${((performance.now() - since) / sample.length).toFixed(1).padStart(6)} ms a run`,
  );
  const [first] = sample;
  if (first === undefined) throw new Error('there is no run');
  const record = await readRecord(first.folder);
  // What workers would have left, without flushing: that is the disk's time, and was measured above.
  for (const [i, { name, seed, hashes, experiment }] of batch.manifest.runs.entries()) {
    mkdirSync(join(out, name), { recursive: true });
    const status = i < sampleSize || i % 100 === 0 ? 'interrupted' : 'done';
    const left = { ...record, run: name, experiment, seed, hashes, status, metrics: { 'test.gan-value': Math.sin(i) } };
    writeFileSync(join(out, name, 'run.json'), JSON.stringify(left, null, 2));
  }
  since = performance.now();
  const launcher = createLocalLauncher({
    // No such program can be started: all that is left is the scheduling, and the record of what went wrong.
    command: { program: join(folder, 'true.mjs'), args: () => [] },
    ...{ jobs: 2, threads: 1, retries: 0, backoffSeconds: 1, failFast: false },
    limits: { memoryMiB: null, minutes: null, silentMinutes: null },
  });
  writeFileSync(join(folder, 'true.mjs'), '');
  const ignore = (): void => undefined;
  let ended = 0;
  const stop = new AbortController();
  const most = Math.min(sampleSize, numSimulated);
  const onEnd = (): void => {
    ended++;
    if (ended >= most) stop.abort();
  };
  const watcher = { started: ignore, waiting: ignore, progress: ignore, again: ignore };
  await launcher.launch(batch.tasks, { ...watcher, ended: onEnd }, stop.signal);
  console.log(
    `  ${`scheduling, the first ${String(ended)}, empty processes`.padEnd(46)} ${((performance.now() - since) / ended).toFixed(1).padStart(6)} ms a run`,
  );
  console.log(`  ${'memory of the controller'.padEnd(46)} ${mib(process.memoryUsage.rss()).padStart(8)}`);
  await batch.release();
  timed('latentlab status', ['status', out]);
  timed('latentlab compare', ['compare', out]);
  timed('latentlab compare --format csv', ['compare', out, '--format', 'csv']);
  timed('latentlab batch, the same again, --dry-run', ['batch', configs, '--out', out, '--dry-run']);
};

console.log(`${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${String(availableParallelism())} cores, Node ${process.versions.node}\n`);
if (numSimulated > 0) await simulate();
if (numRuns > 0) await measureProcesses();
rmSync(folder, { recursive: true, force: true });
