/** The parts together, where it matters most: a disk that fills up during a run, and a process that is killed. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { listCheckpoints, readCheckpoint } from '../../../src/runner/output/checkpoint.js';
import { createEventLog } from '../../../src/runner/output/events.js';
import { createCsvMetrics } from '../../../src/runner/output/metrics.js';
import { createPictureFolder } from '../../../src/runner/output/pictures.js';
import { createRecord, type RunRecord } from '../../../src/runner/output/record.js';
import { createRunDirectory } from '../../../src/runner/output/run-directory.js';
import { createCheckpointFolder } from '../../../src/runner/output/weights.js';
import { createFakeClock, filesBelow, mountedDisk, runErrorOf, temporaryFolder } from './support.js';
import { checkpointOf } from './checkpoint-of.js';

const readJsonLines = (file: string): readonly unknown[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
const readEpochs = (file: string): readonly number[] => {
  const rows: readonly Record<string, string>[] = parse(readFileSync(file), { columns: true });
  return rows.map(({ epoch }) => Number(epoch));
};
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

describe('a run on a disk that fills up', () => {
  for (const pictureBytes of [10, 1500, 20_000]) {
    it(`leaves whole files and a record that says why it failed (pictures of ${pictureBytes} bytes)`, async (context) => {
      const disk = mountedDisk(context, 'size=256k');
      const clock = createFakeClock();
      const directory = await createRunDirectory(disk, 'vae', clock);
      const record = await createRecord(directory, clock, {
        experiment: 'vae',
        seed: 1,
        file: 'x.yaml',
        resolved: '',
        hashes: { experiment: 'e', variant: 'v' },
        version: '0',
        plugins: [],
      });
      const metrics = createCsvMetrics(directory.file('metrics.csv'));
      const events = createEventLog(directory.file('events.jsonl'), clock);
      const pictures = createPictureFolder(directory, 9999);
      const checkpoints = createCheckpointFolder(directory);
      await metrics.start(['epoch', 'loss']);
      let rows = 0;
      const train = async (): Promise<void> => {
        for (let epoch = 0; ; epoch++) {
          await metrics.write({ epoch, loss: Math.sin(epoch + 1) });
          rows++;
          await events.emit('epoch', { epoch });
          const saved = await pictures.save(
            'samples',
            { suffix: '', folder: 'images', png: randomBytes(pictureBytes), svg: null, caption: 'Samples.' },
            { epoch, step: epoch, isLast: false },
          );
          await record.update({ epoch, pictures: [...record.current.pictures, saved] });
          if (epoch % 5 === 0)
            await checkpoints.save(checkpointOf(epoch, new Map([['w', { shape: [100], values: new Float32Array(100) }]]), { epoch }));
        }
      };
      const { message } = await runErrorOf(train(), 'disk-full');
      await record.update({ status: 'failed', ended: clock.now().toISOString(), error: { code: 'disk-full', message } });

      const written = JSON.parse(readFileSync(directory.file('run.json'), 'utf8')) as RunRecord;
      expect(written).toMatchObject({ status: 'failed', error: { code: 'disk-full' } });
      expect(written.error?.message).toContain(directory.path);
      expect(rows).toBeGreaterThan(5);
      expect(readEpochs(directory.file('metrics.csv'))).toEqual(upTo(rows));
      expect(readJsonLines(directory.file('events.jsonl')).length).toBeGreaterThanOrEqual(rows - 1);
      const files = filesBelow(directory.path);
      expect(files.filter((file) => /(^|\/)\./.test(file))).toEqual([]);
      for (const { file } of written.pictures) expect(readFileSync(directory.file(file)).length).toBe(pictureBytes);
      for (const step of await listCheckpoints(directory.file('checkpoints')))
        expect((await readCheckpoint(directory.file('checkpoints'), step)).step).toBe(step);
    });
  }
});

const script = `
  import { writeCheckpoint } from './src/runner/output/checkpoint.ts';
  import { createCsvMetrics } from './src/runner/output/metrics.ts';
  import { createRecord } from './src/runner/output/record.ts';
  import { createRunDirectory } from './src/runner/output/run-directory.ts';
  import { checkpointOf } from './test/runner/output/checkpoint-of.ts';
  import { systemClock } from './src/runner/output/clock.ts';
  const directory = await createRunDirectory(process.argv[1], 'vae', systemClock);
  const hashes = { experiment: 'e', variant: 'v' };
  const record = await createRecord(directory, systemClock, { experiment: 'vae', seed: 1, file: 'x', resolved: '', hashes, version: '0', plugins: [] });
  const metrics = createCsvMetrics(directory.file('metrics.csv'));
  await metrics.start(['epoch']);
  console.log(directory.path);
  for (let epoch = 0; ; epoch++) {
    await metrics.write({ epoch });
    await record.update({ epoch, metrics: { filler: epoch } });
    await writeCheckpoint(directory.file('checkpoints'), checkpointOf(epoch % 7, new Map([['w', { shape: [50_000], values: new Float32Array(50_000).fill(epoch) }]]), { epoch }));
    console.log(epoch);
  }
`;

describe('a run that is killed', () => {
  it('leaves whole rows, a whole record and whole checkpoints, whenever it happens', async () => {
    const root = resolve(import.meta.dirname, '../../..');
    for (const delayMs of [0, 37, 71]) {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, temporaryFolder()], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const output = await new Promise<string>((finished, failed) => {
        let text = '';
        let isDying = false;
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          // Epochs 0 to 9, so that checkpoints are replaced by then.
          if (isDying || !text.includes('\n9\n')) return;
          isDying = true;
          setTimeout(() => child.kill('SIGKILL'), delayMs);
        });
        child.on('error', failed);
        child.on('close', () => {
          finished(text);
        });
      });
      const [folder = '', ...epochs] = output.trimEnd().split('\n');
      const confirmed = Number(epochs.at(-1));
      const rows = readEpochs(join(folder, 'metrics.csv'));
      expect(rows).toEqual(upTo(rows.length));
      expect(rows.length).toBeGreaterThan(confirmed);
      const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;
      expect(record.status).toBe('running');
      expect(record.epoch).toBeGreaterThanOrEqual(confirmed);
      const steps = await listCheckpoints(join(folder, 'checkpoints'));
      // At most the one that was being replaced is gone.
      expect(steps.length).toBeGreaterThanOrEqual(6);
      for (const step of steps) {
        const { epoch, weights } = await readCheckpoint(join(folder, 'checkpoints'), step);
        expect(epoch % 7).toBe(step);
        expect(new Set(weights.get('w')?.values)).toEqual(new Set([epoch]));
      }
      expect(existsSync(join(folder, 'metrics.csv'))).toBe(true);
    }
  }, 180_000);
});
