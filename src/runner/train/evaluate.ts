/** Metrics over whole splits: one compiled pass, folded on the host in double precision. */
import * as tf from '@tensorflow/tfjs-core';
import type { DrawCodes } from '../../components/shared/fitted-codes.js';
import { withLabel, type CompiledStep, type Engine, type InputSpec, type StepArray } from '../../engine/index.js';
import type {
  Column,
  Data,
  Examples,
  Forward,
  Metric,
  Moment,
  Noise,
  Offers,
  RandomStreams,
  Shape,
  SplitName,
} from '../../registry/contracts/index.js';
import { isOfSamples } from '../provenance.js';
import { createBatchBuffers, readForEvaluation, type BatchBuffers } from './batches.js';
import { createExampleNoise, prefixNoise } from './noise.js';
import { withPass } from './pass.js';
import { compileRepetition, runRepetition, type CompiledRepetition, type PassInputs, type PlacedInputs } from './repeat.js';

export interface NamedMetric {
  readonly name: string;
  /** As metrics.csv has them behind the split. */
  readonly columns: readonly Column[];
  readonly metric: Metric;
  /** After how many epochs it is measured; null: after each. At the end in any case. */
  readonly everyEpochs: number | null;
}

/** When metrics are measured: those with a rhythm of their own are left out in between. */
export type MeasuredAt = Pick<Moment, 'epoch' | 'isLast'>;

const isDue = (everyEpochs: number | null, moment: MeasuredAt | null): boolean =>
  everyEpochs === null || moment === null || moment.isLast || (moment.epoch > 0 && moment.epoch % everyEpochs === 0);

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
  /** What stands in for the samples of the model, as many as a split has examples; the model makes them if absent. */
  readonly samples?: Examples;
  /** Draws the codes that samples are made of; the model's `sampleLatent` does if absent. */
  readonly drawCodes?: DrawCodes;
}

/** Metrics that are measured together, in one pass. */
interface Group {
  readonly everyEpochs: number | null;
  readonly metrics: readonly NamedMetric[];
  readonly pass: CompiledStep<PassInputs>;
  /** Those of its one metric. */
  readonly repetitions: readonly CompiledRepetition[];
  /** Examples at most; null: all. */
  readonly most: number | null;
  /** For metrics of samples, where they do not draw from the model's prior. */
  readonly drawCodes: DrawCodes | null;
}

/** How often a compiled pass runs. */
export interface EvaluationPass extends Pick<Group, 'everyEpochs' | 'most'> {
  /** For each batch. */
  readonly runs: number;
}

/** One that repeats a step, or looks at some examples alone, has a pass of its own. */
const isAlone = ({ metric }: NamedMetric): boolean => metric.repetitions !== undefined || metric.examples !== undefined;

/** Metrics of one rhythm, by the pass that measures them. */
const groupsOf = (metrics: readonly NamedMetric[]): readonly (readonly NamedMetric[])[] => {
  const shared = metrics.filter((metric) => !isAlone(metric));
  const together = [...new Set(shared.map(({ everyEpochs }) => everyEpochs))];
  const groups = [
    ...together.map((everyEpochs) => shared.filter((metric) => metric.everyEpochs === everyEpochs)),
    ...metrics.filter(isAlone).map((metric) => [metric]),
  ];
  return groups.length === 0 ? [[]] : groups;
};

const nameOf = (metrics: readonly NamedMetric[]): string => {
  const [first] = metrics;
  if (first === undefined) return 'evaluate';
  if (isAlone(first)) return `evaluate-${first.name}`;
  return first.everyEpochs === null ? 'evaluate' : `evaluate-every-${String(first.everyEpochs)}`;
};

const takeCodes =
  (codes: tf.Tensor): Offers['sampleLatent'] =>
  (_, count) => {
    const [available = 0, latent = 1] = codes.shape;
    if (count > available) throw new Error(`asks for ${String(count)} codes, and the sampler draws ${String(available)} for each batch`);
    return count === available ? codes : tf.slice(codes, [0, 0], [count, latent]);
  };

/**
 * Offers with the labels of the batch, whatever the model reads; with samples that are given, as codes that need no more generation; or
 * with codes that are given.
 */
const giveOffers = (offers: Offers, { labels, samples, codes }: PlacedInputs): Offers => {
  const given: Partial<Offers> = {
    ...(labels === undefined ? {} : { labels }),
    ...(codes === undefined ? {} : { sampleLatent: takeCodes(codes) }),
    ...(samples === undefined ? {} : { sampleLatent: () => samples, generate: (z: tf.Tensor) => z }),
  };
  return new Proxy(offers, { get: (target, name): unknown => Reflect.get(name in given ? given : target, name) });
};

const compileGroup = async (parts: EvaluatorParts, metrics: readonly NamedMetric[]): Promise<Group> => {
  const { engine, data, forward, random, batchSize } = parts;
  const drawCodes = metrics.some(({ metric }) => isOfSamples(metric)) ? (parts.drawCodes ?? null) : null;
  const x: InputSpec = { shape: [batchSize, ...data.shape], dtype: 'float32' };
  const inputs: PassInputs = {
    x,
    ...(parts.withLabels ? { labels: { shape: [batchSize], dtype: 'int32' } } : {}),
    ...(parts.samples === undefined ? {} : { samples: x }),
    ...(drawCodes === null ? {} : { codes: { shape: [batchSize, parts.latent], dtype: 'float32' } }),
  };
  const name = nameOf(metrics);
  type Body = (offers: Offers, noise: Noise) => Readonly<Record<string, tf.Tensor>>;
  const evaluate = (placed: PlacedInputs, prefix: string, runs: number, body: Body): ReturnType<Body> =>
    withPass(false, createExampleNoise(random, prefix, batchSize, runs), (evaluation) => {
      const { x, labels } = placed;
      return body(giveOffers(forward({ x, ...(labels ? { labels } : {}) }, evaluation), placed), evaluation.noise);
    });
  const shapes = new Map<string, Shape>();
  const pass = await engine.compile(name, inputs, (placed) =>
    evaluate(placed, 'evaluate/noise', 1, (offers, noise) => {
      const measured: Record<string, tf.Tensor> = {};
      metrics.forEach(({ name, metric }, i) => {
        const values = withLabel(`metric ${name}`, () => metric.measure(offers, prefixNoise(noise, `metric/${name}`)));
        for (const [key, tensor] of Object.entries(values)) {
          measured[rowName(i, key)] = tensor;
          shapes.set(key, tensor.shape);
        }
      });
      return measured;
    }),
  );
  const [first] = metrics;
  const repetitions: CompiledRepetition[] = [];
  for (const [i, repetition] of (first?.metric.repetitions ?? []).entries())
    repetitions.push(
      await compileRepetition(engine, `${name}-${String(i + 1)}`, inputs, shapes, repetition, (placed, body) =>
        evaluate(placed, `evaluate/noise-${String(i + 1)}`, repetition.runs, (offers, noise) =>
          withLabel(`metric ${first?.name ?? ''}`, () => body(offers, prefixNoise(noise, `metric/${first?.name ?? ''}`))),
        ),
      ),
    );
  return { everyEpochs: first?.everyEpochs ?? null, metrics, pass, repetitions, most: first?.metric.examples ?? null, drawCodes };
};

/**
 * Train and validation figures come from the same pass with the same noise, over equally many examples, with the weights standing
 * still: only so can their difference be read as overfitting.
 */
export class Evaluator {
  readonly columns: readonly Column[];
  readonly #parts: EvaluatorParts;
  readonly #groups: readonly Group[];
  readonly #buffers: BatchBuffers;
  readonly #sampleBuffers: BatchBuffers | null;
  readonly #chosen: Readonly<Record<SplitName, Int32Array>>;

  private constructor(parts: EvaluatorParts, groups: readonly Group[]) {
    const { data, metrics, random } = parts;
    this.#parts = parts;
    this.#groups = groups;
    this.columns = metrics.flatMap(({ columns }) => columns);
    this.#buffers = createBatchBuffers(data, parts.batchSize);
    this.#sampleBuffers = parts.samples === undefined ? null : createBatchBuffers(data, parts.batchSize);
    const { train, validation, test } = data.splits;
    const comparable = validation.count > 0 ? Math.min(validation.count, train.count) : train.count;
    this.#chosen = {
      train: random.draws('evaluate/train-subset', 0).permutation(train.count).slice(0, comparable).sort(),
      validation: Int32Array.from({ length: validation.count }, (_, i) => i),
      test: Int32Array.from({ length: test.count }, (_, i) => i),
    };
  }

  static async create(parts: EvaluatorParts): Promise<Evaluator> {
    const groups: Group[] = [];
    for (const metrics of groupsOf(parts.metrics)) groups.push(await compileGroup(parts, metrics));
    return new Evaluator(parts, groups);
  }

  /** What each compiled pass is for, in the order in which they were compiled. */
  get passes(): readonly EvaluationPass[] {
    return this.#groups.flatMap(({ everyEpochs, most, repetitions }) =>
      [1, ...repetitions.map(({ repetition }) => repetition.runs)].map((runs) => ({ everyEpochs, most, runs })),
    );
  }

  /** Examples of a split that figures are taken over. */
  countOf(split: SplitName): number {
    return this.#chosen[split].length;
  }

  /** One number per column; null where the split has no examples, or the metric is not due at `moment`. Without a moment, all are. */
  async measure(split: SplitName, moment: MeasuredAt | null = null): Promise<Readonly<Record<string, number | null>>> {
    const found = new Map<string, number | null>();
    if (this.#chosen[split].length > 0)
      for (const group of this.#groups) if (isDue(group.everyEpochs, moment)) await this.#measureGroup(group, split, found);
    return Object.fromEntries(this.columns.map(({ name }) => [name, found.get(name) ?? null]));
  }

  async #measureGroup(
    { metrics, pass, repetitions, most, drawCodes }: Group,
    split: SplitName,
    found: Map<string, number | null>,
  ): Promise<void> {
    const { data, latent, withLabels, samples } = this.#parts;
    const given = this.#sampleBuffers;
    const chosen = this.#chosen[split].subarray(0, most ?? Infinity);
    const reducers = metrics.map(({ metric }) => metric.reducer(latent, data));
    const { x, labels, indices } = this.#buffers;
    const drawn = await drawCodes?.(chosen.length);
    const codes = new Float32Array(indices.length * latent);
    for (let start = 0, batch = 0; start < chosen.length; start += indices.length, batch++) {
      const count = readForEvaluation(data.splits[split], chosen, start, this.#buffers);
      if (samples !== undefined && given !== null) readForEvaluation(samples, chosen, start, given);
      if (drawn !== undefined) codes.fill(0).set(drawn.subarray(start * latent, (start + indices.length) * latent));
      const feeds = {
        x,
        ...(withLabels ? { labels } : {}),
        ...(given === null ? {} : { samples: given.x }),
        ...(drawn === undefined ? {} : { codes }),
      };
      const results = await pass.run(feeds, batch);
      const rows = metrics.map((_, i) => rowsOf(results, i));
      // A metric that repeats a step is the only one of its pass.
      for (const repetition of repetitions) rows[0] = await runRepetition(repetition, feeds, rows[0] ?? {}, batch);
      reducers.forEach((reducer, i) => {
        reducer.add(rows[i] ?? {}, count);
      });
    }
    metrics.forEach(({ columns }, i) => {
      const values = reducers[i]?.result() ?? [];
      columns.forEach(({ name }, column) => found.set(name, values[column] ?? null));
    });
  }

  async dispose(): Promise<void> {
    for (const { pass, repetitions } of this.#groups) {
      await pass.dispose();
      for (const repetition of repetitions) await repetition.dispose();
    }
  }
}

const rowName = (metric: number, key: string): string => `${String(metric)}.${key}`;

/** What a pass gave of one metric, under the metric's own names. */
const rowsOf = (results: Readonly<Record<string, StepArray>>, metric: number): Readonly<Record<string, Float32Array>> =>
  Object.fromEntries(
    Object.entries(results).flatMap(([key, values]) =>
      key.startsWith(rowName(metric, '')) && values instanceof Float32Array ? [[key.slice(rowName(metric, '').length), values]] : [],
    ),
  );
