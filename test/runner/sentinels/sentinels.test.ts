/**
 * Sentinels in whole runs: each sees the illness that it is there for, warns or stops, and is silent on healthy ones
 * (test/smoke/golden.test.ts looks at those of the smoke configs).
 */
import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/runner/output/progress.js';
import type { RunRecord } from '../../../src/runner/output/record.js';
import { loadSmoke } from '../../support/smoke.js';
import { rejectionOf, temporaryFolder } from '../output/support.js';
import { columnsOf, eventsOf, onlyRun, startRun } from '../small-run.js';

interface Watched {
  readonly record: RunRecord;
  readonly folder: string;
  readonly notes: readonly string[];
}

const watch = async (name: string, ...overrides: readonly string[]): Promise<Watched> => {
  const folder = temporaryFolder();
  const notes: string[] = [];
  const experiment = await loadSmoke(name, folder, ['plots=[]', ...overrides]);
  const result = await startRun({ experiment, folder, progress: { ...silentProgress, note: (line) => notes.push(line) } });
  return { record: result.record, folder: result.folder, notes: notes.filter((line) => line.startsWith('warning')) };
};
const fail = async (name: string, ...overrides: readonly string[]): Promise<unknown> => rejectionOf(watch(name, ...overrides));

const ring = [
  'data={ type: gaussian-ring, examples: 3200 }',
  'classifier=null',
  'metrics=[modes]',
  'training={ epochs: 12, batchSize: 64, optimizer: { type: adam, learningRate: 1e-3, beta1: 0 } }',
];
const digits = [
  'data={ type: mnist-10k, binarization: static, limit: { train: 4000, validation: 100, test: 100 } }',
  'metrics=[]',
  'training.batchSize=20',
];
/** Ways to fall ill: the sentinel, the config, and what makes it so. */
const illnesses: Readonly<Record<string, readonly [config: string, ...overrides: readonly string[]]>> = {
  // A generator that never learns, against a discriminator that has all the time it wants.
  saturatedDiscriminator: [
    'gan',
    ...ring,
    'training.freeze=[generator]',
    'data.radius=20',
    'data.modes=1',
    'training.optimizer.learningRate=1e-2',
    'training.epochs=20',
  ],
  // A generator that is all but nothing, and stays so: all codes give one point.
  modeCollapse: [
    'gan',
    ...ring,
    'training.optimizer={ type: sgd, learningRate: 1e-9 }',
    'model.generator={ type: mlp, hidden: [], initializer: small-normal }',
  ],
  // A bound that charges a hundredfold for every nat that the codes carry.
  posteriorCollapse: ['vae-mlp', ...digits, 'losses=[reconstruction, { type: kl, weight: 100 }]', 'training.epochs=6'],
};

describe.each(Object.entries(illnesses))('the sentinel %s', (sentinel, [config, ...overrides]) => {
  it('warns once, on the display, in the events and in the record', async () => {
    const { record, folder, notes } = await watch(config, ...overrides);
    expect(record.status).toBe('done');
    const own = record.warnings.filter((warning) => warning.sentinel === sentinel);
    expect(own).toHaveLength(1);
    expect(own[0]?.message).toMatch(/^.+\n {2}[A-Z].*\.$/);
    expect(notes).toContain(`warning: after step ${String(own[0]?.step)}, ${own[0]?.message ?? ''}`);
    expect(await eventsOf(folder)).toContain('warning');
  });

  it('stops the run where it is told to, and says nothing where it is told that', async () => {
    const error = await fail(config, ...overrides, `sentinels.${sentinel}=stop`);
    expect(error).toMatchObject({ code: 'sentinel', facts: { sentinel } });
    expect(String(error)).toMatch(new RegExp(`stopped by the sentinel ${sentinel} in epoch \\d+, after step \\d+: .+\\n {2}[A-Z].*\\.$`));
    const { record } = await watch(config, ...overrides, `sentinels.${sentinel}=ignore`);
    expect(record.warnings.map((warning) => warning.sentinel)).not.toContain(sentinel);
  });
});

describe('the sentinel explodingGradients', () => {
  it('sees gradients that become a hundred times as large', async () => {
    // A learning rate that grows a thousandfold sends the weights to where gradients are large.
    const { record } = await watch(
      'vae-mlp',
      ...digits,
      'training.epochs=2',
      'training.optimizer={ type: adam, learningRate: { type: step, from: 1e-4, factor: 3e4, steps: 300 } }',
      'sentinels={ nonFinite: warn, divergence: ignore }',
    );
    expect(record.warnings.map(({ sentinel }) => sentinel)).toContain('explodingGradients');
  });
});

describe('the sentinel divergence', () => {
  const sick = ['training.optimizer.learningRate=1e6', 'training.epochs=4', 'metrics=[]'];

  it('stops a run whose loss is finite and beyond all bounds, unless it is told otherwise', async () => {
    const error = await fail('vae-mlp', ...sick);
    expect(error).toMatchObject({ code: 'sentinel', facts: { sentinel: 'divergence', step: 6 } });
    expect(String(error)).toMatch(/loss was above .* in 5 steps in a row, .* it began at 5\d\d\n {2}Try a smaller learning rate/);
    const warned = await watch('vae-mlp', ...sick, 'sentinels={ divergence: warn, explodingGradients: ignore }');
    expect(warned.record.warnings.map(({ sentinel }) => sentinel)).toEqual(['divergence']);
    const ignored = await watch('vae-mlp', ...sick, 'sentinels={ divergence: ignore, explodingGradients: ignore }');
    expect([ignored.record.status, ignored.notes]).toEqual(['done', []]);
  });
});

describe('the sentinel nonFinite', () => {
  const sick = 'training.optimizer={ type: sgd, learningRate: 1e30 }';

  it('stops the run with the step, the term and the layer where it began', async () => {
    const error = await fail('vae-mlp', sick);
    expect(error).toMatchObject({ code: 'non-finite-loss', facts: { step: 2 } });
    expect(String(error)).toMatch(
      /loss\.reconstruction became NaN in step 2 of .*; it began with \w+, at or behind \w+\/[\w/-]+, in loss reconstruction, of values up to/,
    );
  });

  it('leaves such steps out where it is to warn, and writes empty cells', async () => {
    const { record, folder, notes } = await watch('vae-mlp', sick, 'sentinels.nonFinite=warn');
    expect(record.status).toBe('done');
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('such steps are left out');
    expect((await columnsOf(folder)).get('loss')?.at(-1)).toBe('');
  });

  it('goes on without a word where it is to be ignored', async () => {
    const { record, notes } = await watch('vae-mlp', sick, 'sentinels.nonFinite=ignore');
    expect([record.status, notes]).toEqual(['done', []]);
  });

  it('is recorded with the run that it stopped', async () => {
    const folder = temporaryFolder();
    const experiment = await loadSmoke('vae-mlp', folder, [sick]);
    await rejectionOf(startRun({ experiment, folder }));
    const { record } = await onlyRun(folder);
    expect(record).toMatchObject({ status: 'failed', error: { code: 'non-finite-loss' } });
    expect(record.error?.message).toContain('it began with');
  });
});

describe('sentinels', () => {
  it('are silent on a GAN that covers eight modes and on a VAE that learns digits', async () => {
    const gan = await watch(
      'gan',
      ...ring.slice(0, 3),
      'training={ epochs: 12, batchSize: 128, optimizer: { type: adam, learningRate: 1e-3, beta1: 0 } }',
      'data.examples=12800',
      'model.generator.hidden=[64, 64]',
      'model.discriminator={ type: mlp, hidden: [64, 64], activation: relu }',
    );
    expect(gan.record.warnings).toEqual([]);
    const vae = await watch('vae-mlp', ...digits, 'training.epochs=6');
    expect(vae.record.warnings).toEqual([]);
  }, 180_000);
});
