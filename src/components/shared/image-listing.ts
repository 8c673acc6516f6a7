/** What images there are in a folder: directly inside, or in one folder for each class. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DataError, hasCode, reasonOf } from './data-error.js';

const imageExtensions = ['.png', '.jpg', '.jpeg'] as const;
const isImageName = (name: string): boolean => imageExtensions.some((extension) => extension === extname(name).toLowerCase());

export interface ImageListing {
  readonly folder: string;
  /** Paths of the images, those of one class together, in the order of their names. */
  readonly files: readonly string[];
  /** Names of the classes, by label; null where the images are directly inside. */
  readonly classNames: readonly string[] | null;
  /** The class of each file. */
  readonly labels: Int32Array | null;
  /** Files that were passed over because of their names. */
  readonly others: number;
}

interface Contents {
  readonly images: readonly string[];
  readonly folders: readonly string[];
  readonly others: number;
}

const attempt = async <T>(file: string, action: () => Promise<T>): Promise<T> => {
  try {
    return await action();
  } catch (error) {
    throw new DataError('unreadable-file', { file, reason: reasonOf(error) });
  }
};

const isFolder = async (path: string, entry: Dirent): Promise<boolean> => {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    // A link to nothing matters only if it is called an image: reading it will tell.
    if (hasCode(error, 'ENOENT', 'ELOOP', 'ENOTDIR')) return false;
    throw new DataError('unreadable-file', { file: path, reason: reasonOf(error) });
  }
};

/** Names in the order of their code units, the same on every machine; hidden files and folders are left out and not counted. */
const contentsOf = async (folder: string): Promise<Contents> => {
  const entries = await attempt(folder, () => readdir(folder, { withFileTypes: true }));
  const images: string[] = [];
  const folders: string[] = [];
  let others = 0;
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (await isFolder(path, entry)) folders.push(entry.name);
    else if (isImageName(entry.name)) images.push(entry.name);
    else others++;
  }
  return { images: images.sort(), folders: folders.sort(), others };
};

/** All images at and below a folder. `parents` are the true paths of the folders above: a link back to one of them ends there. */
const walk = async (
  folder: string,
  parents: readonly string[],
): Promise<{ readonly files: readonly string[]; readonly others: number }> => {
  const here = await attempt(folder, () => realpath(folder));
  if (parents.includes(here)) return { files: [], others: 0 };
  const { images, folders, others } = await contentsOf(folder);
  const below = [];
  for (const name of folders) below.push(await walk(join(folder, name), [...parents, here]));
  return {
    files: [...images.map((name) => join(folder, name)), ...below.flatMap(({ files }) => files)],
    others: below.reduce((count, each) => count + each.others, others),
  };
};

/** The names of the folders in a folder. */
export const foldersIn = async (folder: string): Promise<readonly string[]> => (await contentsOf(folder)).folders;

const noImages = (folder: string, others: number): DataError => new DataError('no-images', { folder, others, extensions: imageExtensions });

/**
 * Lists the images of `folder`. Folders inside are classes, and the images at any depth below them are theirs.
 * @param chosen Names of the classes, by label; null for all folders, by name.
 * @throws DataError unreadable-file, no-images (the folder or a class has none), bad-folder-layout
 */
export const listImages = async (folder: string, chosen: readonly string[] | null): Promise<ImageListing> => {
  const { images, folders, others } = await contentsOf(folder);
  if (folders.length === 0 && chosen === null) {
    if (images.length === 0) throw noImages(folder, others);
    return { folder, files: images.map((name) => join(folder, name)), classNames: null, labels: null, others };
  }
  if (images.length > 0)
    throw new DataError('bad-folder-layout', {
      folder,
      problem:
        folders.length === 0
          ? `holds images directly, such as ${images[0] ?? ''}, and \`classes\` names folders`
          : `holds images directly, such as ${images[0] ?? ''}, beside folders, such as ${folders[0] ?? ''}`,
      help: 'Put all images into folders, one for each class, or all of them directly inside (and leave out `classes`).',
    });
  const missing = chosen?.find((name) => !folders.includes(name));
  if (missing !== undefined)
    throw new DataError('bad-folder-layout', {
      folder,
      problem: `has no folder ${missing}, which \`classes\` names; it has ${folders.join(', ')}`,
      help: 'Name the folders as they are called.',
    });
  const classNames = chosen ?? folders;
  const root = await attempt(folder, () => realpath(folder));
  const classes = [];
  for (const name of classNames) {
    const found = await walk(join(folder, name), [root]);
    if (found.files.length === 0) throw noImages(join(folder, name), found.others);
    classes.push(found);
  }
  return {
    folder,
    files: classes.flatMap(({ files }) => files),
    classNames,
    labels: Int32Array.from(classes.flatMap(({ files }, label) => files.map(() => label))),
    others: classes.reduce((count, each) => count + each.others, others),
  };
};
