/** Kernels that take a regular part of a tensor. */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel.js';
import { slice } from './layout.js';
import { numberAttr, numbersAttr, operand } from './operand.js';

/** Axes that `begin` does not name start at 0; a size of -1, or none, is what is left. */
export const Slice: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const begin = numbersAttr(attrs, 'begin');
  const size = attrs['size'] === undefined ? [] : numbersAttr(attrs, 'size');
  const starts = x.shape.map((_, axis) => begin[axis] ?? 0);
  const sizes = x.shape.map((dim, axis) => {
    const wanted = size[axis] ?? -1;
    return wanted === -1 ? dim - (starts[axis] ?? 0) : wanted;
  });
  x.shape.forEach((dim, axis) => {
    const start = starts[axis] ?? 0;
    const end = start + (sizes[axis] ?? 0);
    if (start < 0 || end < start || end > dim)
      throw new Error(
        `a slice from ${String(start)} to ${String(end)} does not lie in axis ${String(axis)} of shape [${x.shape.join(', ')}]`,
      );
  });
  return slice(g, x, { starts, sizes });
};

/** NumPy's x[begin:end:stride, ...], with TensorFlow's masks for what is left out, new and dropped axes. */
export const StridedSlice: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const [begin, end, strides] = (['begin', 'end', 'strides'] as const).map((name) => [...numbersAttr(attrs, name)]);
  const [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] = maskNames.map((name) => numberAttr(attrs, name));
  const dense = tf.slice_util.sliceInfo(
    [...x.shape],
    begin ?? [],
    end ?? [],
    strides ?? [],
    beginMask ?? 0,
    endMask ?? 0,
    ellipsisMask ?? 0,
    newAxisMask ?? 0,
    shrinkAxisMask ?? 0,
  );
  const sizes = tf.slice_util.computeOutShape(dense.begin, dense.end, dense.strides).map((size) => Math.max(0, size));
  return g.reshape(slice(g, x, { starts: dense.begin, sizes, steps: dense.strides }), dense.finalShape);
};

const maskNames = ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask'] as const;

export const Reverse: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const axes =
    attrs['dims'] === undefined ? x.shape.map((_, axis) => axis) : tf.util.parseAxisParam([...numbersAttr(attrs, 'dims')], [...x.shape]);
  // A slice against the direction; turning an axis of no or one element round changes nothing.
  const turned = x.shape.map((dim, axis) => axes.includes(axis) && dim > 1);
  return slice(g, x, {
    starts: x.shape.map((dim, axis) => (turned[axis] ? dim - 1 : 0)),
    sizes: x.shape,
    steps: turned.map((is) => (is ? -1 : 1)),
  });
};
