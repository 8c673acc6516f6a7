/** The kit finds every seeded mistake: each is put into the components as they are built, while they are imported. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/verify/examination.js';
import { mutants, type Mutant } from './mutants.js';

const project = resolve(import.meta.dirname, '../..');

/** Each module compiled to a file of its own: what users get has them bundled. */
const compile = (): string => {
  const folder = mkdtempSync(join(project, 'node_modules/.cache/latentlab/modules-'));
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  const options = ['--noCheck', '--declaration', 'false', '--incremental', 'false', '--outDir', join(folder, 'dist')];
  execFileSync(process.execPath, [tsc, '-p', project, ...options]);
  cpSync(join(project, 'package.json'), join(folder, 'package.json'));
  return folder;
};

/** A mistake that is none. */
const sound: Mutant = { mistake: '', file: 'losses/kl.js', from: 'tf.sum(kl, -1)', to: 'tf.sum(kl, -1)', component: 'loss kl' };

const verifyAll = (all: readonly Mutant[]): readonly (readonly Finding[])[] => {
  const folder = compile();
  try {
    const file = join(folder, 'mutants.json');
    writeFileSync(file, JSON.stringify(all));
    const program = join(import.meta.dirname, 'verify-mutants.mjs');
    const output = execFileSync(process.execPath, [program, join(folder, 'dist'), file], { encoding: 'utf8', maxBuffer: 1 << 24 });
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
