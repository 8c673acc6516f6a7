import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRecord, type RecordSink, type RunRecord } from '../../../src/runner/output/record.js';
import { createRunDirectory, type RunDirectory } from '../../../src/runner/output/run-directory.js';
import { createFakeClock, filesBelow, mountedDisk, runErrorOf, temporaryFolder } from './support.js';

const clock = createFakeClock();
const start = {
  experiment: 'vae',
  seed: 7,
  file: 'configs/vae.yaml',
  resolved: 'name: vae\n',
  hashes: { experiment: 'e', variant: 'v' },
  version: '0.1.0',
  plugins: [],
};
const read = (directory: RunDirectory): RunRecord => JSON.parse(readFileSync(directory.file('run.json'), 'utf8')) as RunRecord;

const begin = async (results: string): Promise<{ readonly directory: RunDirectory; readonly record: RecordSink }> => {
  const directory = await createRunDirectory(results, 'vae', clock);
  return { directory, record: await createRecord(directory, clock, start) };
};

/** Takes every page that is left. */
const fill = (disk: string): void => {
  for (let i = 0, size = 1 << 20; size >= 1024; i++) {
    try {
      writeFileSync(join(disk, `filler-${i}`), new Uint8Array(size));
    } catch {
      size /= 2;
    }
  }
};
const end = { status: 'failed', ended: '2026-11-23T06:20:00.000Z', error: { code: 'disk-full', message: 'the disk is full' } } as const;

describe('run.json', () => {
  it('says from the start what runs where', async () => {
    const { directory, record } = await begin(temporaryFolder());
    const written = read(directory);
    expect(written).toEqual(record.current);
    expect(written).toMatchObject({
      format: 3,
      status: 'running',
      experiment: 'vae',
      run: directory.id,
      seed: 7,
      started: '2026-11-23T06:19:02.000Z',
      ended: null,
      pid: process.pid,
      error: null,
      pictures: [],
    });
    expect(written.config).toEqual({ file: 'configs/vae.yaml', sha256: createHash('sha256').update('name: vae\n').digest('hex') });
    expect(written.versions).toMatchObject({ latentlab: '0.1.0', node: process.versions.node, tfjs: '4.22.0', onnxruntime: '1.30.0' });
    expect(written.machine.cores).toBeGreaterThan(0);
    expect(written.machine.platform).toBe(`${process.platform}-${process.arch}`);
  });

  it('changes in memory at once and on the disk in the order of the calls', async () => {
    const { directory, record } = await begin(temporaryFolder());
    const updates = Array.from({ length: 20 }, (_, i) => record.update({ step: i + 1 }));
    expect(record.current.step).toBe(20);
    await Promise.all(updates);
    expect(read(directory).step).toBe(20);
    await record.update({ status: 'done' });
    expect(read(directory)).toMatchObject({ step: 20, status: 'done' });
  });

  it('leaves nothing but itself behind a run that has ended', async () => {
    for (const status of ['done', 'failed', 'interrupted'] as const) {
      const { directory, record } = await begin(temporaryFolder());
      expect(filesBelow(directory.path)).toEqual(['.run.json.spare', 'run.json']);
      await record.update({ status });
      expect(filesBelow(directory.path)).toEqual(['run.json']);
    }
  });

  it('says that the run failed on a disk without a free page', async (context) => {
    const disk = mountedDisk(context, 'size=128k');
    const { directory, record } = await begin(disk);
    await record.update({ step: 390, pictures: [{ file: 'images/a-1.png', caption: 'A.', plot: 'a', epoch: 1 }] });
    fill(disk);
    expect(() => {
      writeFileSync(join(disk, 'one-more'), 'x');
    }).toThrow('ENOSPC');
    const { facts } = await runErrorOf(record.update({ step: 780 }), 'disk-full');
    expect(facts.path).toBe(directory.file('run.json'));
    expect(read(directory)).toMatchObject({ status: 'running', step: 390 });
    await record.update(end);
    expect(read(directory)).toMatchObject({ ...end, step: 780, pictures: [{ file: 'images/a-1.png' }] });
    expect(filesBelow(directory.path)).toEqual(['run.json']);
  });

  it('keeps room for a record that has grown', async (context) => {
    const disk = mountedDisk(context, 'size=4m');
    const { directory, record } = await begin(disk);
    const pictures = Array.from({ length: 2000 }, (_, epoch) => ({
      file: `images/samples-${epoch}.png`,
      caption: 'Samples.',
      plot: 'samples',
      epoch,
    }));
    await record.update({ pictures });
    const spare = statSync(directory.file('.run.json.spare')).size;
    expect(spare).toBeGreaterThan(2 * statSync(directory.file('run.json')).size);
    fill(disk);
    const more = [...pictures, ...pictures.slice(0, 500)];
    await record.update({ ...end, pictures: more });
    expect(read(directory)).toMatchObject({ status: 'failed' });
    expect(read(directory).pictures).toHaveLength(2500);
  });

  it('does not begin where there is no room for it', async (context) => {
    const disk = mountedDisk(context, 'size=64k');
    const directory = await createRunDirectory(disk, 'vae', clock);
    fill(disk);
    await runErrorOf(createRecord(directory, clock, start), 'disk-full');
  });

  it('fails no run for want of git', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = temporaryFolder();
    try {
      const { record } = await begin(temporaryFolder());
      expect(record.current.git).toBeNull();
    } finally {
      process.env['PATH'] = path;
    }
    expect(spawnSync('node', ['--version']).status).toBe(0);
  });
});
