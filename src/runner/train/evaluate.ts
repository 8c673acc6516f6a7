/** Metrics over whole splits: one compiled pass, folded on the host in double precision. */
import type * as tf from '@tensorflow/tfjs-core';
import { withLabel, type CompiledStep, type Engine, type InputSpec } from '../../engine/index.js';
import type { Column, Data, Forward, Metric, RandomStreams, SplitName } from '../../registry/contracts/index.js';
import { createBatchBuffers, readForEvaluation, type BatchBuffers } from './batches.js';
import { createExampleNoise, prefixNoise } from './noise.js';
import { withPass } from './pass.js';

export interface NamedMetric {
  readonly name: string;
  /** As metrics.csv has them behind the split. */
  readonly columns: readonly Column[];
  readonly metric: Metric;
}

export interface EvaluatorParts {
  readonly engine: Engine;
  readonly data: Data;
  readonly forward: Forward;
  readonly metrics: readonly NamedMetric[];
  readonly latent: number;
  readonly random: RandomStreams;
  readonly batchSize: number;
  /** Whether the model reads labels. */
  readonly withLabels: boolean;
}

type PassInputs = { readonly x: InputSpec; readonly labels?: InputSpec };

/**
 * Train and validation figures come from the same pass with the same noise, over equally many examples, with the weights standing
 * still: only so can their difference be read as overfitting.
 */
export class Evaluator {
  readonly columns: readonly Column[];
  readonly #parts: EvaluatorParts;
  readonly #pass: CompiledStep<PassInputs>;
  readonly #buffers: BatchBuffers;
  readonly #chosen: Readonly<Record<SplitName, Int32Array>>;

  private constructor(parts: EvaluatorParts, pass: CompiledStep<PassInputs>) {
    const { data, metrics, random } = parts;
    this.#parts = parts;
    this.#pass = pass;
    this.columns = metrics.flatMap(({ columns }) => columns);
    this.#buffers = createBatchBuffers(data, parts.batchSize);
    const { train, validation, test } = data.splits;
    const comparable = validation.count > 0 ? Math.min(validation.count, train.count) : train.count;
    this.#chosen = {
      train: random.draws('evaluate/train-subset', 0).permutation(train.count).slice(0, comparable).sort(),
      validation: Int32Array.from({ length: validation.count }, (_, i) => i),
      test: Int32Array.from({ length: test.count }, (_, i) => i),
    };
  }

  static async create(parts: EvaluatorParts): Promise<Evaluator> {
    const { engine, data, forward, metrics, random, batchSize } = parts;
    const x: InputSpec = { shape: [batchSize, ...data.shape], dtype: 'float32' };
    const inputs: PassInputs = parts.withLabels ? { x, labels: { shape: [batchSize], dtype: 'int32' } } : { x };
    const pass = await engine.compile<PassInputs>('evaluate', inputs, (placed) => {
      const batch = { x: placed.x, ...(placed.labels ? { labels: placed.labels } : {}) };
      return withPass(false, createExampleNoise(random, 'evaluate/noise', batchSize), (evaluation) => {
        const offers = forward(batch, evaluation);
        const measured: Record<string, tf.Tensor> = {};
        metrics.forEach(({ name, metric }, i) => {
          const values = withLabel(`metric ${name}`, () => metric.measure(offers, prefixNoise(evaluation.noise, `metric/${name}`)));
          for (const [key, tensor] of Object.entries(values)) measured[rowName(i, key)] = tensor;
        });
        return measured;
      });
    });
    return new Evaluator(parts, pass);
  }

  /** One number per column; null where the split has no examples. */
  async measure(split: SplitName): Promise<Readonly<Record<string, number | null>>> {
    const { data, metrics, latent, withLabels } = this.#parts;
    const chosen = this.#chosen[split];
    if (chosen.length === 0) return Object.fromEntries(this.columns.map(({ name }) => [name, null]));
    const reducers = metrics.map(({ metric }) => metric.reducer(latent, data));
    const { x, labels, indices } = this.#buffers;
    for (let start = 0, batch = 0; start < chosen.length; start += indices.length, batch++) {
      const count = readForEvaluation(data.splits[split], chosen, start, this.#buffers);
      const results = await this.#pass.run(withLabels ? { x, labels } : { x }, batch);
      metrics.forEach((_, i) => {
        const rows: Record<string, Float32Array> = {};
        for (const [key, values] of Object.entries(results))
          if (key.startsWith(rowName(i, '')) && values instanceof Float32Array) rows[key.slice(rowName(i, '').length)] = values;
        reducers[i]?.add(rows, count);
      });
    }
    const values = reducers.flatMap((reducer) => reducer.result());
    return Object.fromEntries(this.columns.map(({ name }, i) => [name, values[i] ?? null]));
  }

  dispose(): Promise<void> {
    return this.#pass.dispose();
  }
}

const rowName = (metric: number, key: string): string => `${String(metric)}.${key}`;
