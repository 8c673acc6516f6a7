import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import imageFolder from '../../../src/components/datasets/image-folder.js';
import type { Data } from '../../../src/registry/contracts/index.js';
import type { ValuesOf } from '../../../src/registry/params.js';
import { fill, plain, png } from '../shared/image-bytes.js';
import { dataErrorOf, problem } from '../shared/rejection.js';
import { temporaryFolder } from '../shared/temporary.js';
import { contextOf, noLimit, readAll } from './context.js';

type Values = ValuesOf<typeof imageFolder.params>;
const defaults: Omit<Values, 'folder'> = {
  classes: null,
  size: null,
  fit: 'cover',
  channels: null,
  binarization: 'none',
  validation: 0,
  test: 0,
  shuffle: false,
  limit: noLimit,
};
const build = (folder: string, params: Partial<Values> = {}) => imageFolder.build({ folder, ...defaults, ...params });
const load = (folder: string, params: Partial<Values> = {}, context: Parameters<typeof contextOf>[0] = {}): Promise<Data> =>
  build(folder, params).load(contextOf(context));
const errorOf = (folder: string, params: Partial<Values> = {}) => dataErrorOf(() => load(folder, params));

let root = '';
let numFolders = 0;
beforeAll(() => {
  root = temporaryFolder();
});
/** A new folder with these files. */
const folderOf = (files: Readonly<Record<string, Uint8Array | string>>): string => fill(join(root, `images-${numFolders++}`), files);
/** First bytes of the images of a split. */
const bytesOf = ({ splits, shape }: Data, split: 'train' | 'validation' | 'test' = 'train'): readonly number[] => {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const { x } = readAll(splits[split], size);
  return Array.from({ length: splits[split].count }, (_, i) => Math.round((x[i * size] ?? 0) * 255));
};
const labelsOf = ({ splits }: Data, size: number, split: 'train' | 'validation' | 'test' = 'train'): readonly number[] => [
  ...readAll(splits[split], size).labels,
];

describe('image-folder', () => {
  it('reads images directly inside, by name and without labels', async () => {
    const folder = folderOf({
      'b.png': plain(3, 2, 20),
      'a.PNG': plain(3, 2, 10),
      'B.png': plain(3, 2, 30),
      'notes.txt': 'x',
      '.hidden.png': 'x',
    });
    const lines: string[] = [];
    const data = await load(folder, {}, { log: (line) => lines.push(line) });
    expect(data).toMatchObject({ shape: [2, 3, 1], numClasses: null, support: 'unit-interval' });
    expect(data).not.toHaveProperty('classNames');
    expect(bytesOf(data)).toEqual([30, 10, 20]);
    expect(lines).toEqual([`${folder}: decoding 3 images; 1 other file is passed over`]);
    expect(Object.keys(data.hashes)).toEqual([folder]);
    expect(data.hashes[folder]).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('takes folders as classes, by name, with the images at any depth below them', async () => {
    const folder = folderOf({
      'rose/1.png': plain(1, 1, 4),
      'daisy/2.png': plain(1, 1, 2),
      'daisy/deep/1.png': plain(1, 1, 3),
      'daisy/1.png': plain(1, 1, 1),
    });
    const data = await load(folder);
    expect(data).toMatchObject({ numClasses: 2, classNames: ['daisy', 'rose'] });
    expect(bytesOf(data)).toEqual([1, 2, 3, 4]);
    expect(labelsOf(data, 1)).toEqual([0, 0, 0, 1]);
  });

  it('takes the classes that are asked for, in that order', async () => {
    const folder = folderOf({ 'a/1.png': plain(1, 1, 1), 'b/1.png': plain(1, 1, 2), 'c/1.png': plain(1, 1, 3) });
    const data = await load(folder, { classes: ['c', 'a'] });
    expect([bytesOf(data), labelsOf(data, 1), data.classNames]).toEqual([
      [3, 1],
      [0, 1],
      ['c', 'a'],
    ]);
  });

  it('cuts splits from the images, in an order of the seed where they are shuffled', async () => {
    const folder = folderOf(
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${String.fromCharCode(97 + i)}.png`, plain(1, 1, i)])),
    );
    const ordered = await load(folder, { validation: 2, test: 3 });
    expect(bytesOf(ordered, 'validation')).toEqual([15, 16]);
    expect(bytesOf(ordered, 'test')).toEqual([17, 18, 19]);
    const shuffled = await load(folder, { validation: 2, test: 3, shuffle: true }, { seed: 5 });
    const all = (['train', 'validation', 'test'] as const).flatMap((split) => bytesOf(shuffled, split));
    expect(all).not.toEqual(all.toSorted((a, b) => a - b));
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(bytesOf(await load(folder, { validation: 2, test: 3, shuffle: true }, { seed: 5 }))).toEqual(bytesOf(shuffled));
    expect(bytesOf(await load(folder, { shuffle: true, limit: { ...noLimit, train: 4 } }, { seed: 5 }))).toEqual(all.slice(0, 4));
  });

  it('reads no image that no split needs', async () => {
    const folder = folderOf({ 'a.png': plain(1, 1, 1), 'b.png': 'broken' });
    expect(bytesOf(await load(folder, { limit: { ...noLimit, train: 1 } }))).toEqual([1]);
  });

  it('takes folders called train and test as splits, with the labels of training', async () => {
    const folder = folderOf({
      'train/a/1.png': plain(1, 1, 1),
      'train/b/1.png': plain(1, 1, 2),
      'train/b/2.png': plain(1, 1, 3),
      'test/b/1.png': plain(1, 1, 4),
    });
    const data = await load(folder, { validation: 1 });
    expect([bytesOf(data), bytesOf(data, 'validation'), bytesOf(data, 'test')]).toEqual([[1, 2], [3], [4]]);
    expect(labelsOf(data, 1, 'test')).toEqual([1]);
    expect(Object.keys(data.hashes)).toEqual([join(folder, 'train'), join(folder, 'test')]);
    expect(await errorOf(folder, { test: 1 })).toMatchObject(
      problem('conflicting-params', { params: ['test', `the folder ${join(folder, 'test')}`] }),
    );
    const flat = folderOf({ 'train/1.png': plain(1, 1, 1), 'validation/1.png': plain(1, 1, 2), 'test/1.png': plain(1, 1, 3) });
    const unlabelled = await load(flat);
    expect([bytesOf(unlabelled), bytesOf(unlabelled, 'validation'), bytesOf(unlabelled, 'test')]).toEqual([[1], [2], [3]]);
    expect(unlabelled.numClasses).toBeNull();
  });

  it('brings images of any kind to a size and channels', async () => {
    const folder = folderOf({
      'a.png': png(
        4,
        2,
        3,
        Array.from({ length: 24 }, () => 50),
      ),
      'b.png': plain(3, 9, 60),
    });
    const data = await load(folder, { size: [2, 3], channels: 2 });
    expect(data.shape).toEqual([2, 3, 2]);
    expect(bytesOf(data)).toEqual([50, 60]);
  });

  it('binarizes as other images are binarized', async () => {
    const folder = folderOf({ 'a.png': png(2, 1, 1, [100, 200]) });
    const data = await load(folder, { binarization: 'threshold' });
    expect(data.support).toBe('binary');
    expect([...readAll(data.splits.train, 2).x]).toEqual([0, 1]);
    expect(data.description).toContain('threshold');
  });

  it('knows before loading what params tell: all of size, channels and classes', () => {
    expect(build('x', { size: 8, channels: 3, classes: ['a', 'b'] }).facts).toEqual({
      shape: [8, 8, 3],
      numClasses: 2,
      support: 'unit-interval',
      classNames: ['a', 'b'],
    });
    expect(build('x', { size: 8, channels: 3 }).facts).toBeNull();
    expect(build('x', { size: 8, classes: ['a'] }).facts).toBeNull();
    expect(build('x', { channels: 3, classes: ['a'] }).facts).toBeNull();
  });

  it('has another hash for another image or another name', async () => {
    const hashOf = async (files: Readonly<Record<string, Uint8Array>>): Promise<string | undefined> =>
      Object.values((await load(folderOf(files))).hashes)[0];
    const first = await hashOf({ 'a.png': plain(1, 1, 1) });
    expect(await hashOf({ 'a.png': plain(1, 1, 1) })).toBe(first);
    expect(await hashOf({ 'b.png': plain(1, 1, 1) })).not.toBe(first);
    expect(await hashOf({ 'a.png': plain(1, 1, 2) })).not.toBe(first);
  });
});

describe('folders that cannot be used', () => {
  it('names the broken file among good ones, the first by name', async () => {
    const good = plain(4, 4, 1);
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${String(i + 10)}.png`, good]));
    const folder = folderOf({ ...files, '25.png': good.subarray(0, 30), '31.png': good.subarray(0, 20) });
    const error = await errorOf(folder);
    expect(error).toMatchObject(problem('bad-image', { file: join(folder, '25.png') }));
    expect(error.message).toContain(join(folder, '25.png'));
  });

  it('names two files of different size, their sizes, and the way out', async () => {
    const folder = folderOf({ 'a.png': plain(4, 2, 1), 'b.png': plain(4, 2, 1), 'c.png': plain(2, 4, 1) });
    const error = await errorOf(folder, { limit: noLimit });
    const expected = {
      param: 'size',
      first: join(folder, 'a.png'),
      firstHas: [2, 4],
      other: join(folder, 'c.png'),
      otherHas: [4, 2],
    } as const;
    expect(error).toMatchObject(problem('images-differ', expected));
    expect(error.message.replaceAll(folder, 'x')).toMatchInlineSnapshot(`
      "x/a.png is 2 x 4, x/c.png 4 x 2 (height x width); expected one size.
      Set \`size\` to bring all images to one, e.g. size: 2."
    `);
    expect((await load(folder, { size: 2 })).shape).toEqual([2, 2, 1]);
  });

  it('names two files of different channels, and the way out', async () => {
    const folder = folderOf({ 'a.png': plain(1, 1, 1), 'b.png': png(1, 1, 3, [1, 2, 3]) });
    const error = await errorOf(folder);
    expect(error).toMatchObject(problem('images-differ', { param: 'channels', firstHas: [1], otherHas: [3] }));
    expect(error.message.replaceAll(folder, 'x')).toMatchInlineSnapshot(`
      "x/a.png has channels: 1, x/b.png: 3; expected as many in all.
      Set \`channels\` to bring all images to one number: 1 for grey, 3 for colours."
    `);
    expect((await load(folder, { channels: 3 })).shape).toEqual([1, 1, 3]);
  });

  it('holds the other splits to the first training image too', async () => {
    const folder = folderOf({ 'train/1.png': plain(2, 2, 1), 'test/1.png': plain(3, 3, 1) });
    expect(await errorOf(folder)).toMatchObject(
      problem('images-differ', { first: join(folder, 'train/1.png'), other: join(folder, 'test/1.png') }),
    );
  });

  it('says that a folder is not there, or is a file', async () => {
    expect(await errorOf(join(root, 'nowhere'))).toMatchObject(problem('missing-file', { lookedFor: [join(root, 'nowhere')] }));
    const folder = folderOf({ 'a.png': plain(1, 1, 1) });
    expect((await errorOf(join(folder, 'a.png'))).message).toContain('That is a file');
    expect(await errorOf(join(folder, 'a.png', 'b'))).toMatchObject(problem('missing-file'));
  });

  it('says that there are no images: in the folder, or in a class', async () => {
    const empty = folderOf({ 'notes.txt': 'x', 'b.gif': 'x' });
    const error = await errorOf(empty);
    expect(error).toMatchObject(problem('no-images', { folder: empty, others: 2 }));
    expect(error.message.replaceAll(empty, 'x')).toMatchInlineSnapshot(`
      "x holds no images (and 2 other files); expected files that end in .png, .jpg, .jpeg.
      Give a folder with images, or with one folder of images for each class; take folders without any out."
    `);
    const classes = folderOf({ 'a/1.png': plain(1, 1, 1), 'b/notes.txt': 'x' });
    expect(await errorOf(classes)).toMatchObject(problem('no-images', { folder: join(classes, 'b'), others: 1 }));
    const bare = folderOf({});
    mkdirSync(bare);
    expect(await errorOf(bare)).toMatchObject(problem('no-images', { folder: bare, others: 0 }));
  });

  it('refuses what can be understood in two ways', async () => {
    const both = folderOf({ 'a.png': plain(1, 1, 1), 'b/1.png': plain(1, 1, 1) });
    expect(await errorOf(both)).toMatchObject(problem('bad-folder-layout', { folder: both }));
    const misspelt = folderOf({ 'train/1.png': plain(1, 1, 1), 'val/1.png': plain(1, 1, 1) });
    expect((await errorOf(misspelt)).message).toContain('beside val');
    const uneven = folderOf({ 'train/1.png': plain(1, 1, 1), 'test/a/1.png': plain(1, 1, 1) });
    expect(await errorOf(uneven)).toMatchObject(problem('bad-folder-layout', { folder: join(uneven, 'test') }));
    const stranger = folderOf({ 'train/a/1.png': plain(1, 1, 1), 'test/b/1.png': plain(1, 1, 1) });
    expect((await errorOf(stranger)).message).toContain('class b');
  });

  it('refuses classes that are not there', async () => {
    const folder = folderOf({ 'a/1.png': plain(1, 1, 1) });
    expect((await errorOf(folder, { classes: ['a', 'x'] })).message).toContain('no folder x');
    const flat = folderOf({ '1.png': plain(1, 1, 1) });
    expect(await errorOf(flat, { classes: ['a'] })).toMatchObject(problem('bad-folder-layout', { folder: flat }));
  });

  it('refuses splits that leave nothing to train on', async () => {
    const folder = folderOf({ 'a.png': plain(1, 1, 1), 'b.png': plain(1, 1, 1) });
    expect(await errorOf(folder, { test: 2 })).toMatchObject(problem('split-too-large', { param: 'test', available: 1 }));
  });
});

describe('links', () => {
  it('are followed to files and folders', async () => {
    const elsewhere = folderOf({ '1.png': plain(1, 1, 7) });
    const folder = folderOf({ 'b/1.png': plain(1, 1, 8) });
    symlinkSync(elsewhere, join(folder, 'a'));
    symlinkSync(join(elsewhere, '1.png'), join(folder, 'b', '2.png'));
    const data = await load(folder);
    expect([bytesOf(data), labelsOf(data, 1)]).toEqual([
      [7, 8, 7],
      [0, 1, 1],
    ]);
  });

  it('end where they lead back', async () => {
    const folder = folderOf({ 'a/1.png': plain(1, 1, 1), 'a/deep/2.png': plain(1, 1, 2), 'b/1.png': plain(1, 1, 3) });
    symlinkSync('..', join(folder, 'a', 'up'));
    symlinkSync('.', join(folder, 'a', 'here'));
    symlinkSync('../../a', join(folder, 'a', 'deep', 'round'));
    expect(bytesOf(await load(folder))).toEqual([1, 2, 3]);
  });

  it('to nothing are named where they are called images, and passed over where they are not', async () => {
    const folder = folderOf({ 'a.png': plain(1, 1, 1) });
    symlinkSync('nowhere', join(folder, 'notes'));
    symlinkSync('itself', join(folder, 'itself'));
    expect(bytesOf(await load(folder))).toEqual([1]);
    symlinkSync('nowhere', join(folder, 'b.png'));
    expect(await errorOf(folder)).toMatchObject(problem('unreadable-file', { file: join(folder, 'b.png') }));
    const loop = folderOf({ 'a.png': plain(1, 1, 1) });
    symlinkSync('b.png', join(loop, 'b.png'));
    expect(await errorOf(loop)).toMatchObject(problem('unreadable-file', { file: join(loop, 'b.png') }));
  });
});
