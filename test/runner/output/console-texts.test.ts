import { describe, expect, it } from 'vitest';
import { endLines, epochLine, formatDuration, formatFigure, headline, startLines } from '../../../src/runner/output/console-texts.js';
import { ended, picture, row, started } from './console-facts.js';

describe('figures', () => {
  it.each([
    [-103.21456, '-103.21'],
    [0.0012345678, '0.0012346'],
    [65536, '65536'],
    [1_234_567.8, '1234568'],
    [1e-9, '1e-9'],
    [1e20, '100000000000000000000'],
    [1e30, '1e+30'],
    [0, '0'],
    [NaN, '-'],
    [Infinity, '-'],
    [null, '-'],
  ])('%s is shown as %s', (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });

  it.each([
    [0, '0:00'],
    [9.4, '0:09'],
    [59.6, '1:00'],
    [725, '12:05'],
    [3723, '1:02:03'],
    [null, '-'],
    [Infinity, '-'],
  ])('%s seconds are shown as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('the lines', () => {
  it('say what starts', () => {
    expect(startLines(started)).toEqual([
      'vae-20d: 1,234,567 parameters on the onnx engine',
      '  data    MNIST, one static Bernoulli sample',
      '  steps   1,000, 4 epochs of 250',
      '  folder  results/vae-20d/20261123-061902-a1b2',
    ]);
  });

  it('show the bound of both splits after an epoch, or else the loss and the first metric', () => {
    expect(epochLine(started, row)).toBe('epoch 1/4  train.elbo -140.99  validation.elbo -142.5');
    expect(epochLine(started, { ...row, 'validation.elbo': null })).toBe('epoch 1/4  train.elbo -140.99');
    expect(epochLine(started, { epoch: 1, loss: 1.5, 'train.fid': 20, 'validation.fid': 30 })).toBe(
      'epoch 1/4  loss 1.5  train.fid 20  validation.fid 30',
    );
    expect(epochLine(started, { epoch: 0, loss: null })).toBe('epoch 0/4');
  });

  it('put one figure beside a bar', () => {
    expect(headline(null, 3.5)).toBe('loss 3.5');
    expect(headline(row, 3.5)).toBe('elbo -142.5');
    expect(headline({ 'train.elbo': -5, 'validation.elbo': null }, 3.5)).toBe('elbo -5');
  });

  it('end with figures, pictures and the folder', () => {
    expect(endLines(ended, started.folder)).toEqual([
      'vae-20d: done after 4 epochs, 1,000 steps, 1:52',
      '                     train  validation        test',
      '  elbo             -140.99      -142.5     -143.25',
      '  active-units          12          11           -',
      '  pictures',
      '    images/samples-1.png  Samples of the prior.',
      '  folder  results/vae-20d/20261123-061902-a1b2',
    ]);
  });

  it('do not drown the end in rows and pictures', () => {
    const metrics = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`train.kl-per-dimension.${i + 1}`, i]));
    const lines = endLines({ ...ended, status: 'interrupted', metrics, pictures: Array.from({ length: 25 }, () => picture) }, 'x');
    expect(lines).toContain('  ... and 8 more in metrics.csv and run.json');
    expect(lines).toContain('    ... and 5 more');
    expect(lines).toHaveLength(1 + 1 + 12 + 1 + 1 + 20 + 1 + 1);
  });

  it('have the bound first, however many other figures there are, and the loss where there are none', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`train.kl-per-dimension.${i + 1}`, i]));
    const lines = endLines({ ...ended, metrics: { epoch: 1, step: 2, loss: 3, ...many, 'train.elbo': -1, 'validation.elbo': -2 } }, 'x');
    expect(lines[2]).toMatch(/^ {2}elbo +-1 +-2$/);
    const few = endLines({ ...ended, metrics: { epoch: 1, step: 2, loss: 3.25, 'loss.kl': 1 }, pictures: [] }, 'x');
    expect(few).toEqual(['vae-20d: done after 4 epochs, 1,000 steps, 1:52', '  loss    3.25', '  folder  x']);
  });

  it('say little where there is little to say', () => {
    expect(endLines({ ...ended, status: 'failed', metrics: {}, pictures: [], epoch: 1, step: 1, seconds: null }, 'x')).toEqual([
      'vae-20d: failed with 1 epoch, 1 step on record, -',
      '  folder  x',
    ]);
  });
});
