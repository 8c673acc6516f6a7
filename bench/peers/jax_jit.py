"""The dense VAE in JAX, the whole step under jit. Usage: jax_jit.py jit THREADS (XLA takes its threads from the processor mask)"""
import itertools
import os
import sys

threads = int(sys.argv[2])
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:threads]))
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp

from protocol import batches, serve

sizes = {"hidden": (784, 500), "head": (500, 40), "decode": (20, 500), "output": (500, 784)}
keys = jax.random.split(jax.random.key(0), len(sizes))
parameters = {
    name: (jax.random.uniform(key, shape, minval=-(shape[0] ** -0.5), maxval=shape[0] ** -0.5), jnp.zeros(shape[1]))
    for key, (name, shape) in zip(keys, sizes.items())
}


def dense(parameters, name, x):
    kernel, bias = parameters[name]
    return x @ kernel + bias


def objective(parameters, x, key):
    mean, raw = jnp.split(dense(parameters, "head", jax.nn.relu(dense(parameters, "hidden", x))), 2, axis=1)
    scale = jax.nn.softplus(raw)
    z = mean + scale * jax.random.normal(key, scale.shape)
    logits = dense(parameters, "output", jax.nn.relu(dense(parameters, "decode", z)))
    reconstruction = jnp.sum(jax.nn.softplus(logits) - logits * x, axis=1)
    kl = 0.5 * jnp.sum(mean**2 + scale**2 - 1 - 2 * jnp.log(scale), axis=1)
    return jnp.mean(reconstruction + kl)


@jax.jit
def update(state, x):
    parameters, first, second, count, key = state
    key, draw = jax.random.split(key)
    loss, gradients = jax.value_and_grad(objective)(parameters, x, draw)
    count = count + 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
    rate = 1e-3 * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
    parameters = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), parameters, first, second)
    return (parameters, first, second, count, key), loss


zeros = jax.tree.map(jnp.zeros_like, parameters)
state = (parameters, zeros, zeros, jnp.float32(0), jax.random.key(1))
data = itertools.cycle([jnp.asarray(batch) for batch in batches(16, 128, 784)])


def step():
    global state
    state, loss = update(state, next(data))
    return loss.item


serve(f"JAX {jax.__version__}", step)
