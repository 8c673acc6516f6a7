export * from './data.js';
export * from './networks.js';
export * from './offers.js';
export * from './plots.js';
export * from './tensors.js';
export * from './training.js';
