/** Passes through the model: what is made once per pass, and the states that it moves. */
import * as tf from '@tensorflow/tfjs-core';
import type { Noise, Pass } from '../../registry/contracts/index.js';

export interface OpenPass {
  readonly pass: Pass;
  /** Next values of state variables, to be read before `close`. */
  readonly remembered: ReadonlyMap<tf.Variable, tf.Tensor>;
  /** Lets go of what the pass kept. */
  close(): void;
}

/** Nothing that a pass keeps is disposed of by a tidy around it, such as that of a gradient inside a loss. */
export const openPass = (training: boolean, noise: Noise): OpenPass => {
  const made = new Map<object, tf.Tensor>();
  const remembered = new Map<tf.Variable, tf.Tensor>();
  const kept: tf.Tensor[] = [];
  const keep = (value: tf.Tensor): tf.Tensor => {
    kept.push(tf.keep(value));
    return value;
  };
  return {
    remembered,
    pass: {
      training,
      noise,
      once: (key, compute) => {
        const known = made.get(key);
        if (known !== undefined) return known;
        const value = keep(compute());
        made.set(key, value);
        return value;
      },
      remember: (state, next) => {
        if (training) remembered.set(state, keep(next(remembered.get(state) ?? state)));
      },
    },
    close: () => {
      for (const tensor of kept) tensor.dispose();
    },
  };
};

/** Runs `body` with a pass of its own. */
export const withPass = <T>(training: boolean, noise: Noise, body: (pass: Pass) => T): T => {
  const open = openPass(training, noise);
  try {
    return body(open.pass);
  } finally {
    open.close();
  }
};
