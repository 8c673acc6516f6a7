/** -mean log softmax(logits)[label], in nats: logits [B, K], labels int32 [B]. */
import * as tf from '@tensorflow/tfjs-core';

export const classCrossEntropy = (logits: tf.Tensor, labels: tf.Tensor): tf.Tensor => {
  const chosen = tf.oneHot(tf.cast(labels, 'int32'), logits.shape.at(-1) ?? 1);
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), chosen), -1)));
};
