import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createConsoleProgress, type ConsoleMode } from '../../../src/runner/output/console.js';
import type { ProgressSink } from '../../../src/runner/output/progress.js';
import { ended, picture, row, started } from './console-facts.js';
import { createScreen, type Screen } from './screen.js';
import { createFakeClock, type FakeClock } from './support.js';
import { startCpuClock } from '../../support/cpu-clock.js';

interface Captured {
  readonly progress: ProgressSink;
  readonly clock: FakeClock;
  readonly text: () => string;
}

const capture = (mode: ConsoleMode): Captured => {
  const stream = new PassThrough();
  const clock = createFakeClock();
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const progress = createConsoleProgress({ stream, isTty: false, clock, mode });
  return { progress, clock, text: () => text };
};

/** A whole run of 1000 steps at 100 steps/s. */
const play = (progress: ProgressSink, clock: FakeClock, afterEpoch: () => void = () => undefined): void => {
  progress.note('downloading');
  progress.start(started);
  progress.epoch({ ...row, epoch: 0, step: 0, loss: null });
  for (let step = 1; step <= started.totalSteps; step++) {
    clock.advance(10);
    progress.step(step, 200 - step / 10);
    if (step % started.stepsPerEpoch !== 0) continue;
    progress.epoch({ ...row, epoch: step / started.stepsPerEpoch, step });
    progress.picture(picture);
    afterEpoch();
  }
  progress.end(ended, started.folder);
};

describe('the console without a terminal', () => {
  it('gets a line per epoch and picture, none for steps of short epochs, and no control characters', () => {
    const { progress, clock, text } = capture('text');
    play(progress, clock);
    const lines = text().split('\n');
    expect(text()).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect(lines.filter((line) => line.includes('  step '))).toEqual([]);
    expect(lines.filter((line) => /^epoch \d\/4 {2}train/.test(line))).toHaveLength(5);
    expect(lines.filter((line) => line === 'images/samples-1.png  Samples of the prior.')).toHaveLength(4);
    expect(lines[0]).toBe('downloading');
    expect(lines.at(-2)).toBe(`  folder  ${started.folder}`);
  });

  it('gets a line every ten seconds of a long epoch, counted from the last line', () => {
    const { progress, clock, text } = capture('text');
    progress.start(started);
    for (let step = 1; step <= 500; step++) {
      clock.advance(100);
      progress.step(step, 200 - step / 10);
      if (step === 250) progress.epoch(row);
    }
    expect(
      text()
        .split('\n')
        .filter((line) => line.startsWith('epoch ')),
    ).toEqual([
      'epoch 1/4  step 100/1000  10 steps/s  loss 190  1:30 left',
      'epoch 1/4  step 200/1000  10 steps/s  loss 180  1:20 left',
      'epoch 1/4  train.elbo -140.99  validation.elbo -142.5',
      'epoch 2/4  step 350/1000  10 steps/s  loss 165  1:05 left',
      'epoch 2/4  step 450/1000  10 steps/s  loss 155  0:55 left',
    ]);
  });

  it('gets nothing but the end when quiet', () => {
    const { progress, clock, text } = capture('quiet');
    progress.note('downloading');
    progress.start(started);
    progress.step(1, 2);
    progress.epoch(row);
    progress.picture(picture);
    clock.advance(1e6);
    progress.step(2, 2);
    expect(text()).toBe('');
    progress.end(ended, started.folder);
    expect(text()).toMatch(/^vae-20d: done after 4 epochs/);
  });

  it('gets one JSON object a line', () => {
    const { progress, clock, text } = capture('json');
    play(progress, clock);
    progress.step(1001, NaN);
    const events = text()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const count = (type: string): number => events.filter((event) => event['type'] === type).length;
    expect([count('note'), count('started'), count('step'), count('epoch'), count('picture'), count('end')]).toEqual([1, 1, 10, 5, 4, 1]);
    expect(events[0]).toEqual({ type: 'note', time: '2026-11-23T06:19:02.000Z', text: 'downloading' });
    expect(events[1]).toMatchObject({ type: 'started', experiment: 'vae-20d', totalSteps: 1000 });
    expect(events.find((event) => event['type'] === 'step')).toMatchObject({
      epoch: 1,
      step: 100,
      loss: 190,
      stepsPerSecond: 100,
      secondsLeft: 9,
    });
    expect(events.find((event) => event['type'] === 'epoch')).toMatchObject({ row: { epoch: 0, loss: null, 'train.elbo': -140.987654 } });
    expect(events.at(-1)).toMatchObject({
      type: 'end',
      status: 'done',
      folder: started.folder,
      metrics: { 'test.elbo': -143.25 },
      pictures: [picture],
      error: null,
    });
  });
});

describe('the console on a terminal', () => {
  const begin = (columns?: number): { readonly screen: Screen; readonly clock: FakeClock; readonly progress: ProgressSink } => {
    const screen = createScreen(columns);
    const clock = createFakeClock();
    return { screen, clock, progress: createConsoleProgress({ stream: screen, isTty: true, clock, mode: 'text' }) };
  };

  it('has one bar, the last line, which shows epoch, steps, speed, bound and time left', () => {
    const { screen, clock, progress } = begin();
    progress.start(started);
    for (let step = 1; step <= 300; step++) {
      clock.advance(10);
      progress.step(step, 200);
      if (step === 250) progress.epoch(row);
    }
    const lines = screen.lines();
    expect(lines.slice(0, 4).join('\n')).toContain('vae-20d: 1,234,567 parameters');
    expect(lines).toHaveLength(5);
    expect(lines[4]).toMatch(/^epoch 2\/4 \[=+-+\] 29\d\/1000 {2}100 steps\/s {2}elbo -142\.5 {2}0:07 left$/);
    progress.end(ended, started.folder);
  });

  it('leaves no trace of the bar between, before or behind the lines', () => {
    const { screen, clock, progress } = begin();
    let bars = 0;
    play(progress, clock, () => {
      const lines = screen.lines();
      bars += lines.filter((line) => line.includes('steps/s')).length;
      expect(lines.at(-1)).toContain('steps/s');
      expect(lines.at(-2)).toBe('images/samples-1.png  Samples of the prior.');
    });
    expect(bars).toBe(4);
    const plain = capture('text');
    play(plain.progress, plain.clock);
    const isOfBoth = (line: string): boolean => !line.startsWith('epoch ');
    expect(screen.lines()).toEqual(plain.text().trimEnd().split('\n').filter(isOfBoth));
  });

  it.each([20, 40, 60, 80, 120, 200])('keeps the bar on one line of %i columns', (columns) => {
    const { screen, clock, progress } = begin(columns);
    progress.start({
      ...started,
      experiment: 'x',
      data: 'x',
      folder: 'x',
      engine: 'x',
      totalSteps: 1_000_000,
      stepsPerEpoch: 1000,
      lastEpoch: 1000,
    });
    const before = screen.raw().split('\n').length;
    for (let i = 1; i <= 20; i++) {
      clock.advance(10_000);
      progress.step(i * 780, 123.456);
    }
    expect(screen.raw().split('\n').length).toBe(before);
    const bar = screen.lines().at(-1)!;
    expect(bar.length).toBeLessThanOrEqual(columns);
    expect(screen.lines().filter((line) => line.startsWith('epoch '))).toHaveLength(1);
    if (columns >= 80) expect(bar).toMatch(/left$/);
    progress.end(ended, 'x');
  });

  it('takes the bar away when the run ends early, and prints no bar of a run that never started', () => {
    const { screen, clock, progress } = begin();
    progress.start(started);
    clock.advance(500);
    progress.step(5, 1);
    progress.end({ ...ended, status: 'interrupted' }, started.folder);
    progress.step(6, 1);
    expect(screen.lines().join('\n')).not.toContain('steps/s');
    expect(screen.lines()[4]).toMatch(/interrupted/);
    const other = begin();
    other.progress.step(1, 1);
    other.progress.epoch(row);
    other.progress.note('hello');
    expect(other.screen.raw()).toBe('hello\n');
  });

  it('assumes 80 columns of a terminal that does not know them', () => {
    const { screen, clock, progress } = begin(80);
    Object.assign(screen, { columns: 0 });
    progress.start(started);
    clock.advance(1000);
    progress.step(100, 1);
    expect(screen.lines().at(-1)).toMatch(/\[={2}-{13,}\] 100\/1000 .* left$/);
    progress.end(ended, 'x');
  });

  it('stands where the epoch ended', () => {
    const { screen, progress } = begin();
    progress.start(started);
    progress.step(1, 1);
    progress.epoch(row);
    expect(screen.lines().at(-1)).toContain(' 250/1000 ');
    progress.end(ended, 'x');
  });

  it('draws at most ten times a second', () => {
    const { screen, clock, progress } = begin();
    progress.start(started);
    const before = screen.raw().length;
    for (let i = 0; i < 99; i++) {
      clock.advance(1);
      progress.step(i, 1);
    }
    const draws = screen.raw().slice(before).split('steps/s').length - 1;
    expect(draws).toBeLessThanOrEqual(1);
    progress.end(ended, 'x');
  });
});

describe('the cost of a step', () => {
  it.each(['text', 'quiet', 'json'] as const)('is a look at the clock (%s)', (mode) => {
    const { progress } = capture(mode);
    progress.start(started);
    const count = 200_000;
    const cpuMs = startCpuClock();
    for (let i = 0; i < count; i++) progress.step(1, 1);
    // A microsecond each would be a hundred times what it takes.
    expect((cpuMs() * 1000) / count).toBeLessThan(1);
  });
});

describe('a process that fails', () => {
  it('is not kept alive by its bar', () => {
    const root = resolve(import.meta.dirname, '../../..');
    const script = `
      import { createConsoleProgress } from './src/runner/output/console.ts';
      import { systemClock } from './src/runner/output/clock.ts';
      const stream = Object.assign(process.stdout, { isTTY: true, columns: 80 });
      const progress = createConsoleProgress({ stream, isTty: true, clock: systemClock, mode: 'text' });
      progress.start(${JSON.stringify(started)});
      progress.step(3, 1);
      process.exitCode = 7;
    `;
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
      timeout: 90_000,
    });
    expect(stdout).toContain('/1000');
    expect(status).toBe(7);
  });
});
