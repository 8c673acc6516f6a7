/** The page on how the code is laid out, held against the folders. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, textOf } from './documents.js';

const foldersIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** Kinds whose names say all, and the way of the data. */
const known = [
  ...['datasets', 'encoders', 'decoders', 'generators', 'discriminators', 'priors', 'likelihoods', 'models', 'losses', 'optimizers'],
  ...['schedules', 'metrics', 'plots', 'shared', 'config', 'assemble', 'train', 'output'],
];

it('names every folder of the sources that its diagram does not', () => {
  const text = textOf('docs/architecture.md');
  const folders = [
    ...foldersIn('src').map((name) => `src/${name}`),
    ...['components', 'runner'].flatMap((name) => foldersIn(`src/${name}`)),
  ];
  expect(folders.length).toBeGreaterThan(30);
  expect(folders.filter((name) => !known.includes(name) && !text.includes(`\`${name}/\``))).toEqual([]);
});

it('names no folder that is gone', () => {
  const table = [...textOf('docs/architecture.md').matchAll(/^\| (.*?) \|/gm)].flatMap(
    ([, cell = '']) => cell.match(/(?<=`)[\w/]+(?=\/`)/g) ?? [],
  );
  expect(table.length).toBeGreaterThan(12);
  const gone = table.filter((name) => {
    const [parent, own] = name.includes('/') ? [name.split('/')[0] ?? '', name.split('/')[1] ?? ''] : ['.', name];
    return !foldersIn(parent).includes(own);
  });
  expect(gone).toEqual([]);
});
