import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEventLog } from '../../../src/runner/output/events.js';
import { createFakeClock, mountedDisk, runErrorOf, temporaryFolder } from './support.js';

const read = (file: string): readonly unknown[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);

describe('events.jsonl', () => {
  it('has one object a line, with time and type', async () => {
    const file = join(temporaryFolder(), 'events.jsonl');
    const clock = createFakeClock();
    const events = createEventLog(file, clock);
    await events.emit('started', { steps: 10 });
    clock.advance(1500);
    await events.emit('failed', { text: 'two\nlines "quoted" \u2028 \u0000' });
    await events.emit('done');
    expect(read(file)).toEqual([
      { time: '2026-11-23T06:19:02.000Z', type: 'started', steps: 10 },
      { time: '2026-11-23T06:19:03.500Z', type: 'failed', text: 'two\nlines "quoted" \u2028 \u0000' },
      { time: '2026-11-23T06:19:03.500Z', type: 'done' },
    ]);
  });

  it('keeps the order of events that nobody awaits', async () => {
    const file = join(temporaryFolder(), 'events.jsonl');
    const events = createEventLog(file, createFakeClock());
    await Promise.all(Array.from({ length: 50 }, (_, epoch) => events.emit('epoch', { epoch })));
    expect(read(file)).toMatchObject(Array.from({ length: 50 }, (_, epoch) => ({ epoch })));
  });

  it('goes on with what is there, without a line that was cut off', async () => {
    const file = join(temporaryFolder(), 'events.jsonl');
    writeFileSync(file, '{"type":"started"}\n{"type":"ep');
    await createEventLog(file, createFakeClock()).emit('done');
    expect(read(file)).toMatchObject([{ type: 'started' }, { type: 'done' }]);
  });

  it('tries again after it could not be opened', async () => {
    const file = join(temporaryFolder(), 'events.jsonl');
    mkdirSync(file);
    const events = createEventLog(file, createFakeClock());
    await runErrorOf(events.emit('started'), 'output-unwritable');
    rmdirSync(file);
    await events.emit('failed');
    expect(read(file)).toMatchObject([{ type: 'failed' }]);
  });

  it('has whole lines on a full disk, and takes a shorter event later', async (context) => {
    const disk = mountedDisk(context, 'size=64k');
    const file = join(disk, 'events.jsonl');
    const events = createEventLog(file, createFakeClock());
    await events.emit('started');
    await runErrorOf(events.emit('failed', { text: 'x'.repeat(100_000) }), 'disk-full');
    await events.emit('failed', { code: 'disk-full' });
    expect(read(file)).toMatchObject([{ type: 'started' }, { type: 'failed', code: 'disk-full' }]);
  });
});
