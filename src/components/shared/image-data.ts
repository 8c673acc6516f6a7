/** A data set of images: its splits as rows of a training and a test file, and what a model sees of them. */
import { splitNames, type Data, type Examples, type RandomStreams, type SplitName } from '../../registry/contracts/index.js';
import { createSampler, describeBinarization, supportOf, threshold, type Binarization } from './binarize.js';
import { binarizeImages, readBinaryImage, readImage, sizeOf, type Images } from './images.js';

export interface LabelledImages {
  readonly images: Images;
  readonly labels: Int32Array | null;
}

/** One split: rows of a file. */
export interface SplitRows {
  readonly source: LabelledImages;
  readonly rows: Int32Array;
}

export interface ImageDataParts {
  /** What the data set is, e.g. "MNIST"; how it is binarized is added. */
  readonly title: string;
  readonly splits: Readonly<Record<SplitName, SplitRows>>;
  readonly numClasses: number | null;
  readonly binarization: Binarization;
  readonly random: RandomStreams;
  readonly hashes: Readonly<Record<string, string>>;
}

/** What is common to the splits of one data set. */
interface Whole {
  readonly binarization: Binarization;
  readonly random: RandomStreams;
  /** How many examples the files hold together, in splits or not. */
  readonly count: number;
}

const createExamples = ({ source, rows }: SplitRows, firstIndex: number, isTraining: boolean, whole: Whole): Examples => {
  const { images, labels: known } = source;
  const size = sizeOf(images);
  const { binarization, random } = whole;
  const sample = createSampler(random, size);
  const isFresh = binarization === 'dynamic' && isTraining;
  // Images that stay the same are binarized once, in place (splits share no image), when the split is first read.
  const staysBinary = binarization !== 'none' && !isFresh;
  const readOne = staysBinary ? readBinaryImage : readImage;
  let isPending = staysBinary;
  return {
    count: rows.length,
    read: (indices, epoch, x, labels) => {
      if (x.length !== indices.length * size)
        throw new RangeError(
          `${String(indices.length)} examples need ${String(indices.length * size)} values, x holds ${String(x.length)}`,
        );
      if (isPending) {
        binarizeImages(images, rows, firstIndex, binarization === 'threshold' ? threshold : sample);
        isPending = false;
      }
      for (let i = 0; i < indices.length; i++) {
        const row = rows[indices[i] ?? -1];
        if (row === undefined) throw new RangeError(`there is no example ${String(indices[i])} in a split of ${String(rows.length)}`);
        readOne(images, row, size, x, i * size);
        if (isFresh) sample(x.subarray(i * size, (i + 1) * size), (epoch + 1) * whole.count + firstIndex + row);
        if (labels !== undefined && known !== null) labels[i] = known[row] ?? 0;
      }
    },
  };
};

/** Where each file's examples begin within the whole data set: files come in the order of the splits. */
const firstIndices = (
  splits: Readonly<Record<SplitName, SplitRows>>,
): { readonly firstIndex: ReadonlyMap<Images, number>; readonly count: number } => {
  const firstIndex = new Map<Images, number>();
  let count = 0;
  for (const name of splitNames) {
    const { images } = splits[name].source;
    if (firstIndex.has(images)) continue;
    firstIndex.set(images, count);
    count += images.count;
  }
  return { firstIndex, count };
};

/** Takes over the images: binarization changes them in place. */
export const createImageData = ({ title, splits, numClasses, binarization, random, hashes }: ImageDataParts): Data => {
  const { firstIndex, count } = firstIndices(splits);
  const examples = (name: SplitName): Examples => {
    const split = splits[name];
    return createExamples(split, firstIndex.get(split.source.images) ?? 0, name === 'train', { binarization, random, count });
  };
  return {
    shape: splits.train.source.images.shape,
    numClasses,
    support: supportOf(binarization),
    description: `${title}, ${describeBinarization(binarization, random.seed)}`,
    splits: { train: examples('train'), validation: examples('validation'), test: examples('test') },
    hashes,
  };
};
