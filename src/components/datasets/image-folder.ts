/** Images of one's own: PNG and JPEG files in a folder, or in one folder for each class, or so for each split. */
import { basename, resolve } from 'node:path';
import { defineComponent } from '../../registry/define.js';
import type { DataFacts } from '../../registry/contracts/index.js';
import { binarizationParam, supportOf } from '../shared/binarize.js';
import { DataError } from '../shared/data-error.js';
import { createImageData } from '../shared/image-data.js';
import { fits, type Wanted } from '../shared/image-decoder.js';
import { decodeSplits } from '../shared/image-files.js';
import type { ImageListing } from '../shared/image-listing.js';
import { listSplits } from '../shared/image-splits.js';
import { readSize, sizeBranches } from '../shared/image-size.js';
import { cut, inOrder, limitParam, shorten } from '../shared/splits.js';

/** A split that has a folder is not cut from the training images too. */
const assertNoFolder = (param: string, count: number, listing: ImageListing | null): void => {
  if (listing !== null && count > 0) throw new DataError('conflicting-params', { params: [param, `the folder ${listing.folder}`] });
};

export default defineComponent({
  kind: 'dataset',
  name: 'image-folder',
  description:
    'PNG and JPEG images (.png, .jpg, .jpeg) from a folder. Images directly inside have no labels; of folders inside, each is a class, with all ' +
    'images below it. Where there is a folder `train` beside `validation` or `test` (or both), these are the splits, each laid out like that. ' +
    'Palettes, 16 bit, EXIF orientation and the like are seen to. Relative paths start at the current directory.',
  params: {
    folder: { type: 'string', minLength: 1, description: 'The folder with the images.', examples: ['data/flowers'] },
    classes: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      minItems: 1,
      nullable: true,
      default: null,
      description: 'Names of the class folders to take, by label; all folders in the order of their names if absent.',
    },
    size: {
      anyOf: sizeBranches,
      nullable: true,
      default: null,
      description: 'Size to bring images to: one number for a square, or `[height, width]`; if absent, all must have one size already.',
    },
    fit: {
      type: 'string',
      enum: fits,
      default: 'cover',
      description:
        'How an image of another form gets to `size`: `cover` cuts off what stands out, `contain` puts the whole image on black, `stretch` distorts it.',
    },
    channels: {
      type: 'integer',
      minimum: 1,
      maximum: 4,
      nullable: true,
      default: null,
      description:
        '1 for grey, 3 for colours, 2 and 4 for these with opacity; without opacity, images lie on black. What the files have if absent.',
    },
    binarization: binarizationParam,
    validation: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Examples of the validation split, taken from the training images.',
    },
    test: { type: 'integer', minimum: 0, default: 0, description: 'Examples of the test split, taken from the training images.' },
    shuffle: {
      type: 'boolean',
      default: true,
      description:
        'Whether the training images, which are sorted by class, are put into a random order (stream `data/split`) before they are cut into splits.',
    },
    limit: limitParam,
  },
  build: ({ folder, classes, size, fit, channels, binarization, validation, test, shuffle, limit }) => {
    const wanted: Wanted = { size: size === null ? null : readSize(size), channels, fit };
    // Without `classes` only the folder can tell whether there are labels.
    const facts: DataFacts | null =
      wanted.size === null || channels === null || classes === null
        ? null
        : { shape: [...wanted.size, channels], numClasses: classes.length, support: supportOf(binarization), classNames: classes };
    return {
      facts,
      load: async ({ random, log }) => {
        const listings = await listSplits(folder, classes);
        assertNoFolder('validation', validation, listings.validation);
        assertNoFolder('test', test, listings.test);
        const count = listings.train.files.length;
        const ofTrain = cut(shuffle ? random.draws('data/split', 0).permutation(count) : inOrder(count), validation, test);
        const rows = shorten(
          {
            train: ofTrain.train,
            validation: listings.validation === null ? ofTrain.validation : inOrder(listings.validation.files.length),
            test: listings.test === null ? ofTrain.test : inOrder(listings.test.files.length),
          },
          limit,
        );
        const { splits, hashes } = await decodeSplits(listings, rows, wanted, log);
        const { classNames } = listings.train;
        const data = createImageData({
          title: `${basename(resolve(folder))} (images)`,
          splits,
          numClasses: classNames?.length ?? null,
          binarization,
          random,
          hashes,
        });
        return { ...data, ...(classNames === null ? {} : { classNames }) };
      },
    };
  },
});
