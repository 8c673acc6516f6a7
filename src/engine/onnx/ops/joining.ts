/** Kernels that join tensors, take them apart, and pad them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel.js';
import { concat, pad, select, slice } from './layout.js';
import { axisAttr, numberAttr, numbersAttr, operand, operands, pairsAttr } from './operand.js';
import type { Value } from '../values.js';

export const Concat: Kernel = (g, inputs, attrs) => {
  const values = operands(inputs);
  const axis = axisAttr(attrs, 'axis', values[0]?.shape.length ?? 0);
  assertJoinable(values, axis);
  return concat(g, values, axis);
};

/** TensorFlow.js leaves this to its kernels. Throws Error. */
const assertJoinable = (values: readonly Value[], axis: number): void => {
  tf.backend_util.assertParamsConsistent(
    values.map(({ shape }) => [...shape]),
    axis,
  );
};

export const Pack: Kernel = (g, inputs, attrs) => {
  const values = operands(inputs);
  const axis = axisAttr(attrs, 'axis', (values[0]?.shape.length ?? 0) + 1);
  const pieces = values.map((value) => g.reshape(value, [...value.shape.slice(0, axis), 1, ...value.shape.slice(axis)]));
  assertJoinable(pieces, axis);
  return concat(g, pieces, axis);
};

/** One Slice for each piece rather than one Split for all: pieces that nobody reads are never written. */
export const Unpack: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'value');
  const axis = axisAttr(attrs, 'axis', x.shape.length);
  const without = x.shape.filter((_, i) => i !== axis);
  return Array.from({ length: x.shape[axis] ?? 0 }, (_, index) => {
    const piece = slice(g, x, {
      starts: x.shape.map((_, i) => (i === axis ? index : 0)),
      sizes: x.shape.map((dim, i) => (i === axis ? 1 : dim)),
    });
    return g.reshape(piece, without);
  });
};

export const SplitV: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const axis = axisAttr(attrs, 'axis', x.shape.length);
  const given = numbersAttr(attrs, 'numOrSizeSplits');
  const split = typeof attrs['numOrSizeSplits'] === 'number' ? (given[0] ?? 1) : [...given];
  const sizes = tf.backend_util.prepareSplitSize({ dataId: {}, shape: [...x.shape], dtype: 'float32' }, split, axis);
  let start = 0;
  return sizes.map((size) => {
    const piece = slice(g, x, {
      starts: x.shape.map((_, i) => (i === axis ? start : 0)),
      sizes: x.shape.map((dim, i) => (i === axis ? size : dim)),
    });
    start += size;
    return piece;
  });
};

export const PadV2: Kernel = (g, inputs, attrs) => {
  const paddings = pairsAttr(attrs, 'paddings');
  const before = paddings.map((pair) => pair[0]);
  const after = paddings.map((pair) => pair[1]);
  return pad(g, operand(inputs, 'x'), before, after, numberAttr(attrs, 'constantValue'));
};

/** `reflect` leaves the border element out of the mirror image, `symmetric` (which ONNX's Pad lacks) repeats it. */
export const MirrorPad: Kernel = (g, inputs, attrs) => {
  const skipped = attrs['mode'] === 'reflect' ? 1 : 0;
  return pairsAttr(attrs, 'paddings').reduce(
    (x, [before, after], axis) => {
      if (before === 0 && after === 0) return x;
      const size = x.shape[axis] ?? 0;
      const positions = Array.from({ length: before + size + after }, (_, i) => {
        const position = i - before;
        return position < 0 ? -position - 1 + skipped : position >= size ? 2 * size - 1 - skipped - position : position;
      });
      return select(g, x, axis, positions);
    },
    operand(inputs, 'x'),
  );
};
