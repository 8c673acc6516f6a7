/** The kit finds every seeded mistake: each is put into the components as they are built, while they are imported. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/verify/examination.js';
import { mutants, type Mutant } from './mutants.js';

const build = resolve(import.meta.dirname, '../../dist');

/** A mistake that is none. */
const sound: Mutant = { mistake: '', file: 'losses/kl.js', from: 'tf.sum(kl, -1)', to: 'tf.sum(kl, -1)', component: 'loss kl' };

const verifyAll = (all: readonly Mutant[]): readonly (readonly Finding[])[] => {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-mutants-'));
  try {
    const file = join(folder, 'mutants.json');
    writeFileSync(file, JSON.stringify(all));
    const program = join(import.meta.dirname, 'verify-mutants.mjs');
    const output = execFileSync(process.execPath, [program, build, file], { encoding: 'utf8', maxBuffer: 1 << 24 });
    const lines = output.trim().split('\n');
    return lines.map((line) => JSON.parse(line) as readonly Finding[]);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('the conformance kit', () => {
  let found: readonly (readonly Finding[])[] = [];
  beforeAll(() => {
    found = verifyAll([sound, ...mutants]);
  }, 180_000);

  it('finds nothing where there is no mistake', () => {
    expect(found).toHaveLength(mutants.length + 1);
    expect(found[0]).toEqual([]);
  });

  it.each(mutants.map(({ mistake }, i) => [mistake, i + 1] as const))('notices that %s', (_, i) => {
    expect(found[i]?.map(({ check, message }) => `${check}: ${message}`)).not.toEqual([]);
  });
});
