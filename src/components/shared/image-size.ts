/** Sizes of images as users write them: one number for a square, or height and width. */
import type { ItemParam, ValueOf } from '../../registry/params.js';

const side = { type: 'integer', minimum: 1 } as const;

export const sizeBranches = [side, { type: 'array', items: side, minItems: 2, maxItems: 2 }] as const satisfies readonly ItemParam[];
export type SizeValue = ValueOf<{ readonly anyOf: typeof sizeBranches }>;

/** [height, width] */
export type ImageSize = readonly [height: number, width: number];

export const readSize = (size: SizeValue): ImageSize => {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  if (height === undefined || width === undefined) throw new Error('A size has a height and a width.');
  return [height, width];
};
