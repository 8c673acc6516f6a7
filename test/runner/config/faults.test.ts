/** One case for each code, with its place; and all that is wrong with one bad file, as people see it. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FaultCode } from '../../../src/registry/faults.js';
import { ConfigError } from '../../../src/registry/errors.js';
import { reportFault } from '../../../src/registry/fault-report.js';
import { formatPath } from '../../../src/registry/path.js';
import { Registry } from '../../../src/registry/registry.js';
import { loadExperiment } from '../../../src/runner/config/load.js';
import { createRegistry } from '../../../src/runner/registry.js';
import { toyComponents } from '../../registry/toy-components.js';
import { expectGolden } from '../../support/golden.js';
import { errorOf, faultsOf, loadText, valid } from './load-text.js';

const registry = new Registry(toyComponents);

interface Case {
  readonly text: string;
  readonly overrides?: readonly string[];
  readonly expected: readonly string[];
}

const change = (from: string, to: string): string => {
  if (!valid.includes(from)) throw new Error(`The valid experiment has no "${from}".`);
  return valid.replace(from, to);
};

/** Of files and runs that are not there, of warnings, and of models that are followed (test/runner/plan/faults.test.ts): each has tests of its own. */
type OtherCode =
  'no-such-run' | 'no-experiments' | 'missing-file' | 'unreadable-file' | 'wrong-shape' | 'not-computable' | 'no-gradient' | 'unsound';

/** Complete: the compiler names a code without a case. */
const cases: Readonly<Record<Exclude<FaultCode, OtherCode>, readonly Case[]>> = {
  'empty-file': [
    { text: '', expected: ['empty-file'] },
    { text: '# only words\n', expected: ['empty-file'] },
  ],
  'yaml-syntax': [
    { text: 'name: "x\n', expected: ['yaml-syntax 1:7'] },
    { text: 'a: 1\n\tb: 2\nc: @x\n', expected: ['yaml-syntax 2:1', 'yaml-syntax 3:4'] },
    { text: '%YAML 1.1\n---\na: yes\n', expected: ['yaml-syntax 1:1'] },
    { text: `${valid}<<: 3\n`, expected: ['yaml-syntax 17:5'] },
  ],
  'multiple-documents': [{ text: `${valid}---\nname: other\n`, expected: ['multiple-documents 17:1'] }],
  'too-complex': [{ text: `${valid}x-deep: ${'['.repeat(100)}${']'.repeat(100)}\n`, expected: ['too-complex 17:69'] }],
  'not-a-map': [
    { text: '- a\n- b\n', expected: ['not-a-map 1:1'] },
    { text: 'vae', expected: ['not-a-map 1:1'] },
  ],
  'bad-key': [{ text: `${valid}? [a, b]\n: 1\n`, expected: ['bad-key 17:3'] }],
  'duplicate-key': [
    { text: change('  latent: 2\n', '  latent: 2\n  latent: 3\n'), expected: ['duplicate-key 6:3'] },
    { text: change('  latent: 2\n', '  latent: 2\n  latent: 3\n  late: 3\n'), expected: ['duplicate-key 6:3', 'unknown-key 7:3'] },
  ],
  'unknown-tag': [
    { text: change('epochs: 4', 'epochs: !!js/function "x"'), expected: ['unknown-tag 11:25'] },
    { text: change('data: points', 'data: !!binary cG9pbnRz'), expected: ['unknown-tag 2:16'] },
  ],
  'bad-alias': [
    { text: change('epochs: 4', 'epochs: *four'), expected: ['bad-alias 11:11'] },
    { text: change('encoder: { type: mlp, hidden: [50, 20] }', 'encoder: &e { type: mlp, hidden: *e }'), expected: ['bad-alias 6:36'] },
  ],
  'bad-override': [
    { text: valid, overrides: ['training.epochs'], expected: ['bad-override --set training.epochs'] },
    { text: valid, overrides: ['losses[2].weight=1'], expected: ['bad-override --set losses[2].weight=1'] },
    { text: valid, overrides: ['losses.weight=1'], expected: ['bad-override --set losses.weight=1'] },
    { text: valid, overrides: ['seed.value=1'], expected: ['wrong-type --set seed.value=1'] },
    { text: valid, overrides: ['training.epochs.value=1'], expected: ['bad-override --set training.epochs.value=1'] },
    { text: valid, overrides: ['a..b=1'], expected: ['bad-override --set a..b=1'] },
    { text: valid, overrides: ['seed=[1'], expected: ['bad-override --set seed=[1'] },
    { text: valid, overrides: ['x-seed=1'], expected: ['bad-override --set x-seed=1'] },
    { text: valid, overrides: ['model[+]=1'], expected: ['bad-override --set model[+]=1'] },
  ],
  'bad-extends': [
    { text: `extends: toy.yaml\n${valid}`, expected: ['bad-extends 1:10'] },
    { text: `extends: [/etc/base.yaml, ../passwd]\n${valid}`, expected: ['bad-extends 1:11', 'bad-extends 1:27'] },
  ],
  'bad-place': [
    { text: `extends: []\n${valid}seed: \${unset}\n`, expected: ['bad-place 18:7'] },
    { text: `extends: []\n${valid}losses[7]: reconstruction\n`, expected: ['bad-place 18:1'] },
    { text: change('latent: 2', 'latent: ${unset}'), expected: ['missing-key 3:1', 'bad-place 5:11'] },
  ],
  'bad-reference': [
    { text: change('latent: 2', 'latent: ${model.laten}'), expected: ['bad-reference 5:11'] },
    { text: change('latent: 2', 'latent: ${model.latent}'), expected: ['bad-reference 5:11'] },
    { text: change('latent: 2', 'latent: ${env:LATENTLAB_NO_SUCH}'), expected: ['bad-reference 5:11'] },
    { text: change('name: toy', 'name: toy\ndescription: a ${name'), expected: ['bad-reference 2:14'] },
    { text: change('name: toy', 'name: toy\ndescription: a ${model}'), expected: ['bad-reference 2:14'] },
  ],
  'unknown-key': [
    { text: change('data: points', 'data: points\nsede: 3'), expected: ['unknown-key 3:1'] },
    { text: change('every: { epochs: 10 }', 'every: { epoch: 10 }'), expected: ['unknown-key 16:14'] },
    { text: valid, overrides: ['training.epoch=3'], expected: ['unknown-key --set training.epoch=3'] },
  ],
  'missing-key': [
    { text: change('  latent: 2\n', ''), expected: ['missing-key 3:1'] },
    { text: change('data: points\n', ''), expected: ['missing-key 1:1'] },
    // Players are not told of that have nothing to minimise.
    { text: valid.replace(/^losses:\n( .*\n)+/m, ''), expected: ['missing-key 1:1'] },
    { text: change('{ type: linear-warmup, epochs: 5 }', 'linear-warmup'), expected: ['missing-key 9:22'] },
  ],
  'missing-type': [{ text: change('  type: vae\n', ''), expected: ['missing-type 4:3'] }],
  'wrong-type': [
    { text: change('epochs: 4', 'epochs: ten'), expected: ['wrong-type 11:11'] },
    { text: change('epochs: 4', 'epochs: 4.5'), expected: ['wrong-type 11:11'] },
    { text: change('latent: 2', 'latent: .nan'), expected: ['wrong-type 5:11'] },
    { text: change('latent: 2', 'latent:'), expected: ['wrong-type 5:10'] },
    { text: change('  epochs: 4', '  epochs: 4\n  optimizer: 3'), expected: ['wrong-type 12:14'] },
    { text: valid, overrides: ['training.epochs=ten'], expected: ['wrong-type --set training.epochs=ten'] },
  ],
  'out-of-range': [
    { text: change('name: toy', 'seed: -1'), expected: ['out-of-range 1:7'] },
    { text: change('name: toy', 'seed: 4294967296'), expected: ['out-of-range 1:7'] },
    { text: change('[50, 20]', '[50, 0]'), expected: ['out-of-range 6:38'] },
  ],
  'bad-length': [{ text: change('epochs: 4', 'epochs: 4\n  updates: []'), expected: ['bad-length 12:12'] }],
  'not-one-of': [
    { text: change('name: toy', 'engine: onx'), expected: ['not-one-of 1:9'] },
    { text: change('at: [start, 3]', 'at: [strat, 3]'), expected: ['not-one-of 14:42'] },
  ],
  'unread-value': [{ text: change('{ type: mlp, hidden', '{ type: mlp, slope: 0.2, hidden'), expected: ['unread-value 6:25'] }],
  'bad-pattern': [{ text: change('name: toy', 'name: My Toy'), expected: ['bad-pattern 1:7'] }],
  'unknown-component': [
    { text: change('data: points', 'data: pionts'), expected: ['unknown-component 2:7'] },
    { text: change('{ type: mlp,', '{ type: pixel-grid,'), expected: ['unknown-component 6:20'] },
  ],
  'exactly-one': [
    { text: change('epochs: 4', 'epochs: 4\n  steps: 3'), expected: ['exactly-one 12:3'] },
    { text: change('  epochs: 4', '  batchSize: 4'), expected: ['exactly-one 10:1'] },
    { text: change('training:\n  epochs: 4\n', ''), expected: ['exactly-one 1:1'] },
  ],
  'same-name': [
    { text: change('  - reconstruction', '  - beta-kl'), expected: ['same-name 9:5'] },
    { text: change('metrics: [elbo]', 'metrics: [elbo, kl]'), expected: ['same-name 12:17'] },
  ],
  'not-offered': [
    { text: change('  - reconstruction', '  - uses-labels'), expected: ['not-offered 8:5'] },
    // All that is missing is one mistake: another entry must be chosen.
    { text: change('  - reconstruction', '  - uses-labels-and-encoder'), expected: ['not-offered 8:5'] },
  ],
  'no-player': [{ text: change('  - reconstruction', '  - adversarial'), expected: ['no-player 8:5'] }],
  misfit: [
    { text: `${change('latent: 2', 'latent: 20')}  - latent-manifold\n`, expected: ['misfit 17:5'] },
    { text: change('metrics: [elbo], at', 'metrics: [elob], at'), expected: ['misfit 14:29'] },
    { text: `${valid}  - latent-manifold\n`, overrides: ['model.latent=20'], expected: ['misfit 17:5'] },
  ],
  // With more of them: test/runner/sweep/faults.test.ts.
  'bad-sweep': [{ text: `${valid}sweep: { gird: { model.latent: [2] } }\n`, expected: ['bad-sweep 17:10'] }],
  'several-runs': [{ text: `${valid}seeds: 2\n`, expected: ['several-runs 17:1'] }],
  'bad-plugin': [
    { text: `${valid}plugins: [./none.js, fs]\n`, expected: ['bad-plugin 17:11', 'bad-plugin 17:22'] },
    { text: `${change('metrics: [elbo]', 'metrics: [none/elbo]')}plugins: [./none.js]\n`, expected: ['bad-plugin 17:11'] },
  ],
};

describe.each(Object.entries(cases))('%s', (_, rows) => {
  it.each(rows)('$expected', async ({ text, overrides, expected }) => {
    expect(await faultsOf(text, overrides)).toEqual(expected);
  });
});

describe('a guess at a key or a name that is a single slip away', () => {
  it.each([
    ['comes before the same word elsewhere', 'model:\n', 'mode:\n', 'no parameter "mode"; did you mean "model"?'],
    ['is left to the same word elsewhere where it is further away', 'model:\n', 'batchSize: 3\nmodel:\n', '"training.batchSize"?'],
  ])('%s', async (_, from, to, words) => {
    expect((await errorOf(change(from, to))).message.replaceAll(/\s+/g, ' ')).toContain(words);
  });

  it('comes before a component of another kind, which is told as well', async () => {
    const text = 'data: mnist-10k\nmodel: { type: pca, latent: 2 }\nlosses: []\ntraining: { epochs: 1 }\n';
    const error: unknown = await loadText(text, [], createRegistry().all()).catch((reason: unknown) => reason);
    expect(String(error).replaceAll(/\s+/g, ' ')).toContain(
      'no model "pca"; did you mean "ppca"? There is a features "pca", but this is a model. Known models: aae,',
    );
  });
});

describe('what is wrong behind an alias', () => {
  const network = '{ type: mlp, hiden: [50], hidden: [-1] }';
  const both = (encoder: string, decoder: string): string =>
    change('  encoder: { type: mlp, hidden: [50, 20] }', `  encoder: ${encoder}\n  decoder: ${decoder}`);
  const told = (error: ConfigError): readonly (readonly [string, readonly string[]])[] =>
    error.faults.map(({ fault, also = [] }) => [`${fault.code} ${formatPath(fault.path)}`, also.map(formatPath)]);

  it('is told once, where it is written, with the other places', async () => {
    const error = await errorOf(both(`&net ${network}`, '*net'));
    expect(told(error)).toEqual([
      ['unknown-key model.encoder.hiden', ['model.decoder.hiden']],
      ['out-of-range model.encoder.hidden[0]', ['model.decoder.hidden[0]']],
    ]);
    expect(error.message).toContain('It is at model.decoder.hiden as well.');
    expect(error.faults.map(reportFault)).toMatchObject([{ also: ['model.decoder.hiden'] }, { also: ['model.decoder.hidden[0]'] }]);
  });

  it('is told once where the anchor is parked, or merged', async () => {
    const twice = ['unknown-key model.encoder.hiden', 'out-of-range model.encoder.hidden[0]'];
    const parked = `x-net: &net ${network}\n`;
    for (const text of [both('*net', '*net'), both('{ <<: *net }', '{ <<: *net, type: mlp }')])
      expect(told(await errorOf(parked + text)).map(([fault]) => fault)).toEqual(twice);
  });

  it('is told twice where it is written twice, or wrong in different ways', async () => {
    expect(told(await errorOf(both(network, network)))).toHaveLength(4);
    const text = `x-n: &n two\n${valid.replace('latent: 2', 'latent: *n').replace('epochs: 4', 'epochs: *n')}`;
    expect(told(await errorOf(text))).toHaveLength(2);
  });
});

describe('what a model does not offer', () => {
  it('is answered with components that it has everything for', async () => {
    const gan =
      'data: gaussian-1d\nmodel: { type: gan, latent: 2 }\ntraining: { epochs: 1 }\nlosses: [kl]\nmetrics: [elbo]\nplots: [traversals]\n';
    const error: unknown = await loadText(gan, [], createRegistry().all()).catch((reason: unknown) => reason);
    if (!(error instanceof ConfigError)) throw error;
    const fitting = error.faults.flatMap(({ fault }) => (fault.code === 'not-offered' ? [fault.facts.fitting] : []));
    expect(fitting[0]).toEqual(expect.arrayContaining(['gan-non-saturating', 'gradient-penalty']));
    expect(fitting[0]).not.toContain('reconstruction');
    expect(fitting[1]).toEqual(expect.arrayContaining(['frechet-distance', 'gan-value']));
    // Whatever is named there passes.
    for (const loss of fitting[0] ?? []) {
      const text = gan
        .replace('[kl]', `[gan-non-saturating, { type: ${loss}, name: again }]`)
        .replace('[elbo]', '[]')
        .replace('[traversals]', '[]');
      const other: unknown = await loadText(text, [], createRegistry().all()).catch((reason: unknown) => reason);
      const codes = other instanceof ConfigError ? other.faults.map(({ fault }) => fault.code) : [];
      expect(codes.filter((code) => code === 'not-offered' || code === 'no-player')).toEqual([]);
    }
  });
});

describe('files that cannot be read', () => {
  const codeOf = async (file: string): Promise<unknown> => {
    const error: unknown = await loadExperiment(file, { registry }).catch((reason: unknown) => reason);
    return error instanceof ConfigError ? [error.code, error.message.includes('vae-20d.yaml')] : error;
  };

  it('are missing, folders, foreign bytes or too large', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latentlab-'));
    try {
      await writeFile(join(folder, 'vae-20d.yaml'), Buffer.from([0xff, 0xfe, 0x00, 0xd8]));
      await writeFile(join(folder, 'large.yaml'), '#'.repeat(1_000_001));
      expect(await codeOf(join(folder, 'vea-20d.yaml'))).toEqual(['missing-file', true]);
      expect(await codeOf(join(folder, 'none', 'other.yaml'))).toEqual(['missing-file', false]);
      expect(await codeOf(folder)).toEqual(['unreadable-file', false]);
      expect(await codeOf(join(folder, 'vae-20d.yaml'))).toEqual(['unreadable-file', true]);
      expect(await codeOf(join(folder, 'vae-20d.yaml', 'x.yaml'))).toEqual(['unreadable-file', true]);
      expect(await codeOf(join(folder, 'large.yaml'))).toEqual(['too-complex', false]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.skipIf(process.getuid?.() === 0)('are forbidden', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latentlab-'));
    try {
      await writeFile(join(folder, 'vae-20d.yaml'), valid);
      await chmod(join(folder, 'vae-20d.yaml'), 0);
      expect(await codeOf(join(folder, 'vae-20d.yaml'))).toEqual(['unreadable-file', true]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const manyMistakes = `nam: toy
seed: -1
engine: onx
data: { type: points, cuont: 3 }
model:
  type: vae
  latent: 2
  encoder: { type: mpl, hidden: [50, 20] }
  decoder: { type: pixel-grid, grid_width: 3 }
  likelihood: mlp
losses:
  - reconstruction
  - type: beta-kl
    betta: 4
    weight: { type: linear-warmup }
training:
  learning_rate: 1e-3
  epochs: "4"
  steps: 3
  clipping: { norm: 0 }
metrics: elbo
plots:
  - { type: curve, metrics: [], at: [stat, 3.5] }
  - type: samples
    every: { epoch: 10 }
    count: 2
    count: 3
`;
const misfits = `x-network: &network
  type: mlp
  hidden: [50, -1]
data: points
model: { type: vae, latent: 20, encoder: *network }
losses: [reconstruction, reconstruction, uses-labels]
training: { epochs: 4 }
metrics: [elbo, kl]
plots: [latent-manifold]
`;

describe('the words', () => {
  const prose = async (text: string, overrides: readonly string[] = []): Promise<string> =>
    `${(await errorOf(text, overrides)).message.replaceAll(/^\S*toy\.yaml/gm, 'toy.yaml')}\n`;

  it('are those of the golden file for a file of many mistakes', async () => {
    await expectGolden('errors/many-mistakes.txt', await prose(manyMistakes));
  });
  it('are those of the golden file for parts that do not fit together', async () => {
    await expectGolden('errors/misfits.txt', await prose(misfits.replace(', -1', '')));
  });
  it('are those of the golden file for overrides and aliases', async () => {
    await expectGolden(
      'errors/overrides.txt',
      await prose(misfits, ['training.epochs=ten', 'training.epoch=3', 'losses[7].weight=1', 'seed=[']),
    );
  });
  it('are those of the golden file for a file that is no YAML', async () => {
    await expectGolden('errors/syntax.txt', await prose('name: toy\nmodel: { type: vae\ndata: points\n'));
  });
});
