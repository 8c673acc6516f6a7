/** Random convolutions: images, filters, strides, dilations and paddings that fit each other. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

export interface Convolution {
  readonly image: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly attrs: {
    readonly strides: [number, number];
    readonly pad: 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
    readonly dilations: [number, number];
    readonly dataFormat: 'NHWC';
  };
  /** Of the result. */
  readonly output: [number, number, number, number];
}

const pair = (most: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }));
const sides = fc.tuple(fc.nat(2), fc.nat(2));

const paddings = fc.oneof(
  fc.constantFrom('same' as const, 'valid' as const),
  fc.nat(2),
  fc.tuple(sides, sides).map(([rows, columns]): Convolution['attrs']['pad'] => [[0, 0], rows, columns, [0, 0]]),
);

export interface ConvolutionOptions {
  readonly dilated?: boolean;
  /** Filters are then those of each channel. */
  readonly depthwise?: boolean;
  readonly mostStride?: number;
  /** Smallest and largest numbers of channels that go in, and of filters. */
  readonly channels?: readonly [number, number];
  readonly filters?: readonly [number, number];
}

const between = ([min, max]: readonly [number, number]): fc.Arbitrary<number> => fc.integer({ min, max });

export const convolutions = ({
  dilated = false,
  depthwise = false,
  mostStride = 3,
  channels: channelCounts = [1, 5],
  filters: filterCounts = [1, 5],
}: ConvolutionOptions = {}): fc.Arbitrary<Convolution> =>
  fc
    .record({
      size: pair(7),
      kernel: pair(5),
      strides: pair(mostStride),
      dilations: dilated ? pair(3) : fc.constant<[number, number]>([1, 1]),
      pad: paddings,
      batch: fc.integer({ min: 1, max: 2 }),
      channels: between(channelCounts),
      filters: between(filterCounts),
    })
    .map(({ size, kernel, strides, dilations, pad, batch, channels, filters }) => {
      // tf.conv2d takes a stride or a dilation.
      const steps: [number, number] = dilations.some((dilation) => dilation > 1) ? [1, 1] : strides;
      const image: Convolution['image'] = [batch, ...size, channels];
      const filter: Convolution['filter'] = [...kernel, channels, filters];
      const { outHeight, outWidth, outChannels } = tf.backend_util.computeConv2DInfo(
        image,
        filter,
        steps,
        dilations,
        pad,
        undefined,
        depthwise,
      );
      const output: Convolution['output'] = [batch, outHeight, outWidth, outChannels];
      return { image, filter, attrs: { strides: steps, pad, dilations, dataFormat: 'NHWC' as const }, output };
    })
    .filter(({ output: [, height, width] }) => height > 0 && width > 0);
