/** Dense networks: what encoders and decoders of the names `mlp` and `linear` are made of. */
import * as tf from '@tensorflow/tfjs-core';
import type { Network, Scope } from '../../registry/contracts/index.js';
import type { Params } from '../../registry/params.js';
import { activationParam, activations, type ActivationName } from './activations.js';
import { initializerParam, initializers, type InitializerName } from './initializers.js';
import { numValues } from './shapes.js';

export interface MlpOptions {
  /** Widths of the hidden layers, first to last; none makes the network linear. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly initializer: InitializerName;
}

export const mlpParams = {
  hidden: {
    type: 'array',
    items: { type: 'integer', minimum: 1 },
    default: [500],
    unit: 'units',
    examples: [[500], [512, 256]],
    description: 'Widths of the hidden layers, from the input on; an empty list leaves one linear layer.',
  },
  activation: activationParam,
  initializer: initializerParam,
} as const satisfies Params;

/** x W + b: [N, numInputs] to [N, numOutputs]; the variables are `kernel` and `bias`. */
export const createDense = (
  scope: Scope,
  numInputs: number,
  numOutputs: number,
  initializer: InitializerName,
): ((x: tf.Tensor) => tf.Tensor) => {
  const { kernel, bias } = initializers[initializer];
  const weights = scope.variable('kernel', [numInputs, numOutputs], kernel);
  const offsets = scope.variable('bias', [numOutputs], bias(numInputs));
  return (x) => tf.add(tf.matMul(x, weights), offsets);
};

/** Flattens what comes in and shapes what goes out: [N, ...input] to [N, ...output]. Layers are `hidden-0`, ..., `output`. */
export const createMlp = ({ hidden, activation, initializer }: MlpOptions): Network => ({
  build: (scope, { input, output }) => {
    const activate = activations[activation];
    const numInputs = numValues(input);
    const layers = hidden.map((width, i) =>
      createDense(scope.child(`hidden-${String(i)}`), hidden[i - 1] ?? numInputs, width, initializer),
    );
    const last = createDense(scope.child('output'), hidden.at(-1) ?? numInputs, numValues(output), initializer);
    return (x) => {
      const features = layers.reduce((h, layer) => activate(layer(h)), tf.reshape(x, [-1, numInputs]));
      return tf.reshape(last(features), [-1, ...output]);
    };
  },
});
