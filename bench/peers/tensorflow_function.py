"""The dense VAE in TensorFlow, the whole step a tf.function. Usage: tensorflow_function.py function|xla THREADS"""
import itertools
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

from protocol import batches, serve

mode, threads = sys.argv[1], int(sys.argv[2])
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.random.set_seed(0)

sizes = {"hidden": (784, 500), "head": (500, 40), "decode": (20, 500), "output": (500, 784)}
kernels = {name: tf.Variable(tf.random.uniform(shape, -(shape[0] ** -0.5), shape[0] ** -0.5)) for name, shape in sizes.items()}
biases = {name: tf.Variable(tf.zeros(shape[1])) for name, shape in sizes.items()}
variables = [*kernels.values(), *biases.values()]
first = [tf.Variable(tf.zeros_like(v)) for v in variables]
second = [tf.Variable(tf.zeros_like(v)) for v in variables]
count = tf.Variable(0.0)


def dense(name, x):
    return tf.matmul(x, kernels[name]) + biases[name]


@tf.function(jit_compile=mode == "xla")
def update(x):
    with tf.GradientTape() as tape:
        mean, raw = tf.split(dense("head", tf.nn.relu(dense("hidden", x))), 2, axis=1)
        scale = tf.nn.softplus(raw)
        logits = dense("output", tf.nn.relu(dense("decode", mean + scale * tf.random.normal(tf.shape(scale)))))
        reconstruction = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits), 1)
        kl = 0.5 * tf.reduce_sum(mean**2 + scale**2 - 1 - 2 * tf.math.log(scale), 1)
        loss = tf.reduce_mean(reconstruction + kl)
    count.assign_add(1.0)
    rate = 1e-3 * tf.sqrt(1 - 0.999**count) / (1 - 0.9**count)
    for p, g, m, v in zip(variables, tape.gradient(loss, variables), first, second):
        m.assign(0.9 * m + 0.1 * g)
        v.assign(0.999 * v + 0.001 * g * g)
        p.assign_sub(rate * m / (tf.sqrt(v) + 1e-8))
    return loss


data = itertools.cycle([tf.constant(batch) for batch in batches(16, 128, 784)])


def step():
    return update(next(data)).numpy


serve(f"TensorFlow {tf.__version__}", step)
