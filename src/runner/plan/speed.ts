/** How fast this machine is, measured in a tenth of a second: what the estimate of a plan hangs on. */
import * as tf from '@tensorflow/tfjs-core';
import {
  createEngine,
  type CompiledStep,
  type Engine,
  type EngineName,
  type InputSpec,
  type InputSpecs,
  type StepFunction,
  type StepOutline,
} from '../../engine/index.js';

export interface Speed {
  readonly engine: EngineName;
  /** Null where the engine decides. */
  readonly threads: number | null;
  /** Multiplications with their additions in a second, of a matrix product. */
  readonly multiplyAddsPerSecond: number;
  /** Bytes that arithmetic element by element reads and writes in a second. */
  readonly bytesPerSecond: number;
}

/** Of one run of the onnx engine, and of one tensor that goes in or comes out of it. */
const secondsPerRun = 30e-6;
const secondsPerFeed = 9e-6;

/** A layer forth and back, and for engines that compute in plain JavaScript one whose products take milliseconds. */
const sizes = {
  fast: { rows: 128, width: 512, elements: 500_000, budgetMs: 12 },
  slow: { rows: 32, width: 96, elements: 20_000, budgetMs: 60 },
} as const;

/** Seconds of a run: the median of those that `budgetMs` of repetition allow. */
const measure = async (
  step: CompiledStep<InputSpecs>,
  feeds: Readonly<Record<string, Float32Array>>,
  budgetMs: number,
): Promise<number> => {
  await step.run(feeds);
  const taken: number[] = [];
  const started = performance.now();
  do {
    const before = performance.now();
    await step.run(feeds);
    taken.push(performance.now() - before);
  } while (performance.now() - started < budgetMs);
  return (taken.toSorted((a, b) => a - b)[taken.length >> 1] ?? 0) / 1000;
};

const spec = (...shape: readonly number[]): InputSpec => ({ shape, dtype: 'float32' });

/** The three products of a dense layer in training; the last two take something transposed, which is slower. */
const layer: StepFunction<{ readonly x: InputSpec; readonly w: InputSpec }> = ({ x, w }) => {
  const y = tf.matMul(x, w);
  return { byWeights: tf.sum(tf.matMul(x, y, true, false)), byInputs: tf.sum(tf.matMul(y, w, false, true)) };
};

/** exp and sigmoid read and write one tensor, mul and add read two, and the sum reads one. */
const chain: StepFunction<{ readonly x: InputSpec }> = ({ x }) => ({ y: tf.sum(tf.add(tf.mul(tf.exp(x), x), tf.sigmoid(x))) });
const bytesPerElement = 4 * (2 + 2 + 3 + 3 + 1);

const measureOn = async (engine: Engine): Promise<Speed> => {
  const isFast = engine.name === 'onnx' || engine.name === 'tensorflow';
  const { rows, width, elements, budgetMs } = isFast ? sizes.fast : sizes.slow;
  const products = await engine.compile('products', { x: spec(rows, width), w: spec(width, width) }, layer);
  const elementwise = await engine.compile('elementwise', { x: spec(elements) }, chain);
  const fill = (size: number): Float32Array => new Float32Array(size).fill(0.5);
  const productSeconds = await measure(products, { x: fill(rows * width), w: fill(width * width) }, budgetMs);
  const elementSeconds = await measure(elementwise, { x: fill(elements) }, budgetMs);
  return {
    engine: engine.name,
    threads: engine.threads,
    multiplyAddsPerSecond: (3 * rows * width * width) / productSeconds,
    bytesPerSecond: (bytesPerElement * elements) / elementSeconds,
  };
};

/** @throws EngineUnavailableError */
export const measureSpeed = async (name: EngineName, threads: number | null): Promise<Speed> => {
  const engine = await createEngine(name, { threads });
  try {
    return await measureOn(engine);
  } finally {
    await engine.dispose();
  }
};

/** Seconds of one run of these steps. */
export const secondsOf = (steps: readonly StepOutline[], speed: Speed): number =>
  steps.reduce((sum, { multiplyAdds, bytesMoved, numFeeds }) => {
    const overhead = speed.engine === 'onnx' ? secondsPerRun + numFeeds * secondsPerFeed : 0;
    return sum + multiplyAdds / speed.multiplyAddsPerSecond + bytesMoved / speed.bytesPerSecond + overhead;
  }, 0);
