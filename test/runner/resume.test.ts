/** What is said of a run that is gone on with. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadExperiment } from '../../src/runner/config/load.js';
import { createRegistry } from '../../src/runner/registry.js';
import { describeEdits, readRecord } from '../../src/runner/resume.js';
import type { RunRecord } from '../../src/runner/output/record.js';
import { runWith } from './small-run.js';

it('tells an edit of a run from a version that reads the same text with other defaults', async () => {
  const { folder } = await runWith('training.epochs=1', 'metrics=[]', 'plots=[]');
  const record = await readRecord(folder);
  const file = join(folder, 'resolved.yaml');
  const editsOf = async (changes: Partial<RunRecord> = {}): Promise<readonly string[]> =>
    describeEdits({ ...record, ...changes }, await loadExperiment(file, { registry: createRegistry() }));
  expect(await editsOf()).toEqual([]);
  expect(await editsOf({ hashes: { experiment: 'by older defaults', variant: '' } })).toEqual([]);
  const text = await readFile(file, 'utf8');
  await writeFile(file, `# mine\n${text}`);
  expect(await editsOf()).toEqual([]);
  await writeFile(file, text.replace(/^seed: .*/m, 'seed: 77'));
  expect(await editsOf()).toEqual(["resolved.yaml has changed since the run began: what follows is another run's"]);
});
