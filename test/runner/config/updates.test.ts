import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/registry/errors.js';
import { loadExperiment, type LoadedExperiment } from '../../../src/runner/config/load.js';
import { isFrozen, updatesOf } from '../../../src/runner/config/updates.js';
import { createRegistry } from '../../../src/runner/registry.js';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../components/shared/temporary.js';

const folder = temporaryFolder();

const load = async (training: string, losses = '[gan-non-saturating]', data = 'gaussian-ring'): Promise<LoadedExperiment> => {
  const file = join(folder, 'gan.yaml');
  await writeFile(file, `data: ${data}\nmodel: { type: gan, latent: 2 }\nlosses: ${losses}\ntraining:\n  steps: 3\n${training}`);
  return loadExperiment(file, { registry: createRegistry() });
};

const faultsOf = async (...args: Parameters<typeof load>): Promise<readonly string[]> => {
  const error: unknown = await load(...args).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) return [];
  return error.faults.map(
    ({ fault, place }) => `${place.kind === 'file' && place.span ? `${String(place.span.line)}: ` : ''}${JSON.stringify(fault.facts)}`,
  );
};

describe('the update graph', () => {
  it('is the model’s where the experiment has none', async () => {
    const loaded = await load('');
    expect(updatesOf(loaded.built, loaded.experiment).map(({ label, steps, isFresh }) => [label, steps, isFresh])).toEqual([
      ['discriminator', 1, true],
      ['generator', 1, false],
    ]);
  });

  it('takes optimizers, limits and averages from its entries, and the rest from `training`', async () => {
    const loaded = await load(
      `  clipping: { norm: 3 }
  updates:
    - { player: discriminator, steps: 5, optimizer: { type: sgd, learningRate: 0.5 }, weightClipping: 0.01 }
    - { player: [generator], batch: fresh, accumulate: 2, clipping: { value: 1 }, ema: 0.9, weightDecay: 0.1 }
`,
    );
    const [discriminator, generator] = updatesOf(loaded.built, loaded.experiment);
    const progress = { step: 0, stepsPerEpoch: 1, totalSteps: 1 };
    expect(discriminator).toMatchObject({ steps: 5, weightClipping: 0.01, clipping: { norm: 3, value: null }, ema: null });
    expect(discriminator?.optimizer.learningRate.at(progress)).toBe(0.5);
    expect(generator).toMatchObject({ isFresh: true, accumulate: 2, clipping: { norm: null, value: 1 }, ema: 0.9, weightDecay: 0.1 });
    expect(generator?.optimizer.learningRate.at(progress)).toBe(1e-3);
  });

  describe('of a model in which a player has a role', () => {
    const loadAae = async (training = ''): Promise<LoadedExperiment> => {
      const file = join(folder, 'aae.yaml');
      const model = '{ type: aae, latent: 2, likelihood: gaussian }';
      await writeFile(
        file,
        `data: gaussian-ring\nmodel: ${model}\nlosses: [reconstruction, gan-non-saturating]\ntraining:\n  steps: 3\n${training}`,
      );
      return loadExperiment(file, { registry: createRegistry() });
    };
    const partsOf = async (training?: string): Promise<unknown> => {
      const { built, experiment } = await loadAae(training);
      return updatesOf(built, experiment).map(({ label, parts }) => [label, parts.map(({ player, names }) => [player, ...names])]);
    };

    it('leaves the part of a role to the step that names it', async () => {
      expect(await partsOf()).toEqual([
        [
          'encoder+decoder',
          [
            ['encoder', 'encoder'],
            ['decoder', 'decoder'],
          ],
        ],
        ['discriminator', [['discriminator', 'discriminator']]],
        ['generator', [['encoder', 'generator']]],
      ]);
    });

    it('gives it to the player of the role where no step names it', async () => {
      expect(await partsOf('  updates: [{ player: discriminator }, { player: [encoder, decoder] }]\n')).toEqual([
        ['discriminator', [['discriminator', 'discriminator']]],
        [
          'encoder+decoder',
          [
            ['encoder', 'encoder', 'generator'],
            ['decoder', 'decoder'],
          ],
        ],
      ]);
      expect(await partsOf('  updates: [{ player: discriminator }, { player: [decoder, encoder, generator] }]\n')).toMatchObject([
        {},
        [
          'decoder+encoder+generator',
          [
            ['decoder', 'decoder'],
            ['encoder', 'encoder', 'generator'],
          ],
        ],
      ]);
    });

    it('does not let the step of a role stand for those of its player', async () => {
      const error: unknown = await loadAae('  updates: [{ player: discriminator }, { player: decoder }, { player: generator }]\n').catch(
        (thrown: unknown) => thrown,
      );
      expect(error instanceof ConfigError ? error.faults.map(({ fault }) => fault.facts) : []).toMatchObject([
        { message: 'has a player "encoder" that steps in no update' },
      ]);
    });
  });

  it('names the columns of training that plots can ask for', async () => {
    const plots = (metric: string): string => `plots: [{ type: curve, metrics: [${metric}] }]\n`;
    const two = '  updates: [{ player: discriminator }, { player: generator }]\n';
    for (const name of ['discriminator.gradient-norm', 'loss.gan-non-saturating.generator', 'generator.learning-rate'])
      expect(await faultsOf(two + plots(name))).toEqual([]);
    expect(await faultsOf(two + plots('loss.gan-non-saturating'))).toMatchObject([expect.stringContaining('did you mean')]);
    expect(await faultsOf(two + plots('generator.gradient-nrom'))).toMatchObject([
      expect.stringMatching(/^7: .*did you mean \\"generator.gradient-norm\\"/),
    ]);
    // With one update its players do not stand before its columns.
    const one = '  updates: [{ player: [discriminator, generator] }]\n';
    expect(await faultsOf(one + plots('loss'))).toEqual([]);
    expect(await faultsOf(one + plots('generator.loss'))).toHaveLength(1);
    // Where losses have a fault of their own, that alone is told.
    expect(await faultsOf(two + plots('loss.gan'), '[gan]')).toHaveLength(1);
  });

  it.each([
    [
      'a player that the model does not have',
      '  updates:\n    - player: critic\n    - player: generator\n',
      /^7: .*no player \\"critic\\".*generator, discriminator/,
    ],
    ['a player that nothing updates', '  updates:\n    - player: discriminator\n', /\\"generator\\" that steps in no update/],
    [
      'gradients of the same batch that are to be averaged',
      '  updates:\n    - player: discriminator\n    - { player: generator, accumulate: 2 }\n',
      /^8: .*batch: fresh/,
    ],
    ['a frozen player that there is not', '  freeze: [decoder/hidden-0]\n', /^6: .*no player \\"decoder\\" to freeze/],
  ])('says where there is %s', async (_, training, said) => {
    expect((await faultsOf(training)).find((fault) => said.test(fault))).toBeDefined();
  });

  it('says when a player has nothing to minimise', async () => {
    expect((await faultsOf('', '[{ type: r1, weight: 10 }]')).join()).toMatch(/\\"generator\\" with nothing to minimise/);
    expect(await faultsOf('  freeze: [generator]\n', '[{ type: r1, weight: 10 }]')).toEqual([]);
  });

  it('says once, at the losses, that there is none', async () => {
    const [fault, ...others] = await faultsOf('', '[]');
    expect(fault).toMatch(/there is no loss/);
    expect(fault).toMatch(/^3: /);
    expect(others).toEqual([]);
    expect(await faultsOf('  freeze: [generator, discriminator]\n', '[]')).toEqual([]);
  });

  it('tells once of a loss for models of another sort', async () => {
    const faults = await faultsOf('', '[gan-minimax, semi-supervised]');
    expect(faults).toEqual([expect.stringMatching(/"missing":\["class.logits","class.elbo","labels"\]/)]);
  });

  it('freezes what is below a path, and not what begins alike', () => {
    expect([isFrozen(['a/b'], 'a/b'), isFrozen(['a/b'], 'a/b/c'), isFrozen(['a/b'], 'a/bc')]).toEqual([true, true, false]);
  });
});
