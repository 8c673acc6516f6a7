/** Every lowering, by the name of its TensorFlow.js kernel: the namespace of this module is the table. */
export * from './activation.js';
export * from './arithmetic.js';
export * from './cast.js';
export * from './comparison.js';
export * from './convolution.js';
export * from './convolution-depthwise.js';
export * from './matrix.js';
export * from './indexing.js';
export * from './joining.js';
export * from './ordering.js';
export * from './scattering.js';
export * from './shape.js';
export * from './slicing.js';
export * from './reduction.js';
export * from './unary.js';
