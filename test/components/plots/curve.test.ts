/** Curves: what is drawn of the history, how axes and lines are named, and which metrics there are. */
import { describe, expect, it } from 'vitest';
import curve from '../../../src/components/plots/curve.js';
import { ink } from '../../../src/components/shared/colors.js';
import type { HistoryRow, Picture } from '../../../src/registry/contracts/index.js';
import { readPng } from '../../support/png.js';
import { createTestStudio, dataOf } from '../../support/studio.js';
import { end, facts, start } from './model.js';
import { expectNoComplaints, textsOf } from '../../support/charts.js';

const columns = [
  { name: 'elbo', unit: 'nats', title: 'ELBO' },
  { name: 'kl', unit: 'nats', title: 'KL divergence' },
  { name: 'active-units', unit: '', title: 'Active units' },
  { name: 'active-often', unit: '', title: 'Active units' },
];

const history: readonly HistoryRow[] = Array.from({ length: 21 }, (_, epoch) => ({
  epoch,
  step: epoch * 10,
  'train.elbo': epoch === 0 ? -543 : -100 - 40 / epoch,
  'validation.elbo': epoch === 0 ? -543 : -104 - 40 / epoch,
  'train.kl': epoch,
  'validation.kl': epoch % 2 === 0 ? epoch + 1 : null,
  'train.active-units': 3,
  'validation.active-units': null,
  'train.active-often': 2,
  'validation.active-often': null,
}));

type Values = Parameters<typeof curve.build>[0];
const defaults: Values = { metrics: ['elbo'], splits: ['train', 'validation'], from: 1, lines: [], logScale: false };

const drawAll = async (values: Partial<Values>, rows = history, moment = end): Promise<readonly Picture[]> => {
  const studio = createTestStudio({ data: dataOf([2], []), latent: 2, columns, history: rows });
  return (await curve.build({ ...defaults, ...values }).prepare(studio))(moment);
};
const drawOne = async (...args: Parameters<typeof drawAll>): Promise<{ svg: string; png: Uint8Array; caption: string }> => {
  const [picture] = await drawAll(...args);
  return { svg: picture!.svg!, png: picture!.png, caption: picture!.caption };
};

/** Lines with their number of points, colours and dashes. */
const lines = (svg: string) =>
  [
    ...svg.matchAll(
      /<path aria-label="[^"]*" role="graphics-symbol" aria-roledescription="line mark" d="([^"]*)" stroke="([^"]*)"([^>]*)>/g,
    ),
  ].map(([, path, stroke, rest]) => ({
    numPoints: path!.match(/[ML]/g)!.length,
    stroke,
    isDashed: rest!.includes('stroke-dasharray="7,5"'),
  }));

describe('curve', () => {
  expectNoComplaints();

  it('draws a line for each split, told apart by colour and by dash, with axes, unit and legend', async () => {
    const { svg, png, caption } = await drawOne({});
    expect(lines(svg)).toEqual([
      { numPoints: 20, stroke: '#0072b2', isDashed: false },
      { numPoints: 20, stroke: '#d55e00', isDashed: true },
    ]);
    for (const text of ['ELBO', 'ELBO (nats)', 'Epoch', 'train', 'validation', '−100', '20']) expect(textsOf(svg)).toContain(text);
    expect(caption).toBe('Metrics against epochs, after 20 epochs: ELBO −102.00 nats (train), ELBO −106.00 nats (validation).');
    const picture = readPng(png);
    expect(picture.width).toBeGreaterThan(1300);
    expect(picture.height).toBeGreaterThan(800);
    // The title, in the heading of the picture: without the font there is nothing.
    expect(picture.countDark([0, 0, picture.width, 90])).toBeGreaterThan(200);
    // The vertical axis has its title at the left border, and the picture has a margin.
    expect(picture.countDark([40, 300, 80, 700])).toBeGreaterThan(200);
    expect(picture.countDark([0, 0, 40, picture.height])).toBe(0);
    expect(picture.countDark([0, picture.height - 40, picture.width, picture.height])).toBe(0);
  });

  it('begins at epoch `from`, as soon as there is one', async () => {
    expect(lines((await drawOne({ from: 0 })).svg).map(({ numPoints }) => numPoints)).toEqual([21, 21]);
    expect(lines((await drawOne({ from: 15 })).svg).map(({ numPoints }) => numPoints)).toEqual([6, 6]);
    const { svg, caption } = await drawOne({ from: 15 }, history.slice(0, 1), start);
    expect(textsOf(svg)).toContain('0');
    expect(caption).toBe('Metrics against epochs, before training: ELBO −543.00 nats (train), ELBO −543.00 nats (validation).');
  });

  it('leaves out empty cells, and splits without any figure', async () => {
    const { svg } = await drawOne({ metrics: ['kl'] });
    expect(lines(svg).map(({ numPoints }) => numPoints)).toEqual([20, 10]);
    const { svg: alone } = await drawOne({ metrics: ['active-units'] });
    expect(lines(alone)).toHaveLength(1);
    expect(textsOf(alone)).not.toContain('validation');
    expect(await drawAll({ metrics: ['active-units'], splits: ['validation'] })).toEqual([]);
  });

  it('gives each unit a panel, and each metric of one panel a colour', async () => {
    const { svg } = await drawOne({ metrics: ['elbo', 'active-units', 'kl'] });
    const drawn = lines(svg);
    expect(drawn).toHaveLength(5);
    expect(new Set(drawn.slice(0, 4).map(({ stroke }) => stroke)).size).toBe(2);
    for (const text of ['nats', 'Active units', 'ELBO', 'KL divergence']) expect(textsOf(svg)).toContain(text);
    expect(textsOf(svg).filter((text) => text === 'Epoch')).toHaveLength(2);
  });

  it.each([
    ['with a point for each of few epochs', 12],
    ['without points', 40],
  ])('shows in the legend which stroke each split has, beside the colours of metrics, %s', async (_, count) => {
    const rows = Array.from({ length: count }, (_, i) => ({ ...history[i % history.length], epoch: i }));
    const { svg } = await drawOne({ metrics: ['elbo', 'kl'] }, rows);
    const symbols = [...svg.matchAll(/<path transform="[^"]*" d="M-[^"]*,0L[^"]*,0"([^>]*)>/g)].map(([, rest]) => ({
      stroke: /stroke="([^"]*)"/.exec(rest!)?.[1],
      isDashed: rest!.includes('stroke-dasharray="7,5"'),
    }));
    expect(symbols).toEqual([
      { stroke: '#0072b2', isDashed: false },
      { stroke: '#d55e00', isDashed: false },
      { stroke: ink.label, isDashed: false },
      { stroke: ink.label, isDashed: true },
    ]);
  });

  it('is as wide with many metrics of long names as with one', async () => {
    const names = ['disentangled-on-average', 'samples-among-the-examples', 'examples-among-the-samples', 'copies-of-examples'];
    const rows = history.map((row, i) => ({ ...row, ...Object.fromEntries(names.map((name) => [`discriminator.${name}`, i])) }));
    const one = readPng((await drawOne({})).png);
    const many = readPng((await drawOne({ metrics: names.map((name) => `discriminator.${name}`) }, rows)).png);
    expect(Math.abs(many.width - one.width)).toBeLessThan(0.1 * one.width);
  });

  it('tells metrics of one title apart by their names', async () => {
    const { svg } = await drawOne({ metrics: ['active-units', 'active-often'], splits: ['train'] });
    for (const text of ['Active units, active-units', 'Active units, active-often']) expect(textsOf(svg)).toContain(text);
  });

  it('draws one split alone', async () => {
    const { svg } = await drawOne({ splits: ['validation'] });
    expect(lines(svg)).toHaveLength(1);
    expect(textsOf(svg)).not.toContain('train');
  });

  it.each([
    ['negative values', ['elbo'], ['−100', '−200', '−500']],
    ['positive values', ['kl'], ['1', '5', '20']],
    ['values of both signs', ['elbo', 'kl'], ['−500', '0']],
  ])('has a logarithmic axis for %s', async (_name, metrics, expected) => {
    const { svg } = await drawOne({ metrics, logScale: true, from: metrics[0] === 'kl' ? 1 : 0 });
    for (const text of expected) expect(textsOf(svg)).toContain(text);
    expect(svg).not.toContain('NaN');
  });

  it('refuses metrics that are not measured, with a guess at what was meant', () => {
    const check = (metrics: readonly string[], metricColumns: readonly string[] = ['elbo', 'kl']) =>
      curve.build({ ...defaults, metrics }).check?.(facts({ metricColumns, trainingColumns: ['loss', 'loss.kl'] }));
    expect(check(['elbo', 'kl'])).toBeNull();
    expect(check(['elbo', 'ebo'])).toEqual({
      param: 'metrics[1]',
      message: 'asks for "ebo", which is not measured; did you mean "elbo"?',
      help: 'It measures elbo, kl. Training gives loss, loss.kl. Name one of these columns, or add the metric under metrics.',
    });
    expect(check(['elbo'], [])?.help).toContain('The experiment has no metrics.');
    expect(check(['elbo', 'elbo'])).toMatchObject({ param: 'metrics', message: 'asks for "elbo" twice' });
  });

  it('draws columns of training as one line each, from the first epoch that has them', async () => {
    const rows = history.map((row) => ({ ...row, 'loss.gan': row['epoch'] === 0 ? null : 1.5, 'discriminator.gradient-norm': 3 }));
    const { svg, caption } = await drawOne({ metrics: ['loss.gan'], from: 0 }, rows);
    expect(lines(svg)).toEqual([{ numPoints: 20, stroke: '#0072b2', isDashed: false }]);
    expect(textsOf(svg)).toContain('training');
    expect(caption).toContain('loss.gan 1.50 (training)');
    const { svg: both } = await drawOne({ metrics: ['elbo', 'discriminator.gradient-norm'] }, rows);
    expect(lines(both)).toHaveLength(3);
    expect(textsOf(both).filter((text) => text === 'Epoch')).toHaveLength(2);
  });

  it('knows the columns of training, and guesses at what a misspelt one means', () => {
    const trainingColumns = ['discriminator.loss', 'discriminator.gradient-norm', 'loss.gan', 'loss.kl', 'discriminator.learning-rate'];
    const check = (metric: string) => curve.build({ ...defaults, metrics: [metric] }).check?.(facts({ trainingColumns }));
    for (const name of trainingColumns) expect(check(name)).toBeNull();
    expect(check('loss.kll')?.message).toBe('asks for "loss.kll", which is not measured; did you mean "loss.kl"?');
    expect(check('discriminator.gradient')?.message).toContain('did you mean "discriminator.gradient-norm"?');
    expect(check('generator.loss')?.help).toContain(`Training gives ${trainingColumns.join(', ')}.`);
  });

  it('takes the names of columns of training on trust where a fault hides them, those of other things not', () => {
    const players = ['generator', 'discriminator'];
    const check = (metric: string) =>
      curve.build({ ...defaults, metrics: [metric] }).check?.(facts({ metricColumns: ['elbo'], trainingColumns: null, players }));
    for (const name of ['loss', 'loss.gan', 'learning-rate', 'generator.gradient-norm', 'discriminator-2.loss'])
      expect(check(name)).toBeNull();
    for (const name of ['losses', 'encoder.loss', 'generator', 'generator.elbo', 'train.elbo'])
      expect(check(name)).toMatchObject({ param: 'metrics[0]' });
  });

  it('draws horizontal lines with labels, within the axis', async () => {
    const line = { value: -45, label: 'forty-five', metric: null };
    const { svg, png } = await drawOne({ lines: [line] });
    expect(textsOf(svg)).toContain('forty-five');
    expect(svg.match(/aria-roledescription="rule mark"/g)).toHaveLength(1);
    expect(lines(svg)).toHaveLength(2);
    // The axis ends beyond the line.
    expect(textsOf(svg)).toContain('−40');
    expect(readPng(png).width).toBeGreaterThan(1300);
    const { svg: second } = await drawOne({
      metrics: ['elbo', 'active-units'],
      lines: [{ value: 4, label: 'four', metric: 'active-units' }],
    });
    expect(textsOf(second).indexOf('four')).toBeGreaterThan(textsOf(second).indexOf('ELBO (nats)'));
    expect(textsOf(second).filter((text) => text === 'four')).toHaveLength(1);
  });

  it('refuses a line for a metric that is not drawn', () => {
    const lines = [{ value: 1, label: '', metric: 'kl' }];
    expect(curve.build({ ...defaults, lines }).check?.(facts())).toMatchObject({
      param: 'lines',
      help: expect.stringContaining('elbo') as string,
    });
    expect(curve.build({ ...defaults, metrics: ['kl'], lines }).check?.(facts())).toBeNull();
  });
});
