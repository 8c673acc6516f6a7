/** Which images belong to which split, where a folder of images has folders for its splits. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SplitName } from '../../registry/contracts/index.js';
import { DataError, hasCode, reasonOf } from './data-error.js';
import { foldersIn, listImages, type ImageListing } from './image-listing.js';

/** The listed images of each split; null where there is no folder for it. */
export type SplitListings = Readonly<Record<Exclude<SplitName, 'train'>, ImageListing | null>> & { readonly train: ImageListing };

const splitFolders: readonly string[] = ['train', 'validation', 'test'] satisfies readonly SplitName[];

const assertFolder = async (folder: string): Promise<void> => {
  const path = resolve(folder);
  const fail = (help: string): DataError => new DataError('missing-file', { file: `the folder ${folder}`, lookedFor: [path], help });
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw fail('Relative paths start at the current directory.');
    throw new DataError('unreadable-file', { file: folder, reason: reasonOf(error) });
  }
  throw fail('That is a file: give the folder that it is in.');
};

/** A class by the name of `train` would be a folder of splits to whoever guesses: nothing is guessed. */
const hasSplits = (folder: string, folders: readonly string[]): boolean => {
  if (!folders.includes('train') || folders.length === 1) return false;
  const stranger = folders.find((name) => !splitFolders.includes(name));
  if (stranger === undefined) return true;
  throw new DataError('bad-folder-layout', {
    folder,
    problem: `holds a folder train, as a split is called, beside ${stranger}, as no split is called`,
    help: 'Call the folders of the splits train, validation and test, and no folder of a class train.',
  });
};

/** Labels of a split must mean what they mean in training. */
const listLike = async (folder: string, train: ImageListing, classes: readonly string[] | null): Promise<ImageListing> => {
  const listing = await listImages(folder, classes);
  if ((listing.classNames === null) !== (train.classNames === null))
    throw new DataError('bad-folder-layout', {
      folder,
      problem: `holds ${listing.classNames === null ? 'images directly' : 'one folder for each class'}, ${train.folder} does not`,
      help: 'Lay out both alike.',
    });
  const { classNames, labels } = listing;
  if (classNames === null || labels === null) return listing;
  const byLabel = classNames.map((name) => train.classNames?.indexOf(name) ?? -1);
  const stranger = byLabel.indexOf(-1);
  if (stranger >= 0)
    throw new DataError('bad-folder-layout', {
      folder,
      problem: `holds a class ${classNames[stranger] ?? ''}, which ${train.folder} does not have`,
      help: 'Give the training images that class too, or list in `classes` those to take.',
    });
  return { ...listing, classNames: train.classNames, labels: labels.map((label) => byLabel[label] ?? 0) };
};

/**
 * Lists the images of a folder. Where it holds folders `train` and `validation` or `test`, and no other, these are the splits.
 * @param classes Names of the class folders, by label; null for all that are there.
 * @throws DataError missing-file, unreadable-file, no-images, bad-folder-layout
 */
export const listSplits = async (folder: string, classes: readonly string[] | null): Promise<SplitListings> => {
  await assertFolder(folder);
  const folders = await foldersIn(folder);
  if (!hasSplits(folder, folders)) return { train: await listImages(folder, classes), validation: null, test: null };
  const train = await listImages(join(folder, 'train'), classes);
  const other = async (name: SplitName): Promise<ImageListing | null> =>
    folders.includes(name) ? listLike(join(folder, name), train, classes) : null;
  return { train, validation: await other('validation'), test: await other('test') };
};
