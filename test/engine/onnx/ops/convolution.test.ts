import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, expectSameAsCpu } from './against-cpu.js';
import { convolutions, type Convolution, type ConvolutionOptions } from './convolutions.js';
import { itAgreesWithCpu, tensors, type Case } from './operands.js';

type Shapes = (convolution: Convolution) => readonly [readonly number[], readonly number[]];
type Attributes = (convolution: Convolution) => tf.NamedAttrMap;

/** The kernel itself, of two operands; one property for many geometries. */
const calls = (
  kernel: string,
  names: readonly [string, string],
  shapes: Shapes,
  more: Attributes,
  { gradient = false, ...options }: ConvolutionOptions & { readonly gradient?: boolean } = {},
): fc.Arbitrary<Case> =>
  convolutions(options).chain((convolution) => {
    const [a, b] = shapes(convolution);
    return fc.record({
      f: fc.constant((first: tf.Tensor, second: tf.Tensor): tf.Tensor =>
        tf.engine().runKernel(kernel, { [names[0]]: first, [names[1]]: second }, { ...convolution.attrs, ...more(convolution) }),
      ),
      operands: fc.tuple(tensors(a), tensors(b)),
      gradient: fc.constant(gradient),
    });
  });

const none: Attributes = () => ({});
const imageAndFilter: Shapes = ({ image, filter }) => [image, filter];
const imageAndSlope: Shapes = ({ image, output }) => [image, output];
const slopeAndFilter: Shapes = ({ output, filter }) => [output, filter];
const filterShape: Attributes = ({ filter }) => ({ filterShape: filter });
const inputShape: Attributes = ({ image }) => ({ inputShape: image });

describe('convolutions agree with the cpu backend', () => {
  itAgreesWithCpu(
    {
      Conv2D: calls('Conv2D', ['x', 'filter'], imageAndFilter, none, { gradient: true }),
      'Conv2D with dilation': calls('Conv2D', ['x', 'filter'], imageAndFilter, none, { dilated: true }),
      Conv2DBackpropFilter: calls('Conv2DBackpropFilter', ['x', 'dy'], imageAndSlope, filterShape),
      Conv2DBackpropInput: calls('Conv2DBackpropInput', ['dy', 'filter'], slopeAndFilter, inputShape, { gradient: true }),
      ...Object.fromEntries(
        Object.entries({
          'to few channels': { mostStride: 1, channels: [4, 9], filters: [1, 2] },
          'to many channels': { mostStride: 1, channels: [1, 2], filters: [4, 9] },
          'from many channels, with strides': { mostStride: 2, channels: [32, 34], filters: [1, 3] },
        } as const).flatMap(([what, options]) => [
          [`Conv2D ${what}`, calls('Conv2D', ['x', 'filter'], imageAndFilter, none, options)],
          [`Conv2DBackpropFilter ${what}`, calls('Conv2DBackpropFilter', ['x', 'dy'], imageAndSlope, filterShape, options)],
          [`Conv2DBackpropInput ${what}`, calls('Conv2DBackpropInput', ['dy', 'filter'], slopeAndFilter, inputShape, options)],
        ]),
      ),
      DepthwiseConv2dNative: calls('DepthwiseConv2dNative', ['x', 'filter'], imageAndFilter, none, { depthwise: true, gradient: true }),
      'DepthwiseConv2dNative with dilation': calls('DepthwiseConv2dNative', ['x', 'filter'], imageAndFilter, none, {
        depthwise: true,
        dilated: true,
      }),
      DepthwiseConv2dNativeBackpropFilter: calls('DepthwiseConv2dNativeBackpropFilter', ['x', 'dy'], imageAndSlope, filterShape, {
        depthwise: true,
      }),
      DepthwiseConv2dNativeBackpropInput: calls('DepthwiseConv2dNativeBackpropInput', ['dy', 'filter'], slopeAndFilter, inputShape, {
        depthwise: true,
      }),
    },
    25,
  );

  it.each(['linear', 'relu', 'sigmoid', 'elu', 'relu6', 'leakyrelu', 'prelu'] as const)('FusedConv2D with %s', async (activation) => {
    await fc.assert(
      fc.asyncProperty(tensors([2, 5, 4, 3]), tensors([3, 2, 3, 4]), tensors([4]), tensors([4]), async (x, filter, bias, slopes) => {
        await expectSameAsCpu(
          (x, filter, bias, slopes) =>
            tf.fused.conv2d({
              x: x as tf.Tensor4D,
              filter: filter as tf.Tensor4D,
              bias,
              strides: 2,
              pad: 'same',
              activation,
              leakyreluAlpha: 0.3,
              ...(activation === 'prelu' ? { preluActivationWeights: slopes } : {}),
            }),
          [x, filter, bias, slopes],
          { gradient: false },
        );
      }),
      { numRuns: 3 },
    );
  });
});

describe('a convolution', () => {
  const x = { shape: [2, 8, 8, 16], dtype: 'float32' } as const;
  const filter = { shape: [4, 4, 16, 32], dtype: 'float32' } as const;
  const textOf = async (f: (x: tf.Tensor4D, filter: tf.Tensor4D) => Record<string, tf.Tensor>): Promise<string> => {
    const compiled = await (
      await engine('onnx')
    ).compile('test', { x, filter }, ({ x, filter }) => f(x as tf.Tensor4D, filter as tf.Tensor4D));
    const text = compiled.describe() ?? '';
    await compiled.dispose();
    return text;
  };
  const count = (text: string, opType: string): number => text.match(new RegExp(` = ${opType}\\(`, 'g'))?.length ?? 0;

  it('shares its patches with the gradient by the filter, and transposes nothing', async () => {
    const text = await textOf((x, filter) => {
      const { value, grads } = tf.valueAndGrads((x: tf.Tensor, filter: tf.Tensor) =>
        tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'))),
      )([x, filter]);
      return { value, byImage: grads[0] ?? x, byFilter: grads[1] ?? filter };
    });
    expect(count(text, 'Gemm')).toBe(3);
    // One of patches, and one of what falls on the image's pixels.
    expect(count(text, 'Gather')).toBe(2);
    expect(count(text, 'Transpose')).toBe(0);
  });

  it('that sees the whole image, or one pixel, gathers nothing', async () => {
    const text = await textOf((x, filter) => {
      const whole = tf.conv2d(tf.slice(x, [0, 2, 2, 0], [2, 4, 4, 16]), filter, 1, 'valid');
      const pixels = tf.conv2d(x, tf.slice(filter, [1, 1, 0, 0], [1, 1, 16, 32]), 1, 'same');
      return { whole, pixels, back: tf.conv2dTranspose(whole, filter, [2, 4, 4, 16], 1, 'valid') };
    });
    expect(count(text, 'Gather')).toBe(0);
    expect(count(text, 'Gemm')).toBe(3);
  });

  it('with a factor that is zero everywhere computes nothing', async () => {
    const text = await textOf((x, filter) => ({ y: tf.conv2d(tf.zerosLike(x), filter, 1, 'same') }));
    expect(text).toBe('output_y = 0:[2,8,8,32]\n');
  });

  it('may be padded by more than its kernel is wide', async () => {
    const pad: Convolution['attrs']['pad'] = [
      [0, 0],
      [2, 2],
      [2, 0],
      [0, 0],
    ];
    await expectSameAsCpu(
      (dy, filter) =>
        tf
          .engine()
          .runKernel('Conv2DBackpropInput', { dy, filter }, { strides: [1, 1], pad, dataFormat: 'NHWC', inputShape: [1, 1, 1, 4] }),
      [
        { shape: [1, 3, 2, 1], values: [1, 2, 3, 4, 5, 6] },
        { shape: [3, 2, 4, 1], values: Array.from({ length: 24 }, (_, i) => i) },
      ],
      { gradient: false },
    );
  });

  it('in NCHW is refused', async () => {
    await expect(textOf((x, filter) => ({ y: tf.conv2d(tf.transpose(x, [0, 3, 1, 2]), filter, 1, 'same', 'NCHW') }))).rejects.toMatchObject(
      {
        code: 'unsupported-arguments',
      },
    );
  });
});
