import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameAsCpu } from './against-cpu.js';
import { itAgreesWithCpu, tensors, type Case } from './operands.js';

type Resize = (images: tf.Tensor4D, size: [number, number], alignCorners: boolean, halfPixelCenters: boolean) => tf.Tensor;

const sizes = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }));

const resizes = (resize: Resize, alignCorners: boolean, halfPixelCenters: boolean, dtype: 'float32' | 'int32' = 'float32') =>
  fc
    .record({ size: sizes, wanted: sizes, batch: fc.integer({ min: 1, max: 2 }), channels: fc.integer({ min: 1, max: 3 }) })
    .chain(({ size, wanted, batch, channels }): fc.Arbitrary<Case> =>
      fc.record({
        f: fc.constant((x: tf.Tensor) => resize(x as tf.Tensor4D, wanted, alignCorners, halfPixelCenters)),
        operands: fc.tuple(tensors([batch, ...size, channels], dtype)),
        gradient: fc.constant(true),
      }),
    );

describe('resizing agrees with the cpu backend', () => {
  itAgreesWithCpu(
    {
      ResizeBilinear: resizes(tf.image.resizeBilinear, false, false),
      'ResizeBilinear, corners aligned': resizes(tf.image.resizeBilinear, true, false),
      'ResizeBilinear, centres aligned': resizes(tf.image.resizeBilinear, false, true),
      'ResizeBilinear of whole numbers': resizes(tf.image.resizeBilinear, false, false, 'int32'),
      ResizeNearestNeighbor: resizes(tf.image.resizeNearestNeighbor, false, false),
      'ResizeNearestNeighbor, corners aligned': resizes(tf.image.resizeNearestNeighbor, true, false),
      'ResizeNearestNeighbor, centres aligned': resizes(tf.image.resizeNearestNeighbor, false, true),
      'ResizeNearestNeighbor of whole numbers': resizes(tf.image.resizeNearestNeighbor, false, false, 'int32'),
    },
    25,
  );

  it('for one image without a batch', async () => {
    const image = { shape: [2, 3, 1], values: [1, 2, 3, 4, 5, 6] };
    await expectSameAsCpu((x) => tf.image.resizeBilinear(x as tf.Tensor3D, [4, 4]), [image]);
    await expectSameAsCpu((x) => tf.image.resizeNearestNeighbor(x as tf.Tensor3D, [4, 6]), [image]);
  });
});

describe('a gradient of resizing', () => {
  it.each([
    ['bilinear', tf.image.resizeBilinear],
    ['nearest', tf.image.resizeNearestNeighbor],
  ] as const)('adds up to all that came in, %s', async (_, resize) => {
    await tf.setBackend('cpu');
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.boolean(), async (size, wanted, half) => {
        const slope = tf.grad((x) => tf.sum(resize(x as tf.Tensor4D, wanted, false, half)))(tf.ones([1, ...size, 1]));
        const [total = NaN] = await tf.sum(slope).data();
        expect(total).toBeCloseTo(wanted[0] * wanted[1], 3);
      }),
      { numRuns: 20 },
    );
  });
});
