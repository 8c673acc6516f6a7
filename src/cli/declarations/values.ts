/** How arguments and options are read, and the exit code for those that are wrong. */
import { InvalidArgumentError } from '@commander-js/extra-typings';

/** The config or the arguments are wrong. */
export const usageError = 2;

export const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It is a whole number from ${String(least)} on.`);
    return value;
  };

export const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It is a number above 0.');
  return value;
};

/** A step, `last` or `all`. */
export const checkpointChoice = (text: string): number | 'last' | 'all' =>
  text === 'last' || text === 'all' ? text : wholeNumber(0)(text);
