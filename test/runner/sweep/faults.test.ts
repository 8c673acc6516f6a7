/** What is wrong with a sweep, and where: at the line of the value, once, with the runs that have it where not all do. */
import { describe, expect, it } from 'vitest';
import { Registry } from '../../../src/registry/registry.js';
import type { LoadedExperiment } from '../../../src/runner/config/load.js';
import { nameOfRun, visitRuns } from '../../../src/runner/sweep/runs.js';
import { writeInto } from '../../components/shared/temporary.js';
import { toyComponents } from '../../registry/toy-components.js';
import { valid } from '../config/load-text.js';
import { temporaryFolder } from '../output/support.js';
import { runsOf, sweepFaults, visit } from './sweep-text.js';

const messageOf = async (sweep: string, overrides: readonly string[] = []): Promise<string> =>
  ((await visit(sweep, () => null, overrides)).error?.message ?? '').replaceAll(/^\S*toy\.yaml/gm, 'toy.yaml');

describe('the shape of a sweep', () => {
  // Each is in line 17: `sweep: { ... }`.
  it.each([
    ['no map', 'sweep: [1]', ['bad-sweep 17:8']],
    ['an unknown part', 'sweep: { gird: { model.latent: [2] } }', ['bad-sweep 17:10']],
    ['no axis', 'sweep: { grid: {} }', ['bad-sweep 17:10']],
    ['filters alone', 'sweep: { exclude: [{ model.latent: 2 }] }', ['bad-sweep 17:1']],
    ['a value in place of a list', 'sweep: { grid: { model.latent: 2 } }', ['bad-sweep 17:32']],
    ['an empty list', 'sweep: { grid: { model.latent: [] } }', ['bad-sweep 17:32']],
    ['no named value', 'sweep: { grid: { model.latent: { values: {} } } }', ['bad-sweep 17:42']],
    ['a name without letters', 'sweep: { grid: { model.latent: { values: { "-": 2 } } } }', ['bad-sweep 17:44']],
    ['names that are one', 'sweep: { grid: { model.latent: { values: { Wide: 2, wide: 3 } } } }', ['bad-sweep 17:53']],
    ['entries of one name', 'sweep: { list: [{ name: a, model.latent: 2 }, { name: A, model.latent: 3 }] }', ['bad-sweep 17:47']],
    ['a map without values', 'sweep: { grid: { lr: { path: model.latent } } }', ['bad-sweep 17:18']],
    ['an unknown key of an axis', 'sweep: { grid: { lr: { path: model.latent, vals: [2], values: [2] } } }', ['bad-sweep 17:44']],
    ['a double value', 'sweep: { grid: { model.latent: [2, 3, 2] } }', ['bad-sweep 17:39']],
    [
      'a double component, with its keys in another order',
      'sweep: { grid: { model.encoder: [{ type: mlp, hidden: [3] }, { hidden: [3], type: mlp }] } }',
      ['bad-sweep 17:62'],
    ],
    ['axes at one path', 'sweep: { grid: { model.latent: [2], l: { path: model.latent, values: [3] } } }', ['bad-sweep 17:37']],
    [
      'axes of one name',
      'sweep: { grid: { l: { path: model.latent, values: [3] } }, zip: { l: { path: seed, values: [3] } } }',
      ['bad-sweep 17:67'],
    ],
    ['a zip of unequal lengths', 'sweep: { zip: { model.latent: [2, 3], training.epochs: [1, 2, 3] } }', ['bad-sweep 17:39']],
    ['no list', 'sweep: { list: {} }', ['bad-sweep 17:16']],
    ['an empty entry', 'sweep: { list: [{ model.latent: 2 }, {}] }', ['bad-sweep 17:38']],
    ['a double entry', 'sweep: { list: [{ name: a, model.latent: 2 }, { name: b, model.latent: 2 }] }', ['bad-sweep 17:47']],
    ['what is no path', 'sweep: { grid: { "model latent": [2] } }', ['bad-sweep 17:18']],
    ['a name that is none', 'sweep: { grid: { "l r": { path: model.latent, values: [2] } } }', ['bad-sweep 17:18']],
    ['a name that compare has already', 'sweep: { grid: { status: { path: model.latent, values: [2] } } }', ['bad-sweep 17:18']],
    ['the name of the experiment', 'sweep: { grid: { name: [a, b] } }', ['bad-sweep 17:18']],
    ['plug-ins', 'sweep: { grid: { "plugins[0]": [./a.js] } }', ['bad-sweep 17:18']],
    ['seeds twice', 'seeds: 2\nsweep: { grid: { seed: [1, 2] } }', ['bad-sweep 17:1']],
    ['no seeds', 'seeds: 0', ['bad-sweep 17:8']],
    ['half a seed', 'seeds: 2.5', ['bad-sweep 17:8']],
    ['an empty list of seeds', 'seeds: []', ['bad-sweep 17:8']],
    ['a double seed', 'seeds: [1, 2, 1]', ['bad-sweep 17:15']],
    ['far too many seeds', 'seeds: 1e12', ['bad-sweep 17:8']],
    ['too many combinations', 'seeds: 5000\nsweep: { grid: { model.latent: [1, 2, 3] } }', ['bad-sweep 18:1']],
  ])('may not be %s', async (_, sweep, expected) => {
    expect(await sweepFaults(`${sweep}\n`)).toEqual(expected);
  });

  it.each([
    ['no count', 'axes: { model.latent: { type: int, min: 1, max: 2 } }', '17:10'],
    ['a count of nothing', 'count: 0, axes: { model.latent: { type: int, min: 1, max: 2 } }', '17:27'],
    ['a huge count', 'count: 1e9, axes: { model.latent: { type: int, min: 1, max: 2 } }', '17:27'],
    ['a negative seed', 'count: 1, seed: -1, axes: { model.latent: { type: int, min: 1, max: 2 } }', '17:36'],
    ['no axes', 'count: 1', '17:10'],
    ['no type', 'count: 1, axes: { model.latent: { min: 1, max: 2 } }', '17:38'],
    ['an unknown type', 'count: 1, axes: { model.latent: { type: normal, min: 1 } }', '17:60'],
    ['no range', 'count: 1, axes: { model.latent: { type: int, min: 1 } }', '17:38'],
    ['a range of one', 'count: 1, axes: { model.latent: { type: int, min: 1, max: 1 } }', '17:78'],
    ['a range the wrong way round', 'count: 1, axes: { model.latent: { type: uniform, min: 2, max: 1 } }', '17:82'],
    ['a range from nowhere', 'count: 1, axes: { model.latent: { type: uniform, min: .nan, max: 1 } }', '17:74'],
    ['a range to infinity', 'count: 1, axes: { model.latent: { type: uniform, min: 0, max: .inf } }', '17:82'],
    ['logarithms from 0', 'count: 1, axes: { model.latent: { type: log-uniform, min: 0, max: 1 } }', '17:78'],
    ['half a whole number', 'count: 1, axes: { model.latent: { type: int, min: 0.5, max: 2 } }', '17:70'],
    ['choices in a range', 'count: 1, axes: { model.latent: { type: int, min: 1, max: 2, values: [1] } }', '17:81'],
    ['no choices', 'count: 1, axes: { model.latent: { type: choice } }', '17:38'],
    ['an empty choice', 'count: 1, axes: { model.latent: { type: choice, values: [] } }', '17:76'],
    ['more runs than there are', 'count: 3, axes: { model.latent: { type: int, min: 1, max: 2 } }', '17:27'],
  ])('may not be random with %s', async (_, random, place) => {
    expect(await sweepFaults(`sweep: { random: { ${random} } }\n`)).toEqual([`bad-sweep ${place}`]);
  });

  const grid = 'grid: { model.latent: [2, 3], net: { path: model.encoder, values: [mlp, linear] } }';
  it.each([
    ['no list', 'exclude: { model.latent: 2 }', 'a list of maps'],
    ['an empty filter', 'exclude: [{}]', 'a map of axes and values'],
    ['an unknown axis', 'exclude: [{ model.latnet: 2 }]', 'did you mean "model.latent"?'],
    ['the path of a named axis', 'include: [{ model.encodr: mlp }]', 'It has model.latent, net.'],
    ['a value that is never there', 'exclude: [{ model.latent: 4 }]', 'is never 4'],
    ['one of several', 'exclude: [{ model.latent: [2, 4] }]', 'is never 4'],
    ['a misspelt value', 'exclude: [{ net: liner }]', 'did you mean "linear"?'],
    ['a combination that another filter has taken away', 'include: [{ model.latent: 2 }], exclude: [{ model.latent: 2 }]', 'leave no run'],
  ])('may not be filtered by %s', async (_, filters, words) => {
    expect(await sweepFaults(`sweep: { ${grid}, ${filters} }\n`)).toHaveLength(1);
    expect(await messageOf(`sweep: { ${grid}, ${filters} }\n`)).toContain(words);
  });
});

describe('what a sweep sets', () => {
  it('is told at the path where the path is wrong, once', async () => {
    const text = 'seeds: 3\nsweep:\n  grid:\n    model.latnet: [2, 3]\n    lr: { path: training.optimzer.learningRate, values: [1, 2] }\n';
    expect(await sweepFaults(text)).toEqual(['unknown-key 20:5', 'unknown-key 21:17']);
    expect(await messageOf(text)).toContain('did you mean "latent"?');
    expect(await messageOf(text)).toContain('did you mean "optimizer"?');
    expect(await messageOf(text)).not.toContain(' runs:');
  });

  it('is told at the path where it leads nowhere', async () => {
    expect(await sweepFaults('sweep: { grid: { "losses[2].weight": [1, 2] } }\n')).toEqual(['bad-sweep 17:18']);
    expect(await messageOf('sweep: { grid: { losses.kl: [1] } }\n')).toContain('losses is a list: say which entry, such as losses[0]');
    expect(await sweepFaults('sweep: { grid: { x-a: [1, 2] } }\n')).toEqual(['bad-sweep 17:18']);
  });

  it('is told at the value where the value is wrong, with the runs that have it', async () => {
    const text = 'seeds: 2\nsweep:\n  grid:\n    model.latent: [2, 0]\n    model.encoder: [mlp, mpl, { type: mlp, hiden: [3] }]\n';
    expect(await sweepFaults(text)).toEqual(['out-of-range 20:23', 'unknown-component 21:26', 'unknown-key 21:44']);
    const message = await messageOf(text);
    expect(message).toContain('In 6 of 12 runs: toy-latent-0-encoder-mlp-seed-0,');
    expect(message).toContain('In 4 of 12 runs: toy-latent-2-encoder-mpl-seed-0,');
    expect(message).toContain('did you mean "hidden"?');
  });

  it('is told where values do not fit together, in those runs alone', async () => {
    const text = 'sweep:\n  grid:\n    model.encoder: [mlp, linear]\n    model.encoder.hidden: [[3], [4]]\n';
    expect(await sweepFaults(text)).toEqual(['unknown-key 20:5']);
    expect(await messageOf(text)).toContain('In 2 of 4 runs: toy-encoder-linear-hidden-3, toy-encoder-linear-hidden-4.');
    expect(await sweepFaults(`${text}  exclude: [{ model.encoder: linear }]\n`)).toEqual([]);
  });

  it('is told in draws, too', async () => {
    const text = 'sweep:\n  random:\n    count: 9\n    axes:\n      model.latent: { type: uniform, min: 1, max: 9 }\n';
    expect(await sweepFaults(text)).toSatisfy((faults: readonly string[]) => faults.every((fault) => fault === 'wrong-type 21:21'));
  });

  it('may not come to the same run twice', async () => {
    expect(await sweepFaults('sweep: { grid: { model.encoder: [mlp, { type: mlp }] } }\n')).toEqual(['bad-sweep 17:39']);
    expect(await sweepFaults('sweep: { grid: { description: [a, b] } }\n')).toEqual(['bad-sweep 17:35']);
  });
});

describe('beside a sweep', () => {
  it('faults of the file are told as well, and once', async () => {
    expect(await sweepFaults('seeds: 40\nclassifer: 3\n')).toEqual(['unknown-key 18:1']);
    expect(await sweepFaults('sweep: { gird: 1 }\nclassifer: 3\n')).toEqual(['bad-sweep 17:10', 'unknown-key 18:1']);
    expect((await sweepFaults('sweep: { gird: { model.latent: [1] } }\n', ['model.latent=0'])).toSorted()).toEqual([
      'bad-sweep 17:10',
      'out-of-range --set model.latent=0',
    ]);
  });

  it('a mistyped key may mean it', async () => {
    expect(await messageOf('sweeep: { grid: { model.latent: [1] } }\n')).toContain('did you mean "sweep"?');
    expect(await messageOf('seedds: 3\n')).toContain('did you mean "seeds"?');
  });

  it('--set may not set what an axis sets: it would do nothing', async () => {
    const sweep = 'sweep: { grid: { model.encoder: [mlp, linear] } }\n';
    for (const argument of ['model.encoder=linear', 'model.encoder.hidden=[3]'])
      expect(await sweepFaults(sweep, [argument])).toEqual([`bad-sweep --set ${argument}`]);
    expect(await sweepFaults('sweep: { grid: { model.encoder.hidden: [[3], [4]] } }\n', ['model.encoder=mlp'])).toEqual([]);
    expect(await sweepFaults('seeds: 2\n', ['seed=4'])).toEqual(['bad-sweep --set seed=4']);
  });

  it.each([
    ['grid: { model.latent: [1, 2], "losses[1]": [beta-kl] }', 'model.latent=3', '--set sweep.grid.model.latent=[...]'],
    ['zip: { "losses[1].weight": { values: [1, 2] } }', 'losses[1].weight=3', '--set sweep.zip.losses[1].weight.values=[...]'],
    ['grid: { z: { path: model.latent, values: { a: 1, b: 2 } } }', 'model.latent=3', '--set sweep.grid.z.values=[...]'],
    ['list: [{ model.latent: 1 }, { model.latent: 2 }]', 'model.latent=3', '--set sweep.list[1].model.latent=...'],
    ['list: [{ name: a, model.latent: 1 }, { name: b }]', 'model.latent=3', 'Change the sweep instead'],
  ])('%s: --set %s says what to write instead', async (sweep, argument, instead) => {
    const { error } = await visit(`sweep: { ${sweep} }\n`, () => null, [argument]);
    expect(error?.message.replaceAll(/\s+/g, ' ')).toContain(instead);
  });

  it('what a fault about --set says to write instead does what it says', async () => {
    const latent = ({ experiment }: LoadedExperiment): unknown => experiment.model['latent'];
    const grid = 'sweep: { grid: { model.latent: [1, 2], z: { path: seed, values: [1] } } }\n';
    expect(await runsOf(grid, latent, ['sweep.grid.model.latent=[3, 4, 5]'])).toEqual([3, 4, 5]);
    expect(await runsOf(grid, latent, ['sweep.grid.model.latent[+]=7', 'sweep.grid.z.values=[8, 9]'])).toEqual([1, 1, 2, 2, 7, 7]);
    const list = 'sweep: { list: [{ model.latent: 1 }, { model.latent: 2 }] }\n';
    expect(await runsOf(list, latent, ['sweep.list[1].model.latent=6'])).toEqual([1, 6]);
    const random = 'sweep: { random: { count: 2, axes: { model.latent: { type: int, min: 1, max: 9 } } } }\n';
    expect(await runsOf(random, latent, ['sweep.random.axes.model.latent.min=8'])).toHaveLength(2);
    // A name is not mistaken for the beginning of a path.
    const both = 'sweep: { grid: { model: { path: seed, values: [1] }, model.latent: [1, 2] } }\n';
    expect(await runsOf(both, latent, ['sweep.grid.model.latent=[3]', 'sweep.grid.model.values=[1, 2]'])).toEqual([3, 3]);
  });

  it('an axis can be added in quotes, and taken away', async () => {
    const sizes = await runsOf('sweep: { grid: { model.latent: [1, 2] } }\n', ({ experiment }) => experiment.training.batchSize, [
      'sweep.grid["training.batchSize"]=[8, 16]',
    ]);
    expect(sizes).toEqual([8, 16, 8, 16]);
    const file = writeInto(temporaryFolder(), 'toy.yaml', `${valid}sweep: { grid: { model.latent: [1, 2], seed: [1, 2] } }\n`);
    const { results, error } = await visitRuns(
      file,
      { registry: new Registry(toyComponents), removals: ['sweep.grid.model.latent'] },
      nameOfRun,
    );
    expect([error, results]).toEqual([null, ['toy-seed-1', 'toy-seed-2']]);
  });

  it('what an axis puts others in the place of is told where it is wrong, once, beside what is wrong with the runs', async () => {
    const base = valid.replace('latent: 2', 'latent: ten').replace('type: mlp, hidden: [50, 20]', 'type: mpl, hidden: [50, 20]');
    const sweep = 'sweep: { grid: { model.latent: [1, 0], model.encoder: [mlp, linear] } }\n';
    const { error } = await visit(sweep, () => null, [], base);
    const told = (error?.faults ?? []).map(({ fault, place, runs }) => [
      fault.code,
      place.kind === 'file' ? place.span?.line : null,
      runs?.names.length ?? null,
    ]);
    expect(told.toSorted()).toEqual([
      ['out-of-range', 17, 2],
      ['unknown-component', 6, null],
      ['wrong-type', 5, null],
    ]);
    const entries = 'sweep: { list: [{ model.latent: 3 }, { seed: 4 }] }\n';
    const { error: ofSome } = await visit(entries, () => null, [], valid.replace('latent: 2', 'latent: ten'));
    expect(ofSome?.faults.map(({ fault, runs }) => [fault.code, runs?.names.length])).toEqual([['wrong-type', 1]]);
  });

  it('what an axis sets need not be in the file', async () => {
    const { error } = await visit('sweep: { grid: { model.latent: [1, 2] } }\n', () => null, [], valid.replace('  latent: 2\n', ''));
    expect(error).toBeNull();
  });
});
