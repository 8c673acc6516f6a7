/** A round of the update graph: the steps of all players, compiled into as few runs of the engine as pay. */
import type * as tf from '@tensorflow/tfjs-core';
import type { CompiledStep, Engine, InputSpec, StepFunction } from '../../engine/index.js';
import type { Batch, Data, RandomStreams } from '../../registry/contracts/index.js';
import { RunError } from '../errors.js';
import type { BatchBuffers } from './batches.js';
import { StepDraws } from './noise.js';
import type { PlannedStep, RoundPlan, UpdateSpec } from './plan-round.js';
import type { Figures, TakeStep } from './update.js';

export interface RoundParts {
  readonly engine: Engine;
  readonly data: Data;
  readonly random: RandomStreams;
  readonly plan: RoundPlan;
  readonly batchSize: number;
  readonly withLabels: boolean;
  readonly updates: readonly { readonly update: UpdateSpec; readonly take: TakeStep; readonly numWeights: number }[];
  /** The experiment's file, for errors. */
  readonly config: string;
}

/** Figures of a round by column; those of an update that steps several times are averaged. */
export type RoundFigures = Readonly<Record<string, number>>;

/**
 * An optimizer's arithmetic on weights that nothing reads afterwards runs as one fused loop outside onnxruntime; on weights that the next
 * player's step reads it cannot. Above this many weights the loop saves more than a run of its own costs.
 */
const worthARun = 50_000;

type Inputs = Readonly<Record<string, InputSpec>>;

interface Segment {
  readonly compiled: CompiledStep<Inputs>;
  /** Places of the batches that it reads. */
  readonly batches: readonly number[];
}

const inputName = (name: 'x' | 'labels', place: number): string => (place === 0 ? name : `${name}-${String(place)}`);

export class Round {
  readonly #parts: RoundParts;
  readonly #segments: readonly Segment[];

  private constructor(parts: RoundParts, segments: readonly Segment[]) {
    this.#parts = parts;
    this.#segments = segments;
  }

  static async create(parts: RoundParts): Promise<Round> {
    return new Round(parts, await compileSegments(parts, cutRound(parts)));
  }

  /** The compiled round as text; null where steps run eagerly. */
  describe(): string | null {
    const texts = this.#segments.flatMap(({ compiled }) => compiled.describe() ?? []);
    return texts.length === 0 ? null : texts.join('\n');
  }

  /**
   * Runs the round with these batches. What a run of the engine assigned is kept only if its losses are finite.
   * @throws RunError `non-finite-loss`
   */
  async run(batches: readonly BatchBuffers[], step: number): Promise<RoundFigures> {
    const { withLabels } = this.#parts;
    const sums = new Map<string, { sum: number; count: number }>();
    for (const { compiled, batches: places } of this.#segments) {
      const feeds: Record<string, Float32Array | Int32Array> = {};
      for (const place of places) {
        const buffers = batches[place];
        if (!buffers) throw new Error(`batch ${String(place)} of a round is missing`);
        feeds[inputName('x', place)] = buffers.x;
        if (withLabels) feeds[inputName('labels', place)] = buffers.labels;
      }
      const results = await compiled.run(feeds, step);
      this.#assertFinite(results, step);
      compiled.commit();
      for (const [key, values] of Object.entries(results)) {
        const name = key.replace(/#\d+$/, '');
        const entry = sums.get(name) ?? { sum: 0, count: 0 };
        sums.set(name, { sum: entry.sum + (values[0] ?? NaN), count: entry.count + 1 });
      }
    }
    return Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, sum / count]));
  }

  /** The first term that is not finite is named before the totals that it spoils. */
  #assertFinite(results: Readonly<Record<string, ArrayLike<number>>>, step: number): void {
    const broken = Object.keys(results).filter((name) => !Number.isFinite(results[name]?.[0]));
    const term = broken.find((name) => name.startsWith('loss.')) ?? broken[0];
    if (term === undefined) return;
    const value = results[term]?.[0] ?? NaN;
    throw new RunError('non-finite-loss', {
      step: step + 1,
      term: term.replace(/#\d+$/, ''),
      value,
      config: this.#parts.config,
      origin: null,
    });
  }
}

/** Steps that share a run. */
const cutRound = ({ plan, updates }: RoundParts): readonly (readonly PlannedStep[])[] => {
  const cuts: PlannedStep[][] = [];
  let isOpen = false;
  for (const step of plan.steps) {
    const last = cuts.at(-1);
    if (isOpen && last) last.push(step);
    else cuts.push([step]);
    isOpen = (updates.find(({ update }) => update === step.update)?.numWeights ?? 0) < worthARun;
  }
  return cuts;
};

/** Players that step on the same batch draw the same noise, and what follows from it alone is computed once where the engine can hand it on. */
const compileSegments = async (parts: RoundParts, cuts: readonly (readonly PlannedStep[])[]): Promise<readonly Segment[]> => {
  const { engine, data, random, batchSize, withLabels, updates } = parts;
  const options = { confirm: true, alternates: cuts.length > 1 };
  let draws = new StepDraws(random);
  const segments = cuts.map((steps, i) => {
    const places = [...new Set(steps.flatMap(({ batches }) => batches))];
    const inputs: Record<string, InputSpec> = {};
    for (const place of places) {
      inputs[inputName('x', place)] = { shape: [batchSize, ...data.shape], dtype: 'float32' };
      if (withLabels) inputs[inputName('labels', place)] = { shape: [batchSize], dtype: 'int32' };
    }
    const step: StepFunction<Inputs> = (placed) => {
      const batches: Batch[] = [];
      for (const place of places) {
        const x = placed[inputName('x', place)];
        const labels = placed[inputName('labels', place)];
        batches[place] = { ...(x ? { x } : {}), ...(labels ? { labels } : {}) };
      }
      // A sequence is recorded from its first step to its last; steps of their own have draws of their own.
      if (i === 0 || !engine.compileSequence) {
        draws.dispose();
        draws = new StepDraws(random);
      }
      return takeSteps(updates, steps, batches, draws, i === cuts.length - 1 || !engine.compileSequence);
    };
    const name = cuts.length === 1 ? 'train' : `train ${String(i + 1)} of ${String(cuts.length)}`;
    return { places, sequenceStep: { name, inputs, step } };
  });
  const steps = segments.map(({ sequenceStep }) => sequenceStep);
  const compiled = engine.compileSequence
    ? await engine.compileSequence<Inputs>(steps, options)
    : await Promise.all(steps.map(({ name, inputs, step }) => engine.compile<Inputs>(name, inputs, step, options)));
  return segments.flatMap(({ places }, i) => {
    const one = compiled[i];
    return one ? [{ compiled: one, batches: places }] : [];
  });
};

const takeSteps = (
  updates: RoundParts['updates'],
  steps: readonly PlannedStep[],
  batches: readonly Batch[],
  draws: StepDraws,
  isLast: boolean,
): Figures => {
  let isUsedAgain = false;
  try {
    const figures: Record<string, tf.Tensor> = {};
    for (const step of steps) {
      const taken = updates.find(({ update }) => update === step.update)?.take(step, batches, draws) ?? {};
      for (const [name, value] of Object.entries(taken)) figures[step.update.steps > 1 ? `${name}#${String(step.index)}` : name] = value;
    }
    isUsedAgain = !isLast;
    return figures;
  } finally {
    if (!isUsedAgain) draws.dispose();
  }
};
