import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashContent } from '../../src/plugins/content.js';
import { folderOf } from './support.js';

const files = {
  'a.js': "import { b } from './b.js';\nconst c = await import('./deep/c.js');\nimport 'latentlab';\n",
  'b.js': "export * from './a.js';\n",
  'deep/c.js': 'export {};\n',
  'unrelated.js': '',
};

describe('the hash of a plug-in', () => {
  it('is of what it says, wherever it lies', async () => {
    const [one, two] = [folderOf(files), folderOf(files)];
    expect(await hashContent(join(one, 'a.js'))).toBe(await hashContent(join(two, 'a.js')));
  });

  it.each(['a.js', 'b.js', 'deep/c.js'])('changes with %s, which it is made of', async (name) => {
    const folder = folderOf(files);
    const before = await hashContent(join(folder, 'a.js'));
    writeFileSync(join(folder, name), `${files[name as keyof typeof files]}// changed\n`);
    expect(await hashContent(join(folder, 'a.js'))).not.toBe(before);
  });

  it('does not change with other files, and stops at none that is missing', async () => {
    const folder = folderOf({ ...files, 'b.js': "import './none.js';" });
    const before = await hashContent(join(folder, 'a.js'));
    writeFileSync(join(folder, 'unrelated.js'), 'changed');
    expect(await hashContent(join(folder, 'a.js'))).toBe(before);
  });
});
