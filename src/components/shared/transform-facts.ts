/** What transforms have in common: which data they take, what becomes of its facts, and how values stay within their support. */
import type { DataFacts, Misfit, Shape, Support } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';

/** Height, width and channels of one image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** @throws Error for examples that `imageMisfit` refuses. */
export const imageShape = (shape: Shape): ImageShape => {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined)
    throw new Error(`[${shape.join(', ')}] is no image.`);
  return [height, width, channels];
};

/** Refuses examples that are no images [H, W, C] of 1 to 4 channels. */
export const imageMisfit = ({ shape }: DataFacts): Misfit | null => {
  const channels = shape[2] ?? 0;
  if (shape.length === 3 && channels >= 1 && channels <= 4) return null;
  return {
    param: null,
    message: `takes images of height, width and 1 to 4 channels, the examples are of ${shape.join(' x ')}`,
    help: 'Leave it out for data that are no images.',
  };
};

interface Changes {
  readonly shape?: Shape;
  readonly support?: Support;
}

/** The facts after a change of every example. Known modes are forgotten: they would be those of other data. */
export const changeFacts = (data: DataFacts, changes: Changes): DataFacts => {
  const { shape, numClasses, support, classNames } = { ...data, ...changes };
  return { shape, numClasses, support, ...(classNames === undefined ? {} : { classNames }) };
};

/** Of values that are mixed or moved a little: they are no longer just 0 and 1, and lie between these all the same. */
export const blendedSupport = (support: Support): Support => (support === 'binary' ? 'unit-interval' : support);

/** What stands where an image has no pixels. */
export const fillParam = {
  type: 'number',
  default: 0,
  description: 'What stands beyond the edges of the image; from 0 to 1, unless the values of the data are any real numbers.',
} as const satisfies Param;

/** Refuses a fill value that the data cannot hold. */
export const fillMisfit = ({ support }: DataFacts, value: number): Misfit | null => {
  const fits = { binary: value === 0 || value === 1, 'unit-interval': value >= 0 && value <= 1, real: true };
  if (fits[support]) return null;
  const range = support === 'binary' ? '0 or 1' : 'from 0 to 1';
  return {
    param: 'value',
    message: `fills in ${String(value)}, the values of the data are ${range}`,
    help: `Give a value that is ${range}.`,
  };
};

/** Refuses data whose values may be any real numbers. */
export const unboundedMisfit = ({ support }: DataFacts): Misfit | null =>
  support === 'real'
    ? { param: null, message: 'takes values from 0 to 1, those of the data are any real numbers', help: 'Put it before `normalize`.' }
    : null;

/** Brings values back to [0, 1], for data that says it lies there. */
export const clip = (values: Float32Array, { support }: DataFacts): void => {
  if (support === 'real') return;
  for (let i = 0; i < values.length; i++) values[i] = Math.min(1, Math.max(0, values[i] ?? 0));
};
