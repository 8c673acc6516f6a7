/** Whether a classifier's first choice is the class of the example. */
import * as tf from '@tensorflow/tfjs-core';

/** 1 where the largest of the logits [B, K] is that of the label, else 0: [B]. Of several largest ones the first counts. */
export const isRightClass = (logits: tf.Tensor, labels: tf.Tensor): tf.Tensor =>
  tf.cast(tf.equal(tf.argMax(logits, -1), tf.cast(labels, 'int32')), 'float32');
