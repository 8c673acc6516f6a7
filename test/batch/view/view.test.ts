import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/batch/launcher.js';
import { createProgressMessages, isWorkerProgress, type WorkerProgress } from '../../../src/batch/messages.js';
import { progressLine } from '../../../src/batch/view/texts.js';
import { createView, type View } from '../../../src/batch/view/view.js';
import { noResources } from '../../../src/runner/config/resource-params.js';
import { ended, row, started } from '../../runner/output/console-facts.js';
import { createScreen, type Screen } from '../../runner/output/screen.js';
import { createFakeClock } from '../../runner/output/support.js';

const task = (name: string): Task => ({
  ...{ name, folder: join('results', name), priority: 0, resources: noResources },
  prepare: () => Promise.resolve(),
});
const at = (step: number): WorkerProgress => ({
  epoch: 2,
  lastEpoch: 4,
  step,
  totalSteps: 100,
  figure: 'elbo -142.5',
  secondsLeft: 65,
  rss: 1,
});
type Opened = { readonly screen: Screen; readonly view: View };
const open = (isTty: boolean, mode: 'text' | 'quiet' | 'json' = 'text', columns = 110): Opened => {
  const screen = createScreen(columns);
  return { screen, view: createView({ stream: screen, isTty, clock: createFakeClock(), mode, total: 3, done: 1, failed: 0 }) };
};

/** One run comes to its end, one fails. */
const play = (view: View): void => {
  view.started(task('a'));
  view.started(task('b'));
  view.progress(task('a'), at(50));
  view.again(task('b'), 'its process was ended by SIGSEGV', 2);
  view.started(task('b'));
  view.ended(task('b'), { status: 'failed', code: 'non-finite-loss', message: 'the loss became NaN\n  Try less.', record: null });
};

describe('a batch on a terminal', () => {
  it('has a bar for each run and one for all, below the lines', () => {
    const { screen, view } = open(true);
    play(view);
    view.note('still here');
    const lines = screen.lines();
    expect(lines).toContain('b: its process was ended by SIGSEGV; it goes on in 2 s');
    expect(lines).toContain('b: FAILED: the loss became NaN Try less.');
    expect(lines.at(-2)).toMatch(/^batch +\[=+-+\] +1 of 3 done, 1 failed, 1 running$/);
    expect(lines.at(-1)).toMatch(/^a +\[=+-+\] epoch 2\/4 {2}elbo -142\.5 {2}1:05 left$/);
    view.ended(task('a'), { status: 'done', record: ended });
    view.end();
    expect(screen.lines().filter((line) => line.includes('['))).toEqual([]);
    expect(screen.lines().at(-1)).toBe('a: done in 1:52  elbo -142.5');
    expect(/\x1b\[\?25h/.exec(screen.raw())).not.toBeNull();
  });
});

describe('a batch on a narrow terminal', () => {
  it.each([80, 66])('shows all there is to say within %i columns', (columns) => {
    const { screen, view } = open(true, 'text', columns);
    view.started(task('a-run-whose-name-is-longer-than-others'));
    view.progress(task('a-run-whose-name-is-longer-than-others'), at(50));
    view.note('drawn');
    expect(screen.lines().at(-1)).toMatch(/^a-run-whose.*~ \[=+-+\] epoch 2\/4 {2}elbo -142\.5 {2}1:05 left$/);
    view.end();
  });
});

describe('a batch elsewhere', () => {
  it('leaves out a time that nobody knows', () => {
    expect(progressLine(task('a'), { ...at(50), secondsLeft: null })).toBe('a: epoch 2/4  elbo -142.5');
  });

  it('prints lines', () => {
    const { screen, view } = open(false);
    play(view);
    view.ended(task('a'), { status: 'done', record: ended });
    view.end();
    expect(screen.lines()).toEqual([
      'a: started',
      'b: started',
      'b: its process was ended by SIGSEGV; it goes on in 2 s',
      'b: started',
      'b: FAILED: the loss became NaN Try less.  (1 of 3 done, 1 failed, 1 running)',
      '  see latentlab logs results/b',
      'a: done in 1:52  elbo -142.5  (2 of 3 done, 1 failed, 0 running)',
    ]);
  });

  it('prints failures alone when it is quiet', () => {
    const { screen, view } = open(true, 'quiet');
    play(view);
    expect(screen.lines()).toEqual(['b: FAILED: the loss became NaN Try less.', '  see latentlab logs results/b']);
  });

  it('prints an object a line', () => {
    const { screen, view } = open(false, 'json');
    play(view);
    const events = screen
      .raw()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(events.map(({ type, run }) => [type, run])).toEqual([
      ['started', 'a'],
      ['started', 'b'],
      ['progress', 'a'],
      ['again', 'b'],
      ['started', 'b'],
      ['ended', 'b'],
    ]);
    expect(events.at(-1)).toMatchObject({ status: 'failed', code: 'non-finite-loss' });
  });
});

describe('what a worker tells', () => {
  it('is the whole state, a few times a second', () => {
    const clock = createFakeClock();
    const told: WorkerProgress[] = [];
    const progress = createProgressMessages(clock, (message) => told.push(message));
    progress.start(started);
    for (let step = 1; step <= 250; step++) {
      clock.advance(10);
      progress.step(step, 190);
    }
    progress.epoch(row);
    expect(told).toHaveLength(12);
    expect(told[0]).toMatchObject({ epoch: 0, step: 0, totalSteps: 1000 });
    expect(told[5]).toMatchObject({ epoch: 1, lastEpoch: 4, figure: 'loss 190' });
    expect(told.at(-1)).toMatchObject({ step: 250, figure: 'elbo -142.5', secondsLeft: 7.5 });
    expect(told.every(isWorkerProgress)).toBe(true);
  });

  it.each([null, 'x', {}, { ...at(1), step: '1' }, { ...at(1), figure: 5 }, { ...at(1), secondsLeft: 'soon' }])(
    'is nothing where it is %j',
    (message) => {
      expect(isWorkerProgress(message)).toBe(false);
    },
  );
});
