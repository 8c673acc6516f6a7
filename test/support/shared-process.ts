/** Before each test file that shares its process with others: they compute on TensorFlow.js itself, whatever the last one has left behind. */
import { useCpuBackend } from './pass.js';

useCpuBackend();
