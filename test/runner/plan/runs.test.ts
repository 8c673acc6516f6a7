import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { listRuns } from '../../../src/runner/plan/runs.js';
import { fill } from '../../components/shared/image-bytes.js';
import { temporaryFolder } from '../output/support.js';

describe('the runs of a command line', () => {
  it('are its files, in their order, and those of its folders by name', async () => {
    const text = new TextEncoder().encode('name: x\n');
    const folder = fill(join(temporaryFolder(), 'many'), { 'b.yaml': text, 'a/c.yml': text, 'notes.md': text });
    expect(await listRuns(['z.yaml', folder], ['seed=3'])).toEqual(
      ['z.yaml', join(folder, 'a/c.yml'), join(folder, 'b.yaml')].map((file) => ({ file, overrides: ['seed=3'] })),
    );
  });
});
