/**
 * The four files of MNIST: found in a folder, or downloaded once. They are recognised by the MD5 of their unpacked content, since copies
 * packed anew are as good as the original.
 */
import { join } from 'node:path';
import { DataError } from './data-error.js';
import { decompress, md5, readIfThere } from './data-file.js';
import { downloadInto } from './download.js';

export interface MnistFile {
  readonly name: string;
  /** Of its unpacked content. */
  readonly hash: string;
}

export const mnistFiles = {
  trainImages: { name: 'train-images-idx3-ubyte', hash: 'md5:6bbc9ace898e44ae57da46a324031adb' },
  trainLabels: { name: 'train-labels-idx1-ubyte', hash: 'md5:a25bea736e30d166cdddb491f175f624' },
  testImages: { name: 't10k-images-idx3-ubyte', hash: 'md5:2646ac647ad5339dbf082846283269ea' },
  testLabels: { name: 't10k-labels-idx1-ubyte', hash: 'md5:27ae3e4e09519cfbb04c329615203637' },
} as const satisfies Readonly<Record<string, MnistFile>>;

export interface MnistPlaces {
  /** The only place to look in; null to look everywhere and then download. */
  readonly folder: string | null;
  readonly dataFolder: string | null;
  readonly cacheFolder: string;
  /** Base URLs. */
  readonly mirrors: readonly string[];
  readonly log: (line: string) => void;
}

/** The largest of the four, unpacked. */
const MAX_BYTES = 47_040_016;
const STALL_MS = 30_000;
const wayOut =
  `Put ${Object.values(mnistFiles)
    .map(({ name }) => `${name}.gz`)
    .join(', ')} into one folder and set LATENTLAB_DATA to it ` + '(or give it as `folder`); or use `mnist-10k`, which needs no download.';

/** Names that the file goes by: packed and not, and with the dot that some copies have. */
const spellings = (name: string): readonly string[] => [name, name.replace('-idx', '.idx')].flatMap((each) => [`${each}.gz`, each]);

const verify = async (bytes: Uint8Array, { hash }: MnistFile, file: string, help: string): Promise<Uint8Array> => {
  const unpacked = await decompress(bytes, file, MAX_BYTES);
  const actual = md5(unpacked);
  if (actual !== hash) throw new DataError('wrong-hash', { file, expected: hash, actual, help });
  return unpacked;
};

const readFirst = async (paths: readonly string[]): Promise<{ readonly path: string; readonly bytes: Uint8Array } | null> => {
  for (const path of paths) {
    const bytes = await readIfThere(path);
    if (bytes !== null) return { path, bytes };
  }
  return null;
};

/**
 * The unpacked content of one file.
 * @throws DataError missing-file, unreadable-file, bad-gzip, wrong-hash, unwritable-cache, download-failed
 */
export const readMnistFile = async (
  file: MnistFile,
  { folder, dataFolder, cacheFolder, mirrors, log }: MnistPlaces,
): Promise<Uint8Array> => {
  const names = spellings(file.name);
  const folders = folder !== null ? [folder] : dataFolder !== null ? [dataFolder, join(dataFolder, 'mnist')] : [];
  const lookedFor = folders.flatMap((each) => names.map((name) => join(each, name)));
  const given = await readFirst(lookedFor);
  if (given !== null)
    return verify(given.bytes, file, given.path, 'Fetch it again; for other data in the same format use the dataset `idx`.');
  if (folder !== null) throw new DataError('missing-file', { file: file.name, lookedFor, help: wayOut });

  const name = `${file.name}.gz`;
  const cache = join(cacheFolder, 'mnist');
  const cached = await readIfThere(join(cache, name));
  if (cached !== null) {
    try {
      return await verify(cached, file, join(cache, name), '');
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      log(`${join(cache, name)} is damaged (${error.code}) and is downloaded again`);
    }
  }
  return downloadInto(cache, {
    name,
    urls: mirrors.map((mirror) => `${mirror.replace(/\/+$/, '')}/${name}`),
    maxBytes: MAX_BYTES,
    stallMs: STALL_MS,
    open: (bytes) => verify(bytes, file, `${name} as downloaded`, ''),
    help: lookedFor.length === 0 ? wayOut : `It is not in ${folders.join(' or ')} either. ${wayOut}`,
    log,
  });
};
