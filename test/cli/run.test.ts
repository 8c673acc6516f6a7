/** `latentlab run` from outside: exit codes, what is printed, what is left behind. */
import { parse } from 'csv-parse/sync';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, interruptedCli } from './cli.js';

const smoke = resolve(import.meta.dirname, '../../configs/smoke/vae-mlp.yaml');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latentlab-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const small = `name: small
seed: 3
data: { type: mnist-10k, binarization: static, limit: { train: 64, validation: 32, test: 32 } }
model: { type: vae, latent: 2, encoder: { type: mlp, hidden: [8] }, decoder: { type: mlp, hidden: [8] } }
losses: [reconstruction, kl]
training: { epochs: 1, batchSize: 32, evaluationBatchSize: 32, optimizer: { type: adam } }
metrics: [elbo]
`;

/** Writes an experiment file and returns its name. */
const experiment = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const runFolder = (out: string, name: string): string => {
  const parent = join(folder, out, name);
  return join(parent, readdirSync(parent)[0] ?? '');
};
const readRecord = (run: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as Record<string, unknown>;

/** Images of `count` x 4 x 4 grey values. */
const idxImages = (count: number): Buffer => {
  const header = Buffer.alloc(16);
  [0x803, count, 4, 4].forEach((value, i) => header.writeUInt32BE(value, i * 4));
  return Buffer.concat([header, Buffer.from(Array.from({ length: count * 16 }, (_, i) => (i * 37) % 256))]);
};
const idxLabels = (count: number): Buffer => {
  const header = Buffer.alloc(8);
  [0x801, count].forEach((value, i) => header.writeUInt32BE(value, i * 4));
  return Buffer.concat([header, Buffer.alloc(count, 1)]);
};

describe('latentlab run', () => {
  it('trains, says where everything is, and ends with 0', () => {
    const { code, stdout, stderr } = cli(['run', smoke, '--out', 'done'], folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const run = runFolder('done', 'smoke-vae-mlp');
    expect(stdout).toMatch(/elbo +-5\d\d\.\d+ +-5\d\d\.\d+ +-5\d\d\.\d+/);
    expect(stdout).toContain('images/latent-manifold-2.png');
    expect(stdout).toContain(join('done', 'smoke-vae-mlp'));
    expect(readRecord(run)).toMatchObject({ status: 'done', experiment: 'smoke-vae-mlp', epoch: 2, step: 8, error: null });
    const rows = parse(readFileSync(join(run, 'metrics.csv')), { columns: true });
    expect(rows.map((row: unknown) => (row as { epoch: string }).epoch)).toEqual(['0', '1', '2']);
    for (const file of ['experiment.yaml', 'resolved.yaml', 'events.jsonl', 'checkpoints/8/weights.safetensors', 'plots/curve-2.svg'])
      expect(existsSync(join(run, file)), file).toBe(true);
  });

  it('gives the same metrics.csv for the same seed, and another for another', () => {
    const file = experiment('seeds.yaml', small);
    const csv = (out: string, ...more: readonly string[]): string => {
      expect(cli(['run', file, '--quiet', '--out', out, ...more], folder).code).toBe(0);
      return readFileSync(join(runFolder(out, 'small'), 'metrics.csv'), 'utf8');
    };
    const first = csv('same-1');
    expect(csv('same-2')).toBe(first);
    expect(csv('other', '--set', 'seed=4')).not.toBe(first);
  });

  it('prints one JSON object a line with --json', () => {
    const { code, stdout } = cli(['run', experiment('json.yaml', small), '--json', '--out', 'json'], folder);
    expect(code).toBe(0);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.length).toBeGreaterThan(2);
  });

  it('finishes the step in progress on Ctrl-C, keeps what there is, and ends with 130', async () => {
    const file = experiment('long.yaml', small.replace('epochs: 1', 'epochs: 100000').replace('name: small', 'name: long'));
    const { code } = await interruptedCli(['run', file, '--out', 'interrupted'], folder, /epoch [1-9]/, 'SIGINT');
    expect(code).toBe(130);
    const run = runFolder('interrupted', 'long');
    const record = readRecord(run);
    expect(record).toMatchObject({ status: 'interrupted', error: null });
    expect(existsSync(join(run, String(record['weights'])))).toBe(true);
    expect(parse(readFileSync(join(run, 'metrics.csv')), { columns: true }).length).toBeGreaterThan(1);
  });

  it('runs the same on another engine', () => {
    expect(cli(['run', experiment('cpu.yaml', small), '--engine', 'cpu', '--quiet', '--out', 'cpu'], folder).code).toBe(0);
    expect(readRecord(runFolder('cpu', 'small'))).toMatchObject({ engine: { name: 'cpu' } });
  });
});

describe('a mistake in the file or the arguments ends with 2 and says where', () => {
  const cases: readonly (readonly [what: string, text: string, args: readonly string[], expected: readonly RegExp[]])[] = [
    ['YAML syntax', 'name: [a\n', [], [/wrong\.yaml:\d+:\d+/]],
    ['an unknown key', `${small}colour: red\n`, [], [/wrong\.yaml:8:1 +colour/]],
    ['an unknown component', small.replace('type: vae', 'type: vea'), [], [/wrong\.yaml:4:16 +model\.type/, /did you mean "vae"/]],
    ['an unknown param', small.replace('latent: 2', 'latents: 2'), [], [/wrong\.yaml:4:21 +model\.latents/, /did you mean "latent"/]],
    ['a wrong type', small.replace('latent: 2', 'latent: ten'), [], [/wrong\.yaml:4:29 +model\.latent/, /must be an integer/]],
    ['a value out of range', small.replace('latent: 2', 'latent: 0'), [], [/wrong\.yaml:4:29 +model\.latent/]],
    [
      'a manifold of 20 dimensions',
      `${small.replace('latent: 2', 'latent: 20')}plots: [latent-manifold]\n`,
      [],
      [/wrong\.yaml:8:9 +plots\[0\]/, /20/],
    ],
    [
      'a latent that the model does not have',
      `${small}plots: [{ type: traversals, dimensions: [5] }]\n`,
      [],
      [/plots\[0\]\.dimensions/, /2/],
    ],
    ['a mistake in an override', small, ['--set', 'training.epochs=ten'], [/--set training\.epochs=ten/]],
    ['an override of nothing', small, ['--set', 'training.epoch=3'], [/did you mean "epochs"/]],
  ];
  it.each(cases)('%s', (_, text, args, expected) => {
    const { code, stderr } = cli(['run', experiment('wrong.yaml', text), '--out', 'wrong', ...args], folder);
    expect(code).toBe(2);
    for (const pattern of expected) expect(stderr).toMatch(pattern);
    expect(existsSync(join(folder, 'wrong'))).toBe(false);
  });

  it('a file that is not there', () => {
    const { code, stderr } = cli(['run', 'smal.yaml'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain('smal.yaml');
  });

  it('an unknown command, option or engine', () => {
    expect(cli(['rnu', smoke], folder)).toMatchObject({ code: 2 });
    expect(cli(['run', smoke, '--sett', 'a=1'], folder)).toMatchObject({ code: 2 });
    expect(cli(['run', smoke, '--engine', 'gpu'], folder)).toMatchObject({ code: 2 });
    expect(cli(['run'], folder)).toMatchObject({ code: 2 });
  });
});

describe('bad data ends with 1, says which file and what to do, and leaves no run behind', () => {
  const withIdx = (files: string): string => small.replace(/data: .*/, `data: { type: idx, ${files} }`);
  const cases: readonly (readonly [what: string, files: Readonly<Record<string, Buffer>>, data: string, expected: readonly RegExp[]])[] = [
    ['a truncated IDX file', { 'images.idx': idxImages(40).subarray(0, 300) }, 'images: images.idx', [/images\.idx/]],
    ['a foreign file', { 'images.idx': Buffer.from('<!DOCTYPE html><html>not a data set</html>') }, 'images: images.idx', [/images\.idx/]],
    ['a broken gzip file', { 'images.idx.gz': gzipSync(idxImages(40)).subarray(0, 60) }, 'images: images.idx.gz', [/images\.idx\.gz/]],
    [
      'labels of another length',
      { 'images.idx': idxImages(40), 'labels.idx': idxLabels(39) },
      'images: images.idx, labels: labels.idx',
      [/40/, /39/],
    ],
    ['a missing file', {}, 'images: nowhere.idx', [/nowhere\.idx/]],
  ];
  it.each(cases)('%s', (what, files, data, expected) => {
    const place = mkdtempSync(join(folder, 'data-'));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(place, name), bytes);
    writeFileSync(join(place, 'bad.yaml'), withIdx(data));
    const { code, stderr } = cli(['run', 'bad.yaml', '--out', 'out'], place);
    expect(code, what).toBe(1);
    for (const pattern of expected) expect(stderr).toMatch(pattern);
    expect(stderr).not.toMatch(/ at .*\.js:\d+/);
    expect(existsSync(join(place, 'out'))).toBe(false);
  });

  it.each(['reconstructions', 'latent-scatter', 'traversals'])(
    '%s of a split that the data leaves empty is a mistake in the file',
    (plot) => {
      const place = mkdtempSync(join(folder, 'data-'));
      writeFileSync(join(place, 'images.idx'), idxImages(40));
      writeFileSync(join(place, 'bad.yaml'), `${withIdx('images: images.idx')}plots: [${plot}]\n`);
      const { code, stderr } = cli(['run', 'bad.yaml', '--out', 'out'], place);
      expect(code).toBe(2);
      expect(stderr).toMatch(/bad\.yaml:8:9 +plots\[0\]/);
      expect(stderr).toContain('Set `split: train`');
      expect(existsSync(join(place, 'out'))).toBe(false);
    },
  );

  it('an MD5 that does not match', () => {
    const place = mkdtempSync(join(folder, 'mnist-'));
    for (const [name, bytes] of [
      ['train-images-idx3-ubyte', idxImages(40)],
      ['train-labels-idx1-ubyte', idxLabels(40)],
      ['t10k-images-idx3-ubyte', idxImages(40)],
      ['t10k-labels-idx1-ubyte', idxLabels(40)],
    ] as const)
      writeFileSync(join(place, name), bytes);
    writeFileSync(join(place, 'bad.yaml'), small.replace(/data: .*/, 'data: { type: mnist }'));
    const { code, stderr } = cli(['run', 'bad.yaml', '--out', 'out'], place, { LATENTLAB_DATA: place });
    expect(code).toBe(1);
    expect(stderr).toMatch(/MD5/i);
    expect(stderr).toContain('train-images-idx3-ubyte');
  });
});

describe('a run that cannot go on ends with 1', () => {
  it('names step, loss and config when a loss is not finite, and writes nothing after it', () => {
    const file = experiment(
      'diverges.yaml',
      small.replace('type: adam }', 'type: sgd, learningRate: 1e30 }').replace('epochs: 1', 'epochs: 5'),
    );
    const { code, stderr } = cli(['run', file, '--out', 'diverged'], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/loss(\.\w+)? became (NaN|-?Infinity) in step \d+ of diverges\.yaml/);
    const run = runFolder('diverged', 'small');
    expect(readRecord(run)).toMatchObject({ status: 'failed', weights: null, error: { code: 'non-finite-loss' } });
    expect(existsSync(join(run, 'checkpoints'))).toBe(false);
    expect(readFileSync(join(run, 'metrics.csv'), 'utf8')).not.toMatch(/NaN|Infinity/);
  });

  it('says that the output folder is a file', () => {
    writeFileSync(join(folder, 'taken'), 'a file');
    const { code, stderr } = cli(['run', experiment('taken.yaml', small), '--out', 'taken'], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('taken');
    expect(stderr).toContain('--out');
  });

  it.skipIf(existsSync(resolve(import.meta.dirname, '../../node_modules/@tensorflow/tfjs-node')))('says why an engine is not there', () => {
    const { code, stderr } = cli(['run', experiment('engine.yaml', small), '--engine', 'tensorflow', '--out', 'engine'], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('@tensorflow/tfjs-node');
    expect(existsSync(join(folder, 'engine'))).toBe(false);
  });
});

describe('help', () => {
  it.each(['--help', 'run --help', 'check --help', 'components --help', 'doctor --help'])('%s gives examples', (line) => {
    const { code, stdout } = cli(line.split(' '), folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples?:\n +latentlab /);
  });
});
