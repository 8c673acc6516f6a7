/** One process writes into a run's folder at a time; the dead hold no lock. */
import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock, findLockOwner } from '../../../src/runner/output/lock.js';
import { runErrorOf, temporaryFolder } from './support.js';

const file = (): string => join(temporaryFolder(), 'run.lock');

describe('the lock of a run', () => {
  it('is held until it is released', async () => {
    const path = file();
    const lock = await acquireLock(path);
    const { facts } = await runErrorOf(acquireLock(path), 'run-locked');
    expect(facts).toEqual({ file: path, what: 'run', pid: process.pid, host: hostname(), isHere: true });
    await lock.release();
    expect(existsSync(path)).toBe(false);
    await (await acquireLock(path)).release();
  });

  it.each([
    ['of a process that is no more', { pid: 2 ** 22 - 1, host: hostname() }],
    ['of an earlier process with the number of a later one', { pid: process.pid, host: hostname(), born: '1' }],
  ])('is taken over where it is one %s', async (_, owner) => {
    const path = file();
    writeFileSync(path, JSON.stringify(owner));
    await (await acquireLock(path)).release();
  });

  it('is taken over where it was being written when its process was killed', async () => {
    const path = file();
    writeFileSync(path, '{"pid": 1');
    await (await acquireLock(path)).release();
  });

  it('of another machine counts for nothing where it is an earlier process of the same job', async () => {
    const path = join(temporaryFolder(), 'run.lock');
    writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere', job: 'slurm-c-7_0' }));
    try {
      process.env['LATENTLAB_JOB'] = 'slurm-c-8_0';
      expect(await findLockOwner(path)).toMatchObject({ pid: 1, host: 'elsewhere' });
      process.env['LATENTLAB_JOB'] = 'slurm-c-7_0';
      expect(await findLockOwner(path)).toBeNull();
      await (await acquireLock(path)).release();
    } finally {
      delete process.env['LATENTLAB_JOB'];
    }
  });

  it('is believed where it is one of another machine', async () => {
    const path = file();
    writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere' }));
    const { facts } = await runErrorOf(acquireLock(path), 'run-locked');
    expect(facts.isHere).toBe(false);
  });

  it('is left alone by a release of one that was taken over', async () => {
    const path = file();
    const lock = await acquireLock(path);
    writeFileSync(path, JSON.stringify({ pid: process.ppid, host: hostname() }));
    await lock.release();
    expect(existsSync(path)).toBe(true);
  });
});
