/** Which TensorFlow.js backend is current is one fact of the whole process; each engine asks for its own before it touches a tensor. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes a backend that is up the current one. Variables must be made and assigned under their own backend: TensorFlow.js counts
 * references at the current one. For such a backend setBackend has done its work when it returns its promise.
 */
export const activateBackend = (name: string): void => {
  if (tf.getBackend() === name) return;
  void tf.setBackend(name);
  if (tf.getBackend() !== name) throw new Error(`the TensorFlow.js backend "${name}" is not up`);
};
