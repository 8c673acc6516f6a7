/** NPZ archives: ZIP files of NPY files, an array's name being its file's without the ending. */
import { suggest } from '../../registry/suggest.js';
import { DataError } from './data-error.js';
import { parseNpy, type NpyArray } from './npy.js';
import { listZip, unpackEntry } from './zip.js';

interface Npz {
  /**
   * Unpacks one array into memory of its own.
   * @param param Which asks for it, for messages.
   * @throws DataError no-such-array, bad-archive, too-large, and what parseNpy throws
   */
  read(param: string, name: string): NpyArray;
  /**
   * The one array that is not among `names`.
   * @throws DataError several-arrays
   */
  onlyBeside(names: readonly (string | null)[]): string;
}

const ENDING = '.npy';
const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** @throws DataError bad-archive */
export const openNpz = (bytes: Uint8Array, file: string): Npz => {
  if (!isZip(bytes))
    throw new DataError('bad-archive', {
      file,
      reason: bytes.length === 0 ? 'it is empty' : 'it does not begin as a ZIP archive does',
      help: 'Give a file that numpy.savez wrote; for a single array (.npy) use `type: npy`.',
    });
  const entries = new Map(
    listZip(bytes, file)
      .filter(({ name }) => name.endsWith(ENDING))
      .map((entry) => [entry.name.slice(0, -ENDING.length), entry]),
  );
  const arrays = [...entries.keys()];
  return {
    read: (param, name) => {
      const entry = entries.get(name);
      if (entry === undefined)
        throw new DataError('no-such-array', { file, param, array: name, arrays, suggestion: suggest(name, arrays) });
      const title = `array ${name} of ${file}`;
      return parseNpy(unpackEntry(bytes, entry, title), title);
    },
    onlyBeside: (names) => {
      const others = arrays.filter((name) => !names.includes(name));
      const [only] = others;
      if (only === undefined || others.length > 1) throw new DataError('several-arrays', { file, param: 'array', arrays: others });
      return only;
    },
  };
};
