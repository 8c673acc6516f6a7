/** What plots of images have in common: which data they can draw, and how latents and moments are called. */
import type { Data, Facts, Misfit, Moment } from '../../registry/contracts/index.js';
import { toImageShape, type ImageShape } from './raster.js';

/** Why data that is known already cannot be drawn as images; null where it can be, or is not known yet. */
export const misfitOfImages = ({ data }: Facts): Misfit | null => {
  if (data === null || toImageShape(data.shape) !== null) return null;
  return {
    param: null,
    message: `draws images of shape [height, width, channels], the data has examples of shape [${data.shape.join(', ')}]`,
    help: 'It needs a data set of images with 1 to 4 channels.',
  };
};

/** @throws Error for data that `misfitOfImages` refuses. */
export const imageShapeOf = ({ shape }: Data): ImageShape => {
  const image = toImageShape(shape);
  if (image === null) throw new Error(`examples of shape [${shape.join(', ')}] are no images`);
  return image;
};

/** Columns of the most nearly square grid: 25 images give 5, 30 give 6. */
export const squareColumns = (count: number): number => Math.ceil(Math.sqrt(count));

/** Why latents counted from 1 (the param `dimensions`) do not exist; null where they all do, once each. */
export const misfitOfLatents = (dimensions: readonly number[], latent: number): Misfit | null => {
  const param = 'dimensions';
  const help = `Latents are counted from 1; give each once, at most ${String(latent)}.`;
  const missing = dimensions.find((dimension) => dimension > latent);
  if (missing !== undefined) return { param, message: `asks for latent ${String(missing)}, the model has ${String(latent)}`, help };
  const repeated = dimensions.find((dimension, i) => dimensions.indexOf(dimension) !== i);
  return repeated === undefined ? null : { param, message: `asks for latent ${String(repeated)} twice`, help };
};

/** z₁, z₂, ... z₁₀: latents are counted from 1. */
export const latentName = (dimension: number): string =>
  `z${String(dimension).replaceAll(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)))}`;

/** A number for a label, with a real minus sign. */
export const showNumber = (value: number, numDecimals: number): string => {
  const text = value.toFixed(numDecimals);
  return Number(text) === 0 ? (0).toFixed(numDecimals) : text.replace('-', '\u2212');
};

/** Numbers for the labels of one axis, with as many decimals as they need, at most 2. */
export const showNumbers = (values: readonly number[]): readonly string[] => {
  const numDecimals = [0, 1].find((decimals) => values.every((value) => Math.abs(value - Number(value.toFixed(decimals))) < 1e-9)) ?? 2;
  return values.map((value) => showNumber(value, numDecimals));
};

export const plural = (count: number, noun: string): string => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `before training`, `after 1 epoch`, `after 20 epochs`; where there is no training, `fitted by a formula`. */
export const showMoment = ({ epoch, isLast }: Moment): string =>
  epoch === 0 ? (isLast ? 'fitted by a formula' : 'before training') : `after ${plural(epoch, 'epoch')}`;

export const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
