/** The engine's public face: compile a function of TensorFlow.js tensors and variables, and run it. */
export * from './engine.js';
export * from './errors.js';
export { hostTensor } from './host-tensor.js';
export { withLabel } from './labels.js';
export { findFirstNonFinite } from './watch.js';
export { createEngine } from './create.js';
export { OutlineEngine, type StepOutline } from './onnx/outline.js';
