/** How the rows of a file become splits: cut by counts, then shortened for small runs. */
import type { SplitName } from '../../registry/contracts/index.js';
import type { Param, ValueOf } from '../../registry/params.js';
import { DataError } from './data-error.js';

const limit = (split: string) =>
  ({
    type: 'integer',
    minimum: 1,
    nullable: true,
    default: null,
    description: `Examples of the ${split} split that are used; all if absent.`,
  }) as const;

/** For quick experiments; an example keeps its static sample whatever the limits are. */
export const limitParam = {
  type: 'object',
  properties: { train: limit('training'), validation: limit('validation'), test: limit('test') },
  description: 'Uses only the first examples of a split, for quick experiments.',
} as const satisfies Param;
export type Limits = ValueOf<typeof limitParam>;

/** 0, 1, ... count - 1 */
export const inOrder = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

/**
 * Cuts `order` into [train, validation, test]: the last two are taken from its end, and at least one example is left to train on.
 * @throws DataError split-too-large
 */
export const cut = (order: Int32Array, numValidation: number, numTest: number): Readonly<Record<SplitName, Int32Array>> => {
  const available = Math.max(0, order.length - 1);
  if (numTest > available) throw new DataError('split-too-large', { param: 'test', asked: numTest, available });
  if (numValidation > available - numTest)
    throw new DataError('split-too-large', { param: 'validation', asked: numValidation, available: available - numTest });
  const testFrom = order.length - numTest;
  const validationFrom = testFrom - numValidation;
  return { train: order.subarray(0, validationFrom), validation: order.subarray(validationFrom, testFrom), test: order.subarray(testFrom) };
};

/**
 * The first rows of each split.
 * @throws DataError split-too-large
 */
export const shorten = (rows: Readonly<Record<SplitName, Int32Array>>, limits: Limits): Readonly<Record<SplitName, Int32Array>> => {
  const take = (name: SplitName): Int32Array => {
    const asked = limits[name];
    if (asked === null) return rows[name];
    if (asked > rows[name].length) throw new DataError('split-too-large', { param: `limit.${name}`, asked, available: rows[name].length });
    return rows[name].subarray(0, asked);
  };
  return { train: take('train'), validation: take('validation'), test: take('test') };
};

/** How many rows each split has. */
export const countRows = ({ train, validation, test }: Readonly<Record<SplitName, Int32Array>>): Readonly<Record<SplitName, number>> => ({
  train: train.length,
  validation: validation.length,
  test: test.length,
});
