/** What a batch says of files and arguments that are other than when it began. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openBatch, type Batch, type Choice } from '../../src/batch/batch.js';
import { expandFiles } from '../../src/batch/expand.js';
import type { ExperimentHashes } from '../../src/runner/config/hash.js';
import type { Arguments } from '../../src/runner/config/overrides.js';
import { noResources } from '../../src/runner/config/resource-params.js';
import { createRegistry } from '../../src/runner/registry.js';
import { writeInto } from '../components/shared/temporary.js';
import { temporaryFolder } from '../runner/output/support.js';
import { tinyExperiment } from '../support/batch-kills.js';

const open = async (folder: string, changes: Arguments = {}, choice: Choice = 'unfinished'): Promise<Batch> => {
  const options = {
    inputs: [join(folder, 'study')],
    out: join(folder, 'out'),
    priorities: [],
    resources: noResources,
    only: [],
    dryRun: false,
  };
  const batch = await openBatch({ ...options, changes, choice }, createRegistry());
  await batch.release();
  return batch;
};

it('tells of files that have come, gone or changed, and of what they extend wherever that lies', async () => {
  const folder = temporaryFolder();
  for (const name of ['shared', 'study']) mkdirSync(join(folder, name));
  writeInto(folder, 'shared/base.yaml', tinyExperiment('base', 1));
  const part = 'extends: ../shared/base.yaml\n';
  for (const name of ['a', 'b']) writeInto(folder, `study/${name}.yaml`, `${part}seed: ${name === 'a' ? '1' : '2'}\n`);
  expect((await open(folder)).notes).toEqual([]);
  expect((await open(folder)).notes).toEqual([]);
  writeFileSync(join(folder, 'shared/base.yaml'), tinyExperiment('base', 3));
  writeFileSync(join(folder, 'study/c.yaml'), part);
  rmSync(join(folder, 'study/b.yaml'));
  const { notes } = await open(folder);
  expect(notes.map((note) => note.replace(`${folder}/`, '').replace(/ since.*/, '')).toSorted()).toEqual([
    'shared/base.yaml has changed',
    'study/b.yaml has gone',
    'study/c.yaml has come',
  ]);
});

it('changes all of its runs by arguments, and tells of arguments that are other than when it began', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'study'));
  writeInto(folder, 'study/a.yaml', tinyExperiment('a', 1));
  writeInto(folder, 'study/b.yaml', tinyExperiment('b', 2));
  const overlay = writeInto(folder, 'wide.yaml', 'model: { discriminator: { hidden: [8] } }\n');
  const changes = { overrides: ['training.epochs=7'], removals: ['checkpoints'], overlays: [overlay] };
  const begun = await open(folder, changes);
  expect(begun.notes).toEqual([]);
  for (const { resolved } of begun.manifest.runs) expect(resolved).toMatch(/hidden:\n\s+- 8\n(.|\n)*epochs: 7\n/);
  const plain = await expandFiles(
    ['a', 'b'].map((name) => join(folder, `study/${name}.yaml`)),
    createRegistry(),
  );
  const hashesOf = (runs: readonly { readonly hashes: ExperimentHashes }[]): readonly string[] =>
    runs.map(({ hashes }) => hashes.experiment);
  expect(hashesOf(begun.manifest.runs).some((hash) => hashesOf(plain.runs).includes(hash))).toBe(false);
  expect((await open(folder, changes)).notes).toEqual([]);
  const other = await open(folder, { overrides: ['training.epochs=8'] });
  expect(other.manifest.runs).toEqual(begun.manifest.runs);
  expect(other.notes).toEqual([
    expect.stringMatching(/^the batch began with --set-file .* --set training.epochs=7, not with --set training.epochs=8/),
  ]);
  writeFileSync(overlay, 'model: { discriminator: { hidden: [9] } }\n');
  expect((await open(folder, changes)).notes).toEqual([expect.stringContaining('wide.yaml has changed since the batch began')]);
  const anew = await open(folder, { overrides: ['training.epochs=8'] }, 'needed');
  expect(anew.manifest.runs.map(({ resolved }) => /epochs: \d/.exec(resolved)?.[0])).toEqual(['epochs: 8', 'epochs: 8']);
});
