/** Dense networks: what encoders, decoders, generators and discriminators of the names `mlp` and `linear` are made of. */
import * as tf from '@tensorflow/tfjs-core';
import type { Network, Scope } from '../../registry/contracts/index.js';
import type { Params } from '../../registry/params.js';
import { defaultSlope } from './activations.js';
import { initializers, type InitializerName } from './initializers.js';
import { checkedCondition, couplingOf, createDenseLayer, createFinish, inTurn, layerParams, type LayerOptions } from './layers.js';
import { appendDeviation } from './minibatch.js';
import { numValues } from './shapes.js';

/** Values of the params of a network of dense layers. */
export interface MlpOptions extends LayerOptions {
  /** Widths of the hidden layers, first to last; none makes the network linear. */
  readonly hidden: readonly number[];
  readonly minibatchDeviation?: boolean;
}

/** Params of a network of dense layers. */
export const mlpParams = {
  hidden: {
    type: 'array',
    items: { type: 'integer', minimum: 1 },
    default: [500],
    unit: 'units',
    examples: [[500], [512, 256]],
    description: 'Widths of the hidden layers, from the input on; an empty list leaves one linear layer.',
  },
  ...layerParams,
} as const satisfies Params;

/** A layer and nothing else. */
export const linearOptions = (initializer: InitializerName): MlpOptions => ({
  ...{ hidden: [], activation: 'relu', slope: defaultSlope, initializer, normalization: 'none', spectralNorm: false, dropout: 0 },
});

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

/**
 * Flattens what comes in, with its condition behind it, and shapes what goes out: [N, ...input] to [N, ...output]. Layers are `hidden-0`,
 * ..., `output`.
 */
export const createMlp = ({ hidden, minibatchDeviation = false, ...options }: MlpOptions): Network => ({
  ...(hidden.length > 0 ? couplingOf(options) : {}),
  build: (scope, { input, output, condition = 0 }) => {
    const numInputs = numValues(input) + condition;
    const layers = hidden.map((width, i) => {
      const inside = scope.child(`hidden-${String(i)}`);
      return inTurn(createDenseLayer(inside, hidden[i - 1] ?? numInputs, width, options), createFinish(inside, width, options));
    });
    const numFeatures = (hidden.at(-1) ?? numInputs) + (minibatchDeviation ? 1 : 0);
    const last = createDenseLayer(scope.child('output'), numFeatures, numValues(output), options);
    return {
      numFeatures,
      apply: (x, pass, given) => {
        const flat = tf.reshape(x, [-1, numValues(input)]);
        const told = checkedCondition(given, condition);
        const hiddenLast = inTurn(...layers)(told === null ? flat : tf.concat([flat, told], 1), pass);
        const features = minibatchDeviation ? appendDeviation(hiddenLast) : hiddenLast;
        return { output: tf.reshape(last(features, pass), [-1, ...output]), features };
      },
    };
  },
});
