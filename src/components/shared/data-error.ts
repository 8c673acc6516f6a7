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
}
export type DataErrorCode = keyof DataErrorFacts;

export interface DownloadAttempt {
  readonly url: string;
  readonly reason: string;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
const printable = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
const lines = (items: readonly string[]): string => items.map((item) => `\n  ${item}`).join('');
const size = (shape: readonly number[]): string => shape.join(' x ');

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
