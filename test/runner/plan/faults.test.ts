/** Shapes that do not fit are told at the line of the component that gave them, before there is a run. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadExperiment, run } from '../../../src/index.js';
import { writeInto } from '../../components/shared/temporary.js';
import { rejectionOf, temporaryFolder } from '../output/support.js';
import { oddComponents } from './odd-components.js';
import { faultsIn, planText } from './support.js';

/** A line of `lines` stands for that of the same key; one of a new key goes below `model:`. */
const vary = (base: readonly string[], lines: readonly string[]): string => {
  const keyOf = (line: string): string => line.slice(0, line.indexOf(':'));
  const kept = base.map((line) => lines.find((other) => keyOf(other) === keyOf(line)) ?? line);
  const added = lines.filter((line) => !base.some((known) => keyOf(known) === keyOf(line)));
  const inModel = added.filter((line) => line.startsWith('  '));
  return [...kept, ...added.filter((line) => !inModel.includes(line))]
    .flatMap((line) => (line === 'model:' ? [line, ...inModel] : [line]))
    .join('\n');
};

const vae = (...lines: readonly string[]): string =>
  vary(
    [
      'data: { type: mnist-10k }',
      'model:',
      '  type: vae',
      '  latent: 8',
      '  encoder: { type: mlp, hidden: [16] }',
      '  decoder: { type: mlp, hidden: [16] }',
      '  likelihood: bernoulli',
      '  prior: standard-normal',
      'losses: [reconstruction, kl]',
      'training: { epochs: 1, batchSize: 32 }',
      'metrics: [elbo]',
    ],
    lines,
  );

const gan = (...lines: readonly string[]): string =>
  vary(
    [
      'data: { type: mnist-10k }',
      'model:',
      '  type: gan',
      '  latent: 8',
      '  generator: { type: mlp, hidden: [16] }',
      '  discriminator: { type: mlp, hidden: [16] }',
      'losses: [gan-non-saturating]',
      'training: { epochs: 1, batchSize: 32 }',
    ],
    lines,
  );

const large = 'data: { type: mnist-10k, transforms: [{ type: resize, size: 32 }] }';
const monteCarlo = ['losses: [reconstruction, kl-monte-carlo]', 'metrics: []'];

/** [what, experiment, code, line, a part of the message] */
const cases = [
  [
    'a decoder of another size',
    vae(large, '  decoder: small-images'),
    'wrong-shape',
    '  decoder: small-images',
    'decoder "small-images" gives 28x28x1, and the data is 32x32x1',
  ],
  ['an encoder of too few numbers', vae('  encoder: ten'), 'wrong-shape', '  encoder: ten', 'encoder "ten" gives 10, and 16 is asked for'],
  ['an encoder for other data', vae('  encoder: of-hundred'), 'not-computable', '  encoder: of-hundred', '784 is not 100'],
  [
    'a decoder with a variable that nobody trains',
    vae('  decoder: own-variable'),
    'not-computable',
    '  decoder: own-variable',
    'it makes a variable of its own (tf.variable)',
  ],
  [
    'a generator of another size',
    gan(large, '  generator: small-images'),
    'wrong-shape',
    '  generator: small-images',
    'the data is 32x32x1',
  ],
  [
    'a discriminator of images that is given codes',
    vae('  type: factor-vae', '  discriminator: of-images', 'losses: [reconstruction, kl, total-correlation]'),
    'not-computable',
    '  discriminator: of-images',
    'discriminator "of-images" cannot be computed',
  ],
  [
    'features of another size',
    gan('  discriminator: wrong-features'),
    'wrong-shape',
    '  discriminator: wrong-features',
    'gives a features of',
  ],
  ['a likelihood of twice the data', vae('  likelihood: half-mean'), 'wrong-shape', '  likelihood: half-mean', 'a mean of'],
  [
    'a likelihood without an axis for examples',
    vae('  likelihood: one-number'),
    'wrong-shape',
    '  likelihood: one-number',
    'a log-probability of',
  ],
  ['a prior of other codes', vae('  prior: short', ...monteCarlo), 'wrong-shape', '  prior: short', 'prior "short" gives'],
  ['a latent of other codes', gan('  latent: short'), 'wrong-shape', '  latent: short', 'gives a sample of 7, and 8 is asked for'],
  [
    'a loss that is no number',
    vae('losses: [reconstruction, per-example]'),
    'wrong-shape',
    'losses: [reconstruction, per-example]',
    '32, and one number',
  ],
  [
    'a loss of what does not fit',
    vae('losses: [reconstruction, crooked]'),
    'not-computable',
    'losses: [reconstruction, crooked]',
    'loss "crooked"',
  ],
  [
    'a loss that reads values',
    vae('losses: [reconstruction, kl, reads-values]'),
    'not-computable',
    'losses: [reconstruction, kl, reads-values]',
    "a tensor's value was read",
  ],
  [
    'a decoder with noise of its own',
    vae('  decoder: own-noise', 'plots: [samples]'),
    'not-computable',
    '  decoder: own-noise',
    'decoder "own-noise" cannot be computed: a constant of the step changes from call to call',
  ],
  [
    'a loss with a draw of JavaScript',
    vae('losses: [reconstruction, kl, own-weight]'),
    'not-computable',
    'losses: [reconstruction, kl, own-weight]',
    'loss "own-weight"',
  ],
  [
    'a loss that fills with a draw of JavaScript',
    vae('losses: [reconstruction, kl, own-fill]'),
    'not-computable',
    'losses: [reconstruction, kl, own-fill]',
    'loss "own-fill" cannot be computed: a constant of the step changes from call to call',
  ],
  [
    'a prior with samples of its own',
    vae('  prior: own-samples', 'plots: [samples]', ...monteCarlo),
    'not-computable',
    '  prior: own-samples',
    'prior "own-samples"',
  ],
  ['a metric of what does not fit', vae('metrics: [elbo, crooked]'), 'not-computable', 'metrics: [elbo, crooked]', 'metric "crooked"'],
  [
    'a plot of codes of another size',
    vae('plots: [odd-codes]'),
    'not-computable',
    'plots: [odd-codes]',
    'plot "odd-codes" cannot be computed',
  ],
  [
    'an optimizer that changes the shape',
    vae('training: { epochs: 1, batchSize: 32, optimizer: flat }'),
    'wrong-shape',
    'training: { epochs: 1, batchSize: 32, optimizer: flat }',
    'optimizer "flat"',
  ],
  ['convolutions of points', gan('data: gaussian-ring', '  discriminator: dcgan'), 'misfit', '  discriminator: dcgan', 'convolves images'],
  ['a loss that does not reach a player', vae('losses: [kl]'), 'no-gradient', 'losses: [kl]', 'no loss depends on decoder "mlp"'],
  [
    'a variable that nothing uses',
    vae('  decoder: unused-variable'),
    'no-gradient',
    '  decoder: unused-variable',
    'no loss depends on "decoder/forgotten" of decoder "unused-variable"',
  ],
] as const;

describe('a plan tells', () => {
  it.each(cases)('%s at its line, and nothing else', async (_, yaml, code, line, part) => {
    const faults = await faultsIn(yaml, oddComponents);
    expect(faults).toEqual([expect.objectContaining({ code, line: line.trim() })]);
    expect(faults[0]?.message.replaceAll(/\n {2}(?=\S)/g, ' ')).toContain(part);
  });

  it('faults of several components in one pass', async () => {
    const faults = await faultsIn(vae('  decoder: unused-variable', 'metrics: [elbo, crooked]', 'plots: [odd-codes]'), oddComponents);
    expect(faults.map(({ path }) => path)).toEqual(['model.decoder', 'metrics.1', 'plots.0']);
  });

  it('nothing of a loss that reads values where the engine can run it, but that it was not followed', async () => {
    const { notes, cost } = await planText(vae('engine: cpu', 'losses: [reconstruction, kl, reads-values]'), oddComponents);
    expect(notes.join()).toContain("a tensor's value was read");
    expect(cost).toBeNull();
  });

  it('nothing of noise of its own where the engine draws it anew, but that it was not followed', async () => {
    const { notes } = await planText(vae('engine: cpu', '  decoder: own-noise'), oddComponents);
    expect(notes.join()).toContain('changes from call to call');
  });

  it('nothing of convolutions on images of odd sizes, which they take', async () => {
    const odd = 'data: { type: mnist-10k, transforms: [{ type: crop, size: [27, 23] }] }';
    const net = (kind: string): string => `  ${kind}: { type: dcgan, filters: [4, 8], hidden: [8] }`;
    const { players } = await planText(gan(odd, net('generator'), net('discriminator')));
    expect(players[0]?.layers.at(-1)).toMatchObject({ path: 'generator/convolution-1', output: [27, 23, 1] });
  });
});

describe('a run', () => {
  it.each(cases.filter(([, , code]) => code !== 'misfit').slice(0, 4))('with %s fails before there is a folder', async (_, yaml, code) => {
    const folder = temporaryFolder();
    const experiment = await loadExperiment(writeInto(folder, 'run.yaml', yaml), { components: oddComponents });
    const results = join(folder, 'results');
    expect(await rejectionOf(run(experiment, { results }))).toMatchObject({ code });
    expect(existsSync(results)).toBe(false);
  });

  it('with a decoder that draws noise of its own fails before there is a folder', async () => {
    const folder = temporaryFolder();
    const experiment = await loadExperiment(writeInto(folder, 'run.yaml', vae('  decoder: own-noise')), { components: oddComponents });
    const results = join(folder, 'results');
    expect(await rejectionOf(run(experiment, { results }))).toMatchObject({ code: 'not-computable' });
    expect(existsSync(results)).toBe(false);
  });

  it('is told of everything as one ConfigError', async () => {
    const folder = temporaryFolder();
    const yaml = vae('  decoder: unused-variable', 'plots: [odd-codes]');
    const experiment = await loadExperiment(writeInto(folder, 'run.yaml', yaml), { components: oddComponents });
    const error = await rejectionOf(run(experiment, { results: join(folder, 'results') }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(/model\.decoder[^]*plots\[0\]/);
  });
});
