import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BatchError } from '../../src/batch/errors.js';
import { findFiles, nameBatch } from '../../src/batch/files.js';
import { rejectionOf, temporaryFolder } from '../runner/output/support.js';

const tree = (): string => {
  const folder = join(temporaryFolder(), 'study');
  mkdirSync(join(folder, 'deep'), { recursive: true });
  mkdirSync(join(folder, 'none'));
  for (const name of ['b.yaml', 'a.yml', 'deep/c.yaml', 'notes.txt', '.hidden.yaml']) writeFileSync(join(folder, name), '');
  return folder;
};
const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error = await rejectionOf(promise);
  return error instanceof BatchError ? String(error.code) : String(error);
};

describe('the files of a batch', () => {
  it('are those of a folder and of the folders below, by name', async () => {
    const folder = tree();
    expect(await findFiles([folder])).toEqual(['a.yml', 'b.yaml', 'deep/c.yaml'].map((name) => join(folder, name)));
  });

  it('are each taken once, in the order of the arguments', async () => {
    const folder = tree();
    expect(await findFiles([join(folder, 'deep/c.yaml'), folder])).toEqual(
      ['deep/c.yaml', 'a.yml', 'b.yaml'].map((name) => join(folder, name)),
    );
  });

  it('are found by patterns', async () => {
    const folder = tree();
    expect(await findFiles([`${folder}/**/[bc]*`])).toEqual(['b.yaml', 'deep/c.yaml'].map((name) => join(folder, name)));
  });

  it('are missed where there are none', async () => {
    const folder = tree();
    expect(await codeOf(findFiles([join(folder, 'none')]))).toBe('no-experiments');
    expect(await codeOf(findFiles([join(folder, 'other')]))).toBe('no-such-file');
    expect(await codeOf(findFiles([`${folder}/x*.yaml`]))).toBe('no-such-file');
  });

  it.each([
    [['configs/seed'], 'seed'],
    [['configs/seed/'], 'seed'],
    [['configs/seed/vae.yaml'], 'vae'],
    [['configs/seed', 'configs/gans/wgan.yaml'], 'configs'],
    [['configs/seed/a.yaml', 'configs/seed/b.yaml'], 'seed'],
    [['configs/seed/**/*.yaml'], 'seed'],
    [['/*.yaml'], 'batch'],
  ])('name the batch by the arguments alone: %j', (inputs, name) => {
    expect(nameBatch(inputs)).toBe(name);
  });
});
