/** Engines by name. Each loads what it needs only when it is asked for. */
import * as tf from '@tensorflow/tfjs-core';
import { EagerEngine } from './eager.js';
import type { Engine, EngineName } from './engine.js';
import { EngineUnavailableError } from './errors.js';
import { registerMissingGradients } from './gradients/index.js';
import { createOnnxEngine } from './onnx/create.js';

export interface EngineOptions {
  /** Threads of one operator; null: the engine's own choice. */
  readonly threads: number | null;
}

const factories: Readonly<Record<EngineName, (options: EngineOptions) => Promise<Engine>>> = {
  onnx: createOnnxEngine,
  tensorflow: async ({ threads }) => {
    // libtensorflow reads its thread counts when it is loaded, and never again.
    if (threads !== null) process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
    const module = await loadTensorflow();
    const { version } = module as { readonly version?: { readonly tensorflow?: string } };
    return new EagerEngine({
      name: 'tensorflow',
      backend: 'tensorflow',
      version: `tfjs-node ${version?.tensorflow ?? ''}`.trim(),
      threads,
    });
  },
  wasm: async ({ threads }) => {
    const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
    if (threads !== null) setThreadsCount(threads);
    await start('wasm');
    return new EagerEngine({ name: 'wasm', backend: 'wasm', version: `tfjs-backend-wasm ${tf.version_core}`, threads });
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    // Otherwise the backend greets every process with an advertisement for tfjs-node.
    tf.env().set('PROD', true);
    await start('cpu');
    return new EagerEngine({ name: 'cpu', backend: 'cpu', version: `tfjs-backend-cpu ${tf.version_core}`, threads: 1 });
  },
};

/** Makes an engine ready. Throws EngineUnavailableError if it cannot run here. */
export const createEngine = (name: EngineName, options: EngineOptions = { threads: null }): Promise<Engine> => {
  registerMissingGradients();
  return factories[name](options);
};

const loadTensorflow = async (): Promise<unknown> => {
  const specifier = '@tensorflow/tfjs-node';
  try {
    return await import(specifier);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    const reason = isMissing
      ? 'the optional package @tensorflow/tfjs-node is not installed (it downloads its native library, and npm leaves it out where that fails)'
      : `@tensorflow/tfjs-node does not start: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`;
    throw new EngineUnavailableError('tensorflow', reason, { cause: error });
  }
};

const start = async (name: EngineName): Promise<void> => {
  const ready = await tf.setBackend(name).catch(() => false);
  if (!ready) throw new EngineUnavailableError(name, `TensorFlow.js could not start its backend "${name}"`);
};
