/** Data sets of any values, not only grey ones: what range they have, and how their rows become a data set. */
import type { Data, Support } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';
import { createImageData, type ImageDataParts } from './image-data.js';
import type { Images } from './images.js';

const declarations = ['auto', 'binary', 'unit-interval', 'real'] as const;
/** What a user says of the values; `auto` leaves it to them. */
export type DeclaredSupport = (typeof declarations)[number];

export const supportParam = {
  type: 'string',
  enum: declarations,
  default: 'auto',
  description:
    'What the values are, which decides on the likelihoods that fit: `binary` 0 or 1, `unit-interval` from 0 to 1, `real` any number, ' +
    '`auto` the first of these that all values of the file agree with.',
} as const satisfies Param;

export const supportWords: Readonly<Record<Support, string>> = {
  binary: '0 or 1',
  'unit-interval': 'a number from 0 to 1',
  real: 'a finite number',
};

const tests: Readonly<Record<Support, (value: number, top: number) => boolean>> = {
  binary: (value, top) => value === 0 || value === top,
  'unit-interval': (value, top) => value >= 0 && value <= top,
  real: (value) => Number.isFinite(value),
};

/** Index of the first value that does not lie within `support`; -1 where all do. Of bytes, 255 stands for 1. */
export const findOutside = (pixels: Images['pixels'], support: Support): number => {
  const isBytes = pixels instanceof Uint8Array;
  // Bytes cannot be outside the others, and there may be many.
  if (isBytes && support !== 'binary') return -1;
  const isWithin = tests[support];
  const top = isBytes ? 255 : 1;
  for (let i = 0; i < pixels.length; i++) if (!isWithin(pixels[i] ?? NaN, top)) return i;
  return -1;
};

const supports = ['binary', 'unit-interval', 'real'] as const satisfies readonly Support[];

/** The narrowest support that has all values of all parts. */
export const supportOfValues = (...parts: readonly Images['pixels'][]): Support =>
  supports.find((support) => parts.every((pixels) => findOutside(pixels, support) < 0)) ?? 'real';

const remarks: Readonly<Record<Support, string>> = {
  binary: 'values 0 and 1',
  'unit-interval': 'values from 0 to 1',
  real: 'real values',
};

interface ValueDataParts extends Omit<ImageDataParts, 'binarization'> {
  readonly support: Support;
}

/** Rows of values, as they are. */
export const createValueData = ({ support, ...parts }: ValueDataParts): Data => ({
  ...createImageData({ ...parts, binarization: 'none' }),
  support,
  description: `${parts.title}, ${remarks[support]}`,
});
