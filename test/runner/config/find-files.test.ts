/** Which files a command line means. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/registry/errors.js';
import { findFiles, lookForFiles } from '../../../src/runner/config/find-files.js';
import { rejectionOf, temporaryFolder } from '../output/support.js';

const tree = (): string => {
  const folder = join(temporaryFolder(), 'study');
  mkdirSync(join(folder, 'deep'), { recursive: true });
  mkdirSync(join(folder, 'none'));
  for (const name of ['b.yaml', 'a.yml', 'deep/c.yaml', 'notes.txt', '.hidden.yaml']) writeFileSync(join(folder, name), '');
  return folder;
};
const faultsOf = async (promise: Promise<unknown>): Promise<readonly string[]> => {
  const error = await rejectionOf(promise);
  return error instanceof ConfigError
    ? error.faults.map(({ fault, place }) => `${fault.code} ${place.kind === 'file' ? place.file : ''}`)
    : [];
};

describe('the files of a command line', () => {
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

  it('are missed where there are none, all at once', async () => {
    const folder = tree();
    const inputs = [join(folder, 'none'), join(folder, 'other'), folder, `${folder}/x*.yaml`];
    const [none, other, , pattern] = inputs;
    expect(await faultsOf(findFiles(inputs))).toEqual([
      `no-experiments ${none ?? ''}`,
      `missing-file ${other ?? ''}`,
      `missing-file ${pattern ?? ''}`,
    ]);
    expect((await lookForFiles(inputs)).files).toHaveLength(3);
  });

  it('are guessed at where a name is misspelt', async () => {
    const folder = tree();
    const error = await rejectionOf(findFiles([join(folder, 'deep/d.yaml')]));
    expect(String(error)).toContain('did you mean');
  });
});
