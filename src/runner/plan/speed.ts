/** How fast this machine is, measured in a tenth of a second: what the estimate of a plan hangs on. */
import * as tf from '@tensorflow/tfjs-core';
import { createEngine, type CompiledStep, type Engine, type EngineName, type InputSpecs, type StepOutline } from '../../engine/index.js';

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

/** Sizes of layers that are common, and for engines that compute in plain JavaScript such that a product takes milliseconds. */
const sizes = { fast: { rows: 128, width: 512 }, slow: { rows: 32, width: 128 } } as const;

/** Milliseconds of repetition for each of the two figures. */
const budgetMs = 15;

/** Seconds of a run: the least of those that the time allows, as everything else on the machine only adds to it. */
const measure = async (step: CompiledStep<InputSpecs>, feeds: Readonly<Record<string, Float32Array>>): Promise<number> => {
  await step.run(feeds);
  let best = Infinity;
  const started = performance.now();
  do {
    const before = performance.now();
    await step.run(feeds);
    best = Math.min(best, performance.now() - before);
  } while (performance.now() - started < budgetMs);
  return best / 1000;
};

const measureOn = async (engine: Engine): Promise<Speed> => {
  const isFast = engine.name === 'onnx' || engine.name === 'tensorflow';
  const { rows, width } = isFast ? sizes.fast : sizes.slow;
  const spec = (...shape: readonly number[]) => ({ shape, dtype: 'float32' }) as const;
  const x = new Float32Array(rows * width).fill(0.5);
  const product = await engine.compile<InputSpecs>('product', { x: spec(rows, width), w: spec(width, width) }, ({ x: a, w }) =>
    a === undefined || w === undefined ? {} : { y: tf.sum(tf.matMul(a, w)) },
  );
  const chain = await engine.compile<InputSpecs>('chain', { x: spec(rows, width) }, ({ x: a }) =>
    a === undefined ? {} : { y: tf.sum(tf.add(tf.mul(tf.exp(a), a), tf.sigmoid(a))) },
  );
  const productSeconds = await measure(product, { x, w: new Float32Array(width * width).fill(0.5) });
  const chainSeconds = await measure(chain, { x });
  // exp and sigmoid read and write one tensor, mul and add read two; the sum reads one.
  const bytes = (2 + 2 + 3 + 3 + 1) * 4 * rows * width;
  const overhead = engine.name === 'onnx' ? secondsPerRun : 0;
  return {
    engine: engine.name,
    threads: engine.threads,
    multiplyAddsPerSecond: (rows * width * width) / Math.max(1e-6, productSeconds - overhead),
    bytesPerSecond: bytes / Math.max(1e-6, chainSeconds - overhead),
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
