import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine } from './against-cpu.js';
import { itAgreesWithCpu, tensors, type Case } from './operands.js';

type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
interface Pooling {
  readonly image: [number, number, number, number];
  readonly window: [number, number];
  readonly strides: [number, number];
  readonly pad: Pad;
  readonly rounding: 'floor' | 'round' | 'ceil' | undefined;
}

const pair = (most: number, least = 1): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));

/** Whether each window sees some pixel: those that see none have no largest, and no mean. */
const seesPixels = ({ image, window, strides, pad, rounding }: Pooling): boolean => {
  const { outHeight, outWidth, padInfo } = tf.backend_util.computePool2DInfo(image, window, strides, 1, pad, rounding);
  const inside = (axis: 0 | 1, output: number, before: number): boolean =>
    output > 0 && before < window[axis] && (output - 1) * strides[axis] - before < (image[axis + 1] ?? 0);
  return inside(0, outHeight, padInfo.top) && inside(1, outWidth, padInfo.left);
};

const poolings = (pads: fc.Arbitrary<Pad>): fc.Arbitrary<Pooling> =>
  fc
    .record({
      size: pair(7),
      window: pair(4),
      strides: pair(3),
      pad: pads,
      rounding: fc.constantFrom('floor' as const, 'round' as const, 'ceil' as const),
      batch: fc.integer({ min: 1, max: 2 }),
      channels: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ size, batch, channels, rounding, pad, ...rest }) => ({
      image: [batch, ...size, channels] as Pooling['image'],
      rounding: typeof pad === 'string' ? undefined : rounding,
      pad,
      ...rest,
    }))
    .filter(seesPixels);

const named = fc.constantFrom<Pad>('same', 'valid');
const byHand = fc.oneof(
  fc.nat(2).map((pad): Pad => pad),
  fc.tuple(pair(2, 0), pair(2, 0)).map(([rows, columns]): Pad => [[0, 0], rows, columns, [0, 0]]),
);

/** Small whole numbers, so that many are equal. */
const cases = (
  poolingArbitrary: fc.Arbitrary<Pooling>,
  pool: (x: tf.Tensor4D, pooling: Pooling) => tf.Tensor,
  { gradient = true, dtype = 'float32' }: { gradient?: boolean; dtype?: 'float32' | 'int32' } = {},
): fc.Arbitrary<Case> =>
  poolingArbitrary.chain((pooling) =>
    fc.record({
      f: fc.constant((x: tf.Tensor) => pool(x as tf.Tensor4D, pooling)),
      operands: fc.tuple(tensors(pooling.image, dtype, fc.integer({ min: -3, max: 3 }))),
      gradient: fc.constant(gradient),
    }),
  );

const maxPool = (x: tf.Tensor4D, { window, strides, pad, rounding }: Pooling): tf.Tensor => tf.maxPool(x, window, strides, pad, rounding);
const avgPool = (x: tf.Tensor4D, { window, strides, pad, rounding }: Pooling): tf.Tensor => tf.avgPool(x, window, strides, pad, rounding);
const withArgmax =
  (includeBatch: boolean) =>
  (x: tf.Tensor4D, { window, strides, pad }: Pooling): tf.Tensor =>
    tf.maxPoolWithArgmax(x, window, strides, pad as 'same', includeBatch)['indexes'] ?? x;

describe('pooling agrees with the cpu backend', () => {
  itAgreesWithCpu(
    {
      MaxPool: cases(poolings(named), maxPool),
      'MaxPool, padded by hand': cases(poolings(byHand), maxPool),
      'MaxPool of whole numbers': cases(poolings(named), maxPool, { dtype: 'int32' }),
      AvgPool: cases(poolings(named), avgPool),
      'AvgPool, padded by hand': cases(poolings(byHand), avgPool),
      'MaxPoolWithArgmax, the positions': cases(poolings(named), withArgmax(false), { gradient: false }),
      'MaxPoolWithArgmax, the positions among all images': cases(poolings(named), withArgmax(true), { gradient: false }),
    },
    25,
  );
});

describe('a gradient of pooling', () => {
  const textOf = async (pool: (x: tf.Tensor4D) => tf.Tensor): Promise<string> => {
    const step = await (
      await engine('onnx')
    ).compile('test', { x: { shape: [2, 8, 8, 3], dtype: 'float32' } }, ({ x }) => {
      const { value, grads } = tf.valueAndGrads((image: tf.Tensor) => tf.sum(tf.square(pool(image as tf.Tensor4D))))([x]);
      return { value, slope: grads[0] ?? x };
    });
    const text = step.describe() ?? '';
    await step.dispose();
    return text;
  };
  const count = (text: string, opType: string): number => text.match(new RegExp(` = ${opType}\\(`, 'g'))?.length ?? 0;

  it('shares the taps of its windows with the forward pass, and transposes nothing', async () => {
    const text = await textOf((x) => tf.maxPool(x, 2, 2, 'valid'));
    // Four taps, and for each pixel its window's slope and position.
    expect(count(text, 'Gather')).toBe(6);
    expect(count(text, 'Transpose')).toBe(0);
  });

  it('computes nothing where nothing depends on it', async () => {
    const text = await textOf((x) => tf.mul(tf.avgPool(x, 2, 2, 'valid'), 0));
    expect(text).toContain('output_slope = 0:[2,8,8,3]');
  });
});
