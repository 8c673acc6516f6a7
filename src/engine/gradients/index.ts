/**
 * Gradients that TensorFlow.js has none of, has wrong, or makes of large host arrays. With those that are missing the gradient of a gradient exists: a penalty on a
 * critic's slope differentiates leakyRelu's gradient, which is made of a comparison, and elu's, which is a kernel of its own.
 */
import * as tf from '@tensorflow/tfjs-core';
// The Node build of tfjs-core registers no gradient at all; that of tfjs-layers brings them along, in 20 ms.
import '@tensorflow/tfjs-layers';
import { convolutionGradients } from './convolution.js';
import { elementwiseGradients } from './elementwise.js';
import type { Gradients } from './gradient.js';
import { indexingGradients } from './indexing.js';
import { movingGradients } from './moving.js';
import { normalizationGradients } from './normalization.js';
import { poolingGradients } from './pooling.js';
import { productsGradients } from './products.js';
import { resizeGradients } from './resize.js';
import { runningGradients } from './running.js';
import { slicingGradients } from './slicing.js';
import { sumsGradients } from './sums.js';
import { connectSavedResults } from './tape.js';

const gradients: Gradients = {
  ...elementwiseGradients,
  ...productsGradients,
  ...sumsGradients,
  ...runningGradients,
  ...movingGradients,
  ...slicingGradients,
  ...indexingGradients,
  ...normalizationGradients,
  ...poolingGradients,
  ...resizeGradients,
  ...convolutionGradients,
};

let areRegistered = false;

/** Registers what is missing or wrong, for every engine. May be called any number of times. */
export const registerMissingGradients = (): void => {
  if (areRegistered) return;
  areRegistered = true;
  connectSavedResults();
  for (const [kernelName, gradient] of Object.entries(gradients)) tf.registerGradient({ kernelName, ...gradient });
};
