import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  listCheckpoints,
  readCheckpoint,
  removeCheckpoint,
  sweepCheckpoints,
  writeCheckpoint,
  type Checkpoint,
} from '../../../src/runner/output/checkpoint.js';
import { encodeSafetensors } from '../../../src/runner/output/safetensors.js';
import { checkpointOf } from './checkpoint-of.js';
import { filesBelow, mountedDisk, runErrorOf, temporaryFolder } from './support.js';

const checkpointAt = (step: number, size = 4): Checkpoint =>
  checkpointOf(step, new Map([['encoder/kernel', { shape: [size], values: new Float32Array(size).fill(step) }]]), {
    optimizer: new Map([['optimizer/count', { shape: [], values: Int32Array.of(step) }]]),
    plots: new Map([['animation/0', { shape: [3], values: Uint8Array.of(1, 2, step) }]]),
    progress: {
      sums: { loss: 0.1 + 0.2, 'loss.kl': -Infinity },
      numSteps: 3,
      numSkipped: 1,
      metricsBytes: 77,
      numPictures: 2,
      seconds: 1.5,
    },
  });
const files = ['optimizer.safetensors', 'plots.safetensors', 'state.json', 'weights.safetensors'];

describe('a checkpoint', () => {
  it('is read back as it was written', async () => {
    const folder = join(temporaryFolder(), 'checkpoints');
    expect(await writeCheckpoint(folder, checkpointAt(20))).toBe(join(folder, '20'));
    expect(filesBelow(folder)).toEqual(files.map((file) => `20/${file}`));
    expect(await readCheckpoint(folder, 20)).toEqual(checkpointAt(20));
    expect(JSON.parse(readFileSync(join(folder, '20', 'state.json'), 'utf8'))).toMatchObject({ format: 2, step: 20, epoch: 2 });
  });

  it('is one of several, listed in the order of training', async () => {
    const folder = temporaryFolder();
    for (const step of [100, 20, 3, 0]) await writeCheckpoint(folder, checkpointAt(step));
    mkdirSync(join(folder, '.7.abcd.tmp'));
    mkdirSync(join(folder, '007'));
    expect(await listCheckpoints(folder)).toEqual([0, 3, 20, 100]);
    expect(await listCheckpoints(join(folder, 'nowhere'))).toEqual([]);
    const { facts } = await runErrorOf(readCheckpoint(folder, 7), 'checkpoint-missing');
    expect(facts).toEqual({ folder, step: 7, available: [0, 3, 20, 100] });
  });

  it('replaces one of the same step', async () => {
    const folder = temporaryFolder();
    await writeCheckpoint(folder, checkpointAt(20, 4));
    await writeCheckpoint(folder, checkpointAt(20, 9));
    expect((await readCheckpoint(folder, 20)).weights.get('encoder/kernel')?.shape).toEqual([9]);
    expect(readdirSync(folder)).toEqual(['20']);
  });

  it.each([
    [
      'a changed bit',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 1]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    [
      'a file that is cut off',
      (file: string) => {
        truncateSync(file, 50);
      },
    ],
    [
      'a missing file',
      (file: string) => {
        rmSync(file);
      },
    ],
    [
      'other weights',
      (file: string) => {
        writeFileSync(file, encodeSafetensors(checkpointAt(30).weights, { step: '20', epoch: '2' }));
      },
    ],
  ])('is refused with %s', async (_, spoil) => {
    const folder = temporaryFolder();
    await writeCheckpoint(folder, checkpointAt(20));
    const file = join(folder, '20', 'weights.safetensors');
    spoil(file);
    const { facts } = await runErrorOf(readCheckpoint(folder, 20), 'checkpoint-corrupt');
    expect(facts.file).toBe(file);
  });

  it.each(['', '{', 'null', '[]', '{"format":2,"step":20}', '{"format":1,"step":20,"epoch":2,"weights":{"bytes":1,"sha256":""}}'])(
    'is refused with the state %j',
    async (text) => {
      const folder = temporaryFolder();
      await writeCheckpoint(folder, checkpointAt(20));
      writeFileSync(join(folder, '20', 'state.json'), text);
      const { facts } = await runErrorOf(readCheckpoint(folder, 20), 'checkpoint-corrupt');
      expect(facts.file).toBe(join(folder, '20', 'state.json'));
    },
  );

  it('is refused in the folder of another step', async () => {
    const folder = temporaryFolder();
    await writeCheckpoint(folder, checkpointAt(20));
    renameSync(join(folder, '20'), join(folder, '30'));
    const { facts } = await runErrorOf(readCheckpoint(folder, 30), 'checkpoint-corrupt');
    expect(facts).toEqual({ file: join(folder, '30', 'state.json'), reason: 'it is the state of step 20' });
  });

  it('is refused when its hash is right and its format wrong', async () => {
    const folder = temporaryFolder();
    await writeCheckpoint(folder, checkpointAt(20));
    const state = join(folder, '20', 'state.json');
    const zeros = new Uint8Array(9);
    const written = JSON.parse(readFileSync(state, 'utf8')) as { readonly files: object };
    const weights = { bytes: 9, sha256: createHash('sha256').update(zeros).digest('hex') };
    writeFileSync(join(folder, '20', 'weights.safetensors'), zeros);
    writeFileSync(state, JSON.stringify({ ...written, files: { ...written.files, weights } }));
    const { facts } = await runErrorOf(readCheckpoint(folder, 20), 'checkpoint-corrupt');
    expect(facts.reason).toContain('header');
  });

  it('is removed by one rename, and what writers left half done is swept away', async () => {
    const folder = temporaryFolder();
    for (const step of [10, 20]) await writeCheckpoint(folder, checkpointAt(step));
    mkdirSync(join(folder, '.30.abcd.tmp'));
    await removeCheckpoint(folder, 10);
    await removeCheckpoint(folder, 15);
    expect(await listCheckpoints(folder)).toEqual([20]);
    await sweepCheckpoints(folder);
    expect(readdirSync(folder)).toEqual(['20']);
  });

  it('is not there at all on a full disk, and harms no other', async (context) => {
    const folder = join(mountedDisk(context, 'size=64k'), 'checkpoints');
    await writeCheckpoint(folder, checkpointAt(10));
    const { facts } = await runErrorOf(writeCheckpoint(folder, checkpointAt(20, 20_000)), 'disk-full');
    expect(facts.path).toBe(join(folder, '20'));
    await runErrorOf(writeCheckpoint(folder, checkpointAt(10, 20_000)), 'disk-full');
    expect(filesBelow(folder)).toEqual(files.map((file) => `10/${file}`));
    expect(await readCheckpoint(folder, 10)).toEqual(checkpointAt(10));
  });
});
