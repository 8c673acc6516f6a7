/** Files that mean harm: each is refused, at once, and nothing is imported, written or changed by it. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/registry/errors.js';
import { Registry } from '../../../src/registry/registry.js';
import { loadExperiment } from '../../../src/runner/config/load.js';
import { toyComponents } from '../../registry/toy-components.js';
import { hostileTexts } from './hostile-texts.js';
import { startCpuClock } from '../../support/cpu-clock.js';

const registry = new Registry(toyComponents);
const prototypeBefore = Reflect.ownKeys(Object.prototype);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latentlab-hostile-'));
  await writeFile(join(folder, 'trap.mjs'), "globalThis.trapIsSprung = true;\nthrow new Error('imported');\n");
});
afterAll(() => rm(folder, { recursive: true }));

const refuse = async (text: string): Promise<ConfigError> => {
  const file = join(folder, 'hostile.yaml');
  await writeFile(file, text);
  try {
    await loadExperiment(file, { registry });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('Nothing is wrong with it.');
};

describe('a hostile file', () => {
  it.each(hostileTexts)('with %s is refused within two seconds of work', async (_, text, code) => {
    const cpuMs = startCpuClock();
    const error = await refuse(text);
    expect(error.faults.map(({ fault }) => fault.code)).toContain(code);
    expect(cpuMs()).toBeLessThan(2000);
    expect(error.message.length).toBeLessThan(50_000);
    // Nothing of it reaches the terminal as a command.
    expect(error.message).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/);
    expect(Reflect.ownKeys(Object.prototype)).toEqual(prototypeBefore);
    expect((await readdir(folder)).toSorted()).toEqual(['hostile.yaml', 'trap.mjs']);
    expect(Reflect.has(globalThis, 'trapIsSprung')).toBe(false);
  });

  // What cannot be read as it stands may not mean what it says of its plug-ins either.
  const unreadable = hostileTexts.filter(([, , code]) => ['too-complex', 'unknown-tag', 'bad-alias'].includes(code));
  it.each(unreadable)('with %s imports no plug-in that it declares', async (_, text) => {
    await refuse(`plugins: [./trap.mjs]\n${text}`);
    expect(Reflect.has(globalThis, 'trapIsSprung')).toBe(false);
  });

  it('imports one that is declared by a file which can be read', async () => {
    const error = await refuse('plugins: [./trap.mjs]\n');
    expect(error.faults.map(({ fault }) => fault.code)).toContain('bad-plugin');
    expect(Reflect.get(globalThis, 'trapIsSprung')).toBe(true);
    Reflect.deleteProperty(globalThis, 'trapIsSprung');
  });
});
