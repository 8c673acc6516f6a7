/** Runs that were killed are gone on with, and leave what they would have left: byte for byte. */
import { appendFileSync, copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandomStreams } from '../../src/runner/random/index.js';
import { disturb } from '../support/kills.js';
import { configFolder } from '../support/smoke.js';
import { temporaryFolder } from '../runner/output/support.js';
import { cli, type CliResult } from './cli.js';

const latentlab = (...args: readonly string[]): CliResult => cli(args, process.cwd());

const uniform = (seed: number): (() => number) => {
  const draws = createRandomStreams(seed).draws('kills', 0);
  const out = new Float32Array(1);
  return () => {
    draws.uniform(out);
    return out[0] ?? 0;
  };
};

/** Adversarial, with dropout, moving averages and an animation that remembers its frames. */
const gan = [
  'classifier=null',
  'metrics=[gan-value]',
  'model.discriminator.dropout=0.3',
  'training.updates=[{ player: discriminator, steps: 2 }, { player: generator, ema: 0.9 }]',
  'plots=[{ type: samples, count: 4, at: [start, half, end] }, { type: animation, every: { epochs: 7 } }]',
];

describe('a run that is killed at random moments', () => {
  it.each([
    ['a GAN with dropout, two optimizers and moving averages', 'gan.yaml', gan, 40],
    ['a VAE', 'vae-conv.yaml', [], 25],
  ])(
    'leaves what it would have left undisturbed: %s',
    async (_, config, overrides, epochs) => {
      const result = await disturb({
        config: join(configFolder, 'smoke', config),
        overrides: [...overrides, `training.epochs=${String(epochs)}`, 'checkpoints.every.steps=3'],
        folder: temporaryFolder(),
        numKills: 5,
        random: uniform(epochs),
      });
      expect(result.failures).toEqual([]);
      expect(result.differences).toEqual([]);
      expect(result.rows).toBe(epochs + 1);
      expect(Object.values(result.kills).reduce((sum, count) => sum + count)).toBeGreaterThan(0);
    },
    180_000,
  );
});

const config = join(configFolder, 'smoke/gan.yaml');
const settings = [...gan, 'training.epochs=6', 'checkpoints.every.steps=5', 'checkpoints.keep=3'].flatMap((override) => [
  '--set',
  override,
]);

/** A finished run, made once. */
const finished = mkdtempSync(join(tmpdir(), 'latentlab-resume-'));
afterAll(() => {
  rmSync(finished, { recursive: true, force: true });
});
beforeAll(() => {
  const { code, stderr } = latentlab('run', config, ...settings, '--out', finished);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

/** A copy of it whose record says that it is running: what a kill during the last pictures leaves. */
const interrupted = (): { readonly folder: string; readonly whole: string } => {
  const results = temporaryFolder();
  cpSync(finished, results, { recursive: true });
  const [run = ''] = readdirSync(join(results, 'smoke-gan'));
  const folder = join(results, 'smoke-gan', run);
  const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...record, status: 'running' }));
  return { folder, whole: join(finished, 'smoke-gan', run) };
};
const expectSame = (folder: string, whole: string): void => {
  for (const file of ['metrics.csv', 'images/samples-6.png', 'images/animation-6.png', 'checkpoints/12/weights.safetensors'])
    expect(readFileSync(join(folder, file)).equals(readFileSync(join(whole, file))), file).toBe(true);
};

describe('resume', () => {
  it.each([
    ['a row that was cut off', (folder: string) => appendFileSync(join(folder, 'metrics.csv'), '7,28,0.1')],
    ['rows behind the checkpoint', (folder: string) => appendFileSync(join(folder, 'metrics.csv'), `${'1,'.repeat(10)}1\n`)],
    ['half a picture', (folder: string) => writeFileSync(join(folder, 'images/.samples-6.png.abcd.tmp'), 'PNG')],
    ['a picture that is cut off', (folder: string) => truncateSync(join(folder, 'images/animation-6.png'), 100)],
    [
      'half a checkpoint',
      (folder: string) => cpSync(join(folder, 'checkpoints/12'), join(folder, 'checkpoints/.13.abcd.tmp'), { recursive: true }),
    ],
  ])('clears away %s', (_, damage) => {
    const { folder, whole } = interrupted();
    damage(folder);
    const { code, stdout } = latentlab('resume', folder);
    expect(code, stdout).toBe(0);
    expectSame(folder, whole);
    expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    ['is cut short', (file: string) => truncateSync(file, 60), 'bytes, expected'],
    [
      'has a flipped bit',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 4;
        writeFileSync(file, bytes);
      },
      'its content has changed',
    ],
    ['is gone', (file: string) => rmSync(file), 'cannot be read'],
  ])('takes the last good checkpoint where the newest %s', (_, damage, reason) => {
    const { folder, whole } = interrupted();
    damage(join(folder, 'checkpoints/12/weights.safetensors'));
    const { code, stdout } = latentlab('resume', folder);
    expect(stdout).toContain('the checkpoint of step 12 is left out');
    expect(stdout).toContain(reason);
    expect(stdout).toContain('behind step 10');
    expect(code).toBe(0);
    expectSame(folder, whole);
  });

  it('keeps what it saves, though damaged checkpoints are of later steps', () => {
    const { folder, whole } = interrupted();
    for (const step of ['97', '98', '99']) cpSync(join(folder, 'checkpoints/5'), join(folder, 'checkpoints', step), { recursive: true });
    rmSync(join(folder, 'checkpoints/12'), { recursive: true });
    const { code, stdout } = latentlab('resume', folder);
    expect(stdout).toContain('the checkpoint of step 99 is left out');
    expect(stdout).toContain('behind step 10');
    expect(code).toBe(0);
    expectSame(folder, whole);
  });

  it('begins again where no checkpoint is whole, and says so', () => {
    const { folder, whole } = interrupted();
    for (const step of readdirSync(join(folder, 'checkpoints'))) rmSync(join(folder, 'checkpoints', step, 'optimizer.safetensors'));
    const { code, stdout } = latentlab('resume', folder);
    expect(stdout).toContain('from the beginning: none of its checkpoints can be used');
    expect(code).toBe(0);
    expectSame(folder, whole);
  });

  it('says that the experiment was edited, and that its data is other', () => {
    const { folder } = interrupted();
    const resolved = join(folder, 'resolved.yaml');
    writeFileSync(resolved, readFileSync(resolved, 'utf8').replace(/dropout: 0\.3/, 'dropout: 0.4'));
    const file = join(folder, 'run.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as { readonly data: object };
    writeFileSync(file, JSON.stringify({ ...record, data: { ...record.data, hashes: { 'digits.csv': 'before' } } }));
    const { stdout } = latentlab('resume', folder);
    expect(stdout).toContain('resolved.yaml has changed since the run began');
    expect(stdout).toContain('the data of digits.csv has changed since the run began');
  });

  it('begins again where there is no checkpoint', () => {
    const { folder, whole } = interrupted();
    rmSync(join(folder, 'checkpoints'), { recursive: true });
    const { code, stdout } = latentlab('resume', folder);
    expect(stdout).toContain('from the beginning: it had no checkpoint yet');
    expect(stdout).not.toContain('has changed');
    expect(code).toBe(0);
    expectSame(folder, whole);
  });

  it('does nothing with a run that is done, and tells a folder that is none', () => {
    const { folder } = interrupted();
    latentlab('resume', folder);
    const again = latentlab('resume', folder);
    expect([again.code, again.stdout]).toEqual([0, `${folder} is done: there is nothing to go on with\n`]);
    const nothing = latentlab('resume', temporaryFolder());
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toContain('run.json cannot be read (ENOENT)');
    copyFileSync(join(folder, 'metrics.csv'), join(folder, 'run.json'));
    expect(latentlab('resume', folder).stderr).toContain('run.json is no JSON');
    writeFileSync(join(folder, 'run.json'), '{ "format": 1, "status": "running" }');
    expect(latentlab('resume', folder).stderr).toMatch(
      /begun by another version of latentlab.*format 1.*\n {2}Go on with that version, or/,
    );
  });

  it('stays away from a run that another process is at work on', () => {
    const { folder, whole } = interrupted();
    writeFileSync(join(folder, 'run.lock'), JSON.stringify({ pid: process.pid, host: 'elsewhere' }));
    expect(latentlab('resume', folder).stderr).toMatch(
      /is at work on this run .*\n {2}If it is not, which cannot be seen from here, remove/,
    );
    // Of a process that is no more.
    writeFileSync(join(folder, 'run.lock'), JSON.stringify({ pid: 2 ** 22 - 1, host: hostname() }));
    expect(latentlab('resume', folder).code).toBe(0);
    expectSame(folder, whole);
  });

  it('is what `run --resume` does, where the very same experiment has a run that is not done', () => {
    const { folder, whole } = interrupted();
    const results = join(folder, '../..');
    const again = latentlab('run', config, ...settings, '--out', results, '--resume');
    expect(again.stdout).toContain('going on with');
    expectSame(folder, whole);
    expect(latentlab('run', config, ...settings, '--out', results, '--resume').stdout).toContain('is done');
    expect(readdirSync(join(results, 'smoke-gan'))).toHaveLength(1);
    const other = latentlab('run', config, ...settings, '--set', 'seed=8', '--out', results, '--resume');
    expect(other.stdout).not.toContain('going on with');
    expect(readdirSync(join(results, 'smoke-gan'))).toHaveLength(2);
  });
});

describe('a session with a limit', () => {
  it('leaves a checkpoint when its time is over, and says "try again"', () => {
    const results = temporaryFolder();
    const limited = latentlab('run', config, ...settings, '--set', 'training.maxMinutes=1e-5', '--out', results);
    expect(limited.code).toBe(75);
    const [run = ''] = readdirSync(join(results, 'smoke-gan'));
    expect(limited.stdout).toContain(`go on with: latentlab resume ${join(results, 'smoke-gan', run)}`);
    expect(readdirSync(join(results, 'smoke-gan', run, 'checkpoints'))).toHaveLength(1);
  });
});
