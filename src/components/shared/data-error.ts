/** What can go wrong with data: a closed list of codes, each with its facts, and the one place where their texts are written. */

export interface DataErrorFacts {
  /** `help` is a sentence that says what to do. */
  'missing-file': { readonly file: string; readonly lookedFor: readonly string[]; readonly help: string };
  'unreadable-file': { readonly file: string; readonly reason: string };
  'bad-gzip': { readonly file: string; readonly reason: string };
  'wrong-hash': { readonly file: string; readonly expected: string; readonly actual: string; readonly help: string };
  'not-idx': { readonly file: string; readonly firstBytes: Uint8Array };
  'unsupported-idx': { readonly file: string; readonly found: string; readonly supported: string };
  truncated: { readonly file: string; readonly bytes: number; readonly expectedBytes: number };
  'trailing-bytes': { readonly file: string; readonly bytes: number; readonly expectedBytes: number };
  'labels-as-images': { readonly file: string; readonly count: number };
  'images-as-labels': { readonly file: string; readonly dims: readonly number[] };
  'no-examples': { readonly file: string };
  'value-out-of-range': { readonly file: string; readonly value: number; readonly index: number; readonly range: string };
  'count-mismatch': { readonly images: string; readonly numImages: number; readonly labels: string; readonly numLabels: number };
  'shape-mismatch': {
    readonly train: string;
    readonly trainShape: readonly number[];
    readonly test: string;
    readonly testShape: readonly number[];
  };
  /** `available` is the largest `asked` that would do. */
  'split-too-large': { readonly param: string; readonly asked: number; readonly available: number };
  /** One of two params makes sense only with the other. */
  'incomplete-params': { readonly given: string; readonly missing: string };
  'conflicting-params': { readonly params: readonly [string, string] };
  'download-failed': { readonly file: string; readonly attempts: readonly DownloadAttempt[]; readonly help: string };
  'unwritable-cache': { readonly folder: string; readonly reason: string; readonly help: string };
  /** A folder of images that is laid out so that nobody can tell what is meant; `problem` is a clause, `help` a sentence. */
  'bad-folder-layout': { readonly folder: string; readonly problem: string; readonly help: string };
  /** `others` counts the files that were passed over because of their names. */
  'no-images': { readonly folder: string; readonly others: number; readonly extensions: readonly string[] };
  'bad-image': { readonly file: string; readonly reason: string };
  /** Images of one data set must agree: `param` makes them. */
  'images-differ': {
    readonly param: 'size' | 'channels';
    readonly first: string;
    readonly firstHas: readonly number[];
    readonly other: string;
    readonly otherHas: readonly number[];
  };
  'too-many-pixels': { readonly folder: string; readonly bytes: number };
  'no-image-decoder': { readonly reason: string };
  /** A transform that does not fit data of which this was not known beforehand; `index` is its place in the list. */
  'transform-misfit': {
    readonly index: number;
    readonly transform: string;
    readonly param: string | null;
    readonly message: string;
    readonly help: string;
  };
  /** Not CSV at all: quotes that do not close, and the like. */
  'bad-csv': { readonly file: string; readonly reason: string };
  'bad-header': { readonly file: string; readonly problem: string; readonly help: string };
  /** `faults` are the first of `count`. */
  'bad-rows': { readonly file: string; readonly faults: readonly RowFault[]; readonly count: number };
  'no-such-column': {
    readonly file: string;
    readonly param: string;
    readonly column: string;
    readonly columns: readonly string[];
    readonly suggestion: string | null;
  };
  'wrong-size': { readonly file: string; readonly values: number; readonly shape: readonly number[] };
  /** `help` is a sentence that says what to do. */
  'not-npy': { readonly file: string; readonly problem: string; readonly help: string };
  'unsupported-npy': { readonly file: string; readonly found: string; readonly supported: string; readonly help: string };
  'python-objects': { readonly file: string };
  'ambiguous-bytes': { readonly file: string; readonly divisor: number };
  'bad-archive': { readonly file: string; readonly reason: string; readonly help: string };
  'no-such-array': {
    readonly file: string;
    readonly param: string;
    readonly array: string;
    readonly arrays: readonly string[];
    readonly suggestion: string | null;
  };
  'several-arrays': { readonly file: string; readonly param: string; readonly arrays: readonly string[] };
  'too-large': { readonly file: string; readonly bytes: number; readonly limit: number };
}
export type DataErrorCode = keyof DataErrorFacts;

export interface DownloadAttempt {
  readonly url: string;
  readonly reason: string;
}

/** What is wrong with a row of a table, or with one of its cells. */
export interface RowFault {
  /** Counted from 1, as editors do. */
  readonly line: number;
  /** Null where the whole row is at fault. */
  readonly column: string | null;
  readonly problem: 'hole' | 'no-number' | 'not-finite' | 'no-class' | 'outside' | 'ragged';
  /** What stands there. */
  readonly found: string;
  readonly expected: string;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
const printable = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
const lines = (items: readonly string[]): string => items.map((item) => `\n  ${item}`).join('');
const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
const size = (shape: readonly number[]): string => shape.join(' x ');

const known = (items: readonly string[]): string => (items.length > 12 ? [...items.slice(0, 12), '...'] : items).join(', ');
const didYouMean = (suggestion: string | null): string => (suggestion === null ? '.' : `; did you mean ${suggestion}?`);
const rowFault = ({ line, column, found, expected }: RowFault): string =>
  `line ${line}${column === null ? '' : `, column ${column}`}: ${found}; expected ${expected}`;

const texts: { readonly [C in DataErrorCode]: (facts: DataErrorFacts[C]) => string } = {
  'missing-file': ({ file, lookedFor, help }) => `${file} was not found. Looked for:${lines(lookedFor)}\n${help}`,
  'unreadable-file': ({ file, reason }) => `${file} cannot be read: ${reason}.\nCheck that it is a file and that you may read it.`,
  'bad-gzip': ({ file, reason }) =>
    `${file} is a broken gzip file: ${reason}.\nIt was probably copied or downloaded in part: fetch it again.`,
  'wrong-hash': ({ file, expected, actual, help }) => `${file} is not the file it should be: expected ${expected}, got ${actual}.\n${help}`,
  'not-idx': ({ file, firstBytes }) =>
    `${file} is not an IDX file: it begins with ${hex(firstBytes)} ("${printable(firstBytes)}"), an IDX file with 00 00, a type and a number of axes.\n` +
    'Give an IDX file (http://yann.lecun.com/exdb/mnist), gzip-compressed or not.',
  'unsupported-idx': ({ file, found, supported }) =>
    `${file} holds ${found}; expected ${supported}.\nConvert it, unsigned bytes being the usual choice.`,
  truncated: ({ file, bytes, expectedBytes }) =>
    `${file} ends too early: ${String(bytes)} bytes (uncompressed), at least ${String(expectedBytes)} expected from its header.\nFetch or write it again.`,
  'trailing-bytes': ({ file, bytes, expectedBytes }) =>
    `${file} goes on behind its last value: ${String(bytes)} bytes (uncompressed), ${String(expectedBytes)} expected from its header.\nFetch or write it again.`,
  'labels-as-images': ({ file, count }) =>
    `${file} holds ${String(count)} single values, as labels are stored; images have two axes or more.\nGive the file with the images, e.g. train-images-idx3-ubyte.`,
  'images-as-labels': ({ file, dims }) =>
    `${file} holds ${size(dims)} values, as images are stored; labels have one axis.\nGive the file with the labels, e.g. train-labels-idx1-ubyte.`,
  'no-examples': ({ file }) => `${file} holds no examples.\nGive a file with at least one.`,
  'value-out-of-range': ({ file, value, index, range }) =>
    `${file} holds ${String(value)} (value ${String(index)}); expected ${range}.\nConvert the file.`,
  'count-mismatch': ({ images, numImages, labels, numLabels }) =>
    `${images} holds ${String(numImages)} images, ${labels} ${String(numLabels)} labels; expected as many of both.\nGive files that belong together.`,
  'shape-mismatch': ({ train, trainShape, test, testShape }) =>
    `${train} holds examples of ${size(trainShape)}, ${test} of ${size(testShape)}; expected the same size.\nGive files that belong together.`,
  'split-too-large': ({ param, asked, available }) =>
    `${param}: ${String(asked)} examples were asked for, at most ${String(available)} are to be had.\nAsk for fewer.`,
  'incomplete-params': ({ given, missing }) =>
    `${given} is given and ${missing} is not; the one says nothing without the other.\nGive both or neither.`,
  'conflicting-params': ({ params: [one, other] }) => `${one} and ${other} exclude each other.\nLeave one of them out.`,
  'download-failed': ({ file, attempts, help }) =>
    `${file} could not be downloaded:${attempts.length === 0 ? ' no mirror is given.' : lines(attempts.map(({ url, reason }) => `${url}: ${reason}`))}\n${help}`,
  'unwritable-cache': ({ folder, reason, help }) => `nothing can be kept in the cache folder ${folder}: ${reason}.\n${help}`,
  'bad-folder-layout': ({ folder, problem, help }) => `${folder} ${problem}.\n${help}`,
  'no-images': ({ folder, others, extensions }) =>
    `${folder} holds no images${others === 0 ? '' : ` (and ${others} other ${others === 1 ? 'file' : 'files'})`}; expected files that end in ${extensions.join(', ')}.\n` +
    'Give a folder with images, or with one folder of images for each class; take folders without any out.',
  'bad-image': ({ file, reason }) => `${file} is a broken image: ${reason}.\nFetch or write it again, or take it out of the folder.`,
  'images-differ': ({ param, first, firstHas, other, otherHas }) =>
    param === 'size'
      ? `${first} is ${size(firstHas)}, ${other} ${size(otherHas)} (height x width); expected one size.\nSet \`size\` to bring all images to one, e.g. size: ${firstHas[0] ?? 32}.`
      : `${first} has channels: ${size(firstHas)}, ${other}: ${size(otherHas)}; expected as many in all.\nSet \`channels\` to bring all images to one number: 1 for grey, 3 for colours.`,
  'too-many-pixels': ({ folder, bytes }) =>
    `${folder} holds images of ${gigabytes(bytes)} when decoded, more than can be had of memory.\nGive a smaller \`size\`, fewer \`channels\`, or a folder with fewer images.`,
  'no-image-decoder': ({ reason }) =>
    `the package sharp, which decodes images, cannot be loaded: ${reason}.\nInstall it again: npm install --include=optional sharp`,
  'transform-misfit': ({ index, transform, param, message, help }) =>
    `data.transforms[${index}]${param === null ? '' : `.${param}`}: transform "${transform}" ${message}.\n${help}`,
  'bad-csv': ({ file, reason }) => `${file} is no CSV file: ${reason}.\nMend the quotes, or give the \`delimiter\` that the file has.`,
  'bad-header': ({ file, problem, help }) => `${file} ${problem}.\n${help}`,
  'bad-rows': ({ file, faults, count }) =>
    `${file} has ${count === 1 ? 'a fault' : `${count} faults`}:${lines(faults.map(rowFault))}${count > faults.length ? `\n  ... and ${count - faults.length} more` : ''}\n` +
    'Mend or leave out these rows, choose other `columns`, or another `delimiter`; numbers are written like 1, -0.5 or 2e-3.',
  'no-such-column': ({ file, param, column, columns, suggestion }) =>
    `${file} has no column ${column}, which \`${param}\` names${didYouMean(suggestion)}\nIts columns are ${known(columns)}.`,
  'wrong-size': ({ file, values, shape }) =>
    `${file} has examples of ${values} values; \`shape\` ${size(shape)} wants ${shape.reduce((product, dim) => product * dim, 1)}.\nGive a shape that fits, or other columns.`,
  'not-npy': ({ file, problem, help }) => `${file} is no NPY file: ${problem}.\n${help}`,
  'unsupported-npy': ({ file, found, supported, help }) => `${file} holds ${found}; expected ${supported}.\n${help}`,
  'python-objects': ({ file }) =>
    `${file} holds pickled Python objects, which can run any code when they are read; they are not read.\n` +
    "Save numbers instead: numpy.save(file, numpy.stack(examples).astype('float32'), allow_pickle=False).",
  'ambiguous-bytes': ({ file, divisor }) =>
    `${file} holds unsigned bytes that are all 0 or 1, and bytes are divided by ${divisor}.\nSet \`divisor\`: 1 to read them as 0 and 1, ${divisor} to divide them all the same.`,
  'bad-archive': ({ file, reason, help }) => `${file} is a broken NPZ archive: ${reason}.\n${help}`,
  'no-such-array': ({ file, param, array, arrays, suggestion }) =>
    `${file} has no array ${array}, which \`${param}\` names${didYouMean(suggestion)}\n${arrays.length === 0 ? 'It has no arrays at all.' : `Its arrays are ${known(arrays)}.`}`,
  'several-arrays': ({ file, param, arrays }) =>
    arrays.length === 0
      ? `${file} has no array for \`${param}\` to name.\nGive an archive that numpy.savez wrote, with the examples in it.`
      : `${file} has several arrays: ${known(arrays)}.\nSet \`${param}\` to the one that holds the examples.`,
  'too-large': ({ file, bytes, limit }) =>
    `${file} says that it takes ${gigabytes(bytes)} when unpacked, more than the ${gigabytes(limit)} that are read.\nWrite fewer examples to a file, or smaller types.`,
};

/** Data that cannot be had, or is not what it should be. */
export class DataError<C extends DataErrorCode = DataErrorCode> extends Error {
  override readonly name = 'DataError';
  readonly code: C;
  readonly facts: DataErrorFacts[C];

  constructor(code: C, facts: DataErrorFacts[C]) {
    super(texts[code](facts));
    this.code = code;
    this.facts = facts;
  }
}

/** Node's error codes and messages, as the clause that follows a colon. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // fetch wraps what went wrong; with several addresses tried, the cause has a code and an empty message.
  const { cause } = error;
  if (cause instanceof Error) return reasonOf(cause);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
};

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
