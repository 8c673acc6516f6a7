/** Runs that are gone on with on a disk that is full, or that nothing can be written to: what is there stays, and is gone on with later. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { mountedDisk, remount, temporaryFolder } from '../runner/output/support.js';
import { tinyExperiment } from '../support/batch-kills.js';
import { configFolder } from '../support/smoke.js';
import { cli, type CliResult } from './cli.js';

const latentlab = (...args: readonly string[]): CliResult => cli(args, process.cwd());
const config = join(configFolder, 'smoke/vae-conv.yaml');
const settings = ['training.epochs=6', 'checkpoints.every.steps=4', 'checkpoints.keep=9'].flatMap((override) => ['--set', override]);

const runFolder = (results: string): string => {
  const [experiment = ''] = readdirSync(results);
  const [run = ''] = readdirSync(join(results, experiment));
  return join(results, experiment, run);
};

const bytesBelow = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, file) => sum + statSync(join(folder, file)).blocks * 512, 0);

/** A run on a disk of its own that ended before its time, with checkpoints; and the folder of the same run undisturbed. */
const interruptedOn = (
  context: TestContext,
  options: string,
): { readonly disk: string; readonly folder: string; readonly whole: string } => {
  const disk = mountedDisk(context, options);
  const undisturbed = temporaryFolder();
  expect(latentlab('run', config, ...settings, '--out', undisturbed).code).toBe(0);
  // A limit that is over behind the first step.
  expect(latentlab('run', config, ...settings, '--set', 'training.maxMinutes=1e-9', '--out', disk).code).toBe(75);
  const folder = runFolder(disk);
  const resolved = join(folder, 'resolved.yaml');
  writeFileSync(resolved, readFileSync(resolved, 'utf8').replace(/maxMinutes: .*/, 'maxMinutes: null'));
  return { disk, folder, whole: runFolder(undisturbed) };
};

const expectSame = (folder: string, whole: string): void => {
  const pictures = readdirSync(join(whole, 'images')).map((name) => `images/${name}`);
  const [last = ''] = readdirSync(join(whole, 'checkpoints')).toSorted((a, b) => Number(b) - Number(a));
  for (const file of ['metrics.csv', `checkpoints/${last}/weights.safetensors`, ...pictures])
    expect(readFileSync(join(folder, file)).equals(readFileSync(join(whole, file))), file).toBe(true);
};

it('stops where the disk is full, says so, and goes on when there is room', (context) => {
  const { disk, folder, whole } = interruptedOn(context, 'size=64m');
  const used = bytesBelow(disk);
  // Room for some words and no checkpoint.
  remount(disk, `size=${String(Math.ceil(used / 4096) * 4096 + 65_536)}`);
  const before = readdirSync(join(folder, 'checkpoints'));
  const full = latentlab('resume', folder);
  expect(full.code).toBe(1);
  expect(full.stderr).toContain('the disk is full');
  expect(readdirSync(join(folder, 'checkpoints'))).toEqual(expect.arrayContaining(before));
  expect(readFileSync(join(folder, 'metrics.csv'), 'utf8')).toMatch(/\n$/);
  remount(disk, 'size=64m');
  const { code, stdout } = latentlab('resume', folder);
  expect(code, stdout).toBe(0);
  expectSame(folder, whole);
});

it('touches nothing on a disk that is read-only, and goes on when it is not', (context) => {
  const { disk, folder, whole } = interruptedOn(context, 'size=64m');
  const record = readFileSync(join(folder, 'run.json'), 'utf8');
  remount(disk, 'ro');
  const refused = latentlab('resume', folder);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/read-only/);
  expect(readFileSync(join(folder, 'run.json'), 'utf8')).toBe(record);
  remount(disk, 'rw');
  const { code, stdout } = latentlab('resume', folder);
  expect(code, stdout).toBe(0);
  expectSame(folder, whole);
});

it('ends a batch where the disk is full, and the same command goes on with all of it', (context) => {
  const disk = mountedDisk(context, 'size=1800k');
  const configs = temporaryFolder();
  // A megabyte for each checkpoint, of which two are kept.
  const model = { type: 'gan', latent: 1, generator: 'linear', discriminator: { type: 'mlp', hidden: [300, 300] } };
  for (const name of ['one', 'two', 'three'])
    writeFileSync(join(configs, `${name}.yaml`), tinyExperiment(name, 1, { model, checkpoints: { every: { steps: 1 }, keep: 2 } }));
  const batch = (): CliResult => latentlab('batch', configs, '--out', join(disk, 'batch'), '--jobs', '1');
  const full = batch();
  expect(full.code).toBe(1);
  expect(full.stderr).toContain('the disk is full; the same command goes on when there is room');
  expect(full.stdout.match(/: started$/gm)).toHaveLength(1);
  remount(disk, 'size=64m');
  const { code, stdout } = batch();
  expect(code, stdout).toBe(0);
  expect(stdout).toContain('3 of 3 done');
  expect(stdout).toContain('3 of 3 runs to do');
}, 120_000);
