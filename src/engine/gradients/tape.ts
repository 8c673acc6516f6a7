/**
 * Makes TensorFlow.js's tape connect the results that gradients save with what they are results of. Before a kernel's own entry, the tape
 * gets one for each tensor that is saved, a copy; that of a result therefore stands before the result's own, and since the tape is read
 * once in each direction, nothing ever flows through it: second derivatives of exp, tanh, softmax, tf.logSoftmax and all others that are
 * written with their result come out wrong without a word, that of exp as zero. Here the entry of the kernel is put in front of its copies.
 */
import * as tf from '@tensorflow/tfjs-core';

/** The newest entry, in front of those right before it that read one of its results. */
const reorder = (): void => {
  const { activeTape } = tf.engine().state;
  const newest = activeTape.at(-1);
  if (!newest) return;
  const results = new Set(newest.outputs.map(({ id }) => id));
  let place = activeTape.length - 1;
  const reads = (index: number): boolean => {
    // Inputs that were left out are there as undefined, whatever their type says.
    const inputs: readonly (tf.Tensor | undefined)[] = Object.values(activeTape[index]?.inputs ?? {});
    return inputs.some((input) => input && results.has(input.id));
  };
  while (place > 0 && reads(place - 1)) place--;
  if (place < activeTape.length - 1) activeTape.splice(place, 0, ...activeTape.splice(-1));
};

const method = 'addTapeNode';

/** To be called once. */
export const connectSavedResults = (): void => {
  const engine = tf.engine();
  const add: unknown = Reflect.get(engine, method);
  if (typeof add !== 'function') throw new Error(`TensorFlow.js ${tf.version_core} has no ${method}`);
  Reflect.set(engine, method, (...args: readonly unknown[]): void => {
    Reflect.apply(add, engine, args);
    reorder();
  });
};
