/** Gradients of kernels that take parts of a tensor, or put mirror images of them around it. */
import * as tf from '@tensorflow/tfjs-core';
import { gradient, saved, sizeOf, type Gradients } from './gradient.js';

/** Does something along one axis: x as [outer, that axis, inner], and the result in x's shape but for that axis. */
const along = (x: tf.Tensor, axis: number, change: (rows: tf.Tensor) => tf.Tensor): tf.Tensor => {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const changed = change(tf.reshape(x, [sizeOf(before), x.shape[axis] ?? 1, sizeOf(after)]));
  const [, size = 0] = changed.shape;
  return tf.reshape(changed, [...before, size, ...after]);
};

/** `count` elements of the middle axis from `start` on. */
const part = (rows: tf.Tensor, start: number, count: number): tf.Tensor => {
  const [outer = 0, , inner = 0] = rows.shape;
  return tf.slice(rows, [0, start, 0], [outer, count, inner]);
};

const surround = (rows: tf.Tensor, before: number, after: number): tf.Tensor =>
  before === 0 && after === 0
    ? rows
    : tf.pad(rows, [
        [0, 0],
        [before, after],
        [0, 0],
      ]);

/** Elements of the middle axis go back to start, start + step, ... among `size`; zeros elsewhere. */
const spread = (rows: tf.Tensor, start: number, step: number, size: number): tf.Tensor => {
  const [outer = 0, count = 0, inner = 0] = rows.shape;
  if (count === 0) return tf.zeros([outer, size, inner]);
  const first = step < 0 ? start + step * (count - 1) : start;
  const forwards = step < 0 ? tf.reverse(rows, 1) : rows;
  const distance = Math.abs(step);
  const apart = tf.reshape(surround(tf.reshape(forwards, [outer * count, 1, inner]), 0, distance - 1), [outer, count * distance, inner]);
  const used = part(apart, 0, (count - 1) * distance + 1);
  return surround(used, first, size - first - (count - 1) * distance - 1);
};

const numbers = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : []);

const stridedSliceGradient = (dy: tf.Tensor, x: tf.Tensor, attrs: tf.NamedAttrMap): tf.Tensor => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const dense = tf.slice_util.sliceInfo(
    x.shape,
    numbers(begin),
    numbers(end),
    numbers(strides),
    Number(beginMask),
    Number(endMask),
    Number(ellipsisMask),
    Number(newAxisMask),
    Number(shrinkAxisMask),
  );
  const taken = tf.slice_util.computeOutShape(dense.begin, dense.end, dense.strides).map((size) => Math.max(0, size));
  return x.shape.reduce(
    (slopes: tf.Tensor, size, axis) => along(slopes, axis, (rows) => spread(rows, dense.begin[axis] ?? 0, dense.strides[axis] ?? 1, size)),
    tf.reshape(dy, taken),
  );
};

/** The middle, and what the two mirror images add to its ends; `reflect` leaves the border element out of them. */
const mirrorPadGradient = (dy: tf.Tensor, x: tf.Tensor, { paddings, mode }: tf.NamedAttrMap): tf.Tensor => {
  const skipped = mode === 'reflect' ? 1 : 0;
  const pairs = Array.isArray(paddings) ? paddings.map(numbers) : [];
  return x.shape.reduce((slopes: tf.Tensor, size, axis) => {
    const [before = 0, after = 0] = pairs[axis] ?? [];
    return along(slopes, axis, (rows) => {
      const middle = part(rows, before, size);
      const left = tf.reverse(part(rows, 0, before), 1);
      const right = tf.reverse(part(rows, before + size, after), 1);
      const withLeft = before === 0 ? middle : tf.add(middle, surround(left, skipped, size - skipped - before));
      return after === 0 ? withLeft : tf.add(withLeft, surround(right, size - skipped - after, skipped));
    });
  }, dy);
};

export const slicingGradients: Gradients = {
  StridedSlice: gradient(['x'], (dy, inputs, attrs) => [() => stridedSliceGradient(dy, saved(inputs, 0), attrs)]),
  // TensorFlow.js forgets the mirror images.
  MirrorPad: gradient(['x'], (dy, inputs, attrs) => [() => mirrorPadGradient(dy, saved(inputs, 0), attrs)]),
};
