/** Which pixels and taps of a convolution meet: TensorFlow.js's strides, dilations and paddings as numbers. */
import * as tf from '@tensorflow/tfjs-core';
import { unsupported, type KernelAttrs } from '../kernel.js';
import type { Shape } from '../values.js';
import { numbersAttr } from './operand.js';

/** One axis of a convolution: output o reads inputs o * stride + k * dilation - before, for k = 0 ... kernel - 1. */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros that are thought in front of the input; below zero: inputs that are passed over. */
  readonly before: number;
}

export interface Geometry {
  readonly batch: number;
  readonly height: Axis;
  readonly width: Axis;
  readonly inChannels: number;
  readonly outChannels: number;
}

type Padding = 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];

const paddingOf = (kernel: string, attrs: KernelAttrs): Padding => {
  const given: unknown = attrs['pad'];
  if (given === 'valid' || given === 'same' || typeof given === 'number') return given;
  if (!Array.isArray(given)) throw unsupported(kernel, `with the padding ${String(given)}`);
  const pair = (axis: number): [number, number] => {
    const [before = 0, after = 0] = numbersAttr({ pad: given[axis] }, 'pad');
    return [before, after];
  };
  return [pair(0), pair(1), pair(2), pair(3)];
};

const rounding = (mode: unknown): 'floor' | 'round' | 'ceil' | undefined =>
  mode === 'floor' || mode === 'round' || mode === 'ceil' ? mode : undefined;

/** [height, width] of an attribute that may be one number for both, or absent. */
const sides = (attrs: KernelAttrs, name: string): [number, number] => {
  const [height = 1, width = height] = attrs[name] === undefined || attrs[name] === null ? [] : numbersAttr(attrs, name);
  return [height, width];
};

const shape4 = (shape: Shape): [number, number, number, number] => [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1, shape[3] ?? 1];

/** Throws TraceError (`unsupported-arguments`) for NCHW, and for images that are smaller than the kernel. */
export const geometryOf = (kernel: string, image: Shape, filter: Shape, attrs: KernelAttrs, depthwise = false): Geometry => {
  if ((attrs['dataFormat'] ?? 'NHWC') !== 'NHWC') throw unsupported(kernel, `in ${String(attrs['dataFormat'])}`);
  const info = tf.backend_util.computeConv2DInfo(
    shape4(image),
    shape4(filter),
    sides(attrs, 'strides'),
    sides(attrs, 'dilations'),
    paddingOf(kernel, attrs),
    rounding(attrs['dimRoundingMode']),
    depthwise,
  );
  if (info.outHeight < 0 || info.outWidth < 0) throw unsupported(kernel, 'of an image that is smaller than its kernel');
  return {
    batch: info.batchSize,
    height: {
      input: info.inHeight,
      output: info.outHeight,
      kernel: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      before: info.padInfo.top,
    },
    width: {
      input: info.inWidth,
      output: info.outWidth,
      kernel: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      before: info.padInfo.left,
    },
    inChannels: info.inChannels,
    outChannels: info.outChannels,
  };
};

/** Inputs that the outputs of an axis read, zeros included. */
export const span = ({ output, stride, kernel, dilation }: Axis): number =>
  output === 0 ? 0 : (output - 1) * stride + (kernel - 1) * dilation + 1;

/** 0 ... count - 1. */
export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** For each place of a result, the products of a pixel and a tap that meet there, as numbers pixel * taps + tap. */
export type Meetings = readonly (readonly number[])[];

/** At the outputs: pixels are those of the image. */
export const meetingsAtOutputs = ({ height, width }: Geometry): Meetings => {
  const reads = (axis: Axis, output: number): readonly (readonly [number, number])[] =>
    range(axis.kernel).flatMap((k) => {
      const input = output * axis.stride + k * axis.dilation - axis.before;
      return input >= 0 && input < axis.input ? [[input, k] as const] : [];
    });
  return meetings(height, width, [height.output, width.output], reads, width.input);
};

/** At the pixels of the image: the pixels that meet taps are the outputs. */
export const meetingsAtInputs = ({ height, width }: Geometry): Meetings => {
  const reached = (axis: Axis, input: number): readonly (readonly [number, number])[] =>
    range(axis.kernel).flatMap((k) => {
      const output = (input + axis.before - k * axis.dilation) / axis.stride;
      return Number.isInteger(output) && output >= 0 && output < axis.output ? [[output, k] as const] : [];
    });
  return meetings(height, width, [height.input, width.input], reached, width.output);
};

const meetings = (
  height: Axis,
  width: Axis,
  [rows, columns]: readonly [number, number],
  along: (axis: Axis, place: number) => readonly (readonly [number, number])[],
  sourceWidth: number,
): Meetings =>
  range(rows).flatMap((i) =>
    range(columns).map((j) =>
      along(height, i).flatMap(([row, k]) =>
        along(width, j).map(([column, l]) => ((row * sourceWidth + column) * height.kernel + k) * width.kernel + l),
      ),
    ),
  );
