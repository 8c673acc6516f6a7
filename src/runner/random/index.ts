/** Randomness of a run: named streams of draws. */
export { createRandomStreams } from './streams.js';
