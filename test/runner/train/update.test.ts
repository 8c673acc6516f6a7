import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEngine, type CompiledStep, type Engine, type InputSpec } from '../../../src/engine/index.js';
import type { Optimizer, Schedule } from '../../../src/registry/contracts/index.js';
import { RunError } from '../../../src/runner/errors.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import type { Clipping } from '../../../src/runner/train/clipping.js';
import { columnsOf } from '../../../src/runner/train/losses.js';
import { StepDraws } from '../../../src/runner/train/noise.js';
import { planRound, type UpdateSpec } from '../../../src/runner/train/plan-round.js';
import { createUpdate, type UpdateParts } from '../../../src/runner/train/update.js';
import { Variables } from '../../../src/runner/train/variables.js';
import { constantSchedule, countingDescent, createScalars, lossOf, type Scalars } from './parts.js';

const totalSteps = 10;
interface Setup extends Scalars {
  readonly engine: Engine;
  readonly update: CompiledStep<{ readonly x: InputSpec }>;
  /** A variable's present value. */
  readonly value: (path: string) => number;
  /** Takes the next update, with the batch [x, x]. */
  readonly step: (x?: number) => Promise<Readonly<Record<string, number>>>;
}

type Given = Partial<UpdateSpec> & {
  readonly frozen?: string;
  /** Who steps, each by its own name; all if absent. */
  readonly players?: readonly string[];
  readonly starts: Readonly<Record<string, number>>;
  readonly losses: (scalars: Scalars['variables']) => UpdateParts['losses'];
};

const setUp = async (name: 'cpu' | 'onnx', { starts, losses, frozen, players = Object.keys(starts), ...others }: Given): Promise<Setup> => {
  const engine = await createEngine(name);
  const variables = new Variables(engine, createRandomStreams(1));
  const scalars = createScalars(variables, starts);
  const clipping: Clipping = { norm: null, value: null };
  const spec: UpdateSpec = {
    ...{
      label: 'all',
      parts: players.map((player) => ({ player, names: [player] })),
      steps: 1,
      isFresh: true,
      accumulate: 1,
      clipping,
      weightClipping: null,
      weightDecay: 0,
      ema: null,
    },
    optimizer: countingDescent(constantSchedule(0.1)),
    ...others,
  };
  const weighted = losses(scalars.variables);
  const [columns] = columnsOf(weighted, [spec]);
  if (columns === undefined) throw new Error('an update without columns');
  const take = createUpdate({
    ...{ update: spec, columns, forward: scalars.forward, losses: weighted, variables },
    isFrozen: (path) => path === frozen,
    progressAt: (finished) => ({ step: finished, stepsPerEpoch: 5, totalSteps }),
  });
  const inputs = { x: { shape: [2, 1], dtype: 'float32' } } as const;
  const update = await engine.compile(
    'train',
    inputs,
    ({ x }) => {
      const draws = new StepDraws(createRandomStreams(1));
      const results = planRound([spec]).steps.map((planned) =>
        take(
          planned,
          Array.from({ length: spec.accumulate }, (_, i) => ({ x: tf.add(x, i) })),
          draws,
        ),
      );
      draws.dispose();
      return results.at(-1) ?? {};
    },
    { confirm: true },
  );
  let tick = 0;
  return {
    ...scalars,
    engine,
    update,
    value: (path) => {
      const named = variables.all.find((each) => each.path === path);
      return named === undefined ? NaN : (engine.read(named.variable)[0] ?? NaN);
    },
    step: async (x = 0) => {
      const results = await update.run({ x: new Float32Array([x, x]) }, tick++);
      const copied = Object.fromEntries(Object.entries(results).map(([key, values]) => [key, values[0] ?? NaN]));
      update.commit();
      return copied;
    },
  };
};

/** c (w - target)^2 / 2, whose gradient is c (w - target). */
const bowl = (w: tf.Variable | undefined, target: number, c = 1): tf.Tensor =>
  w === undefined ? tf.scalar(NaN) : tf.mul(tf.square(tf.sub(w, target)), c / 2);

describe.each(['cpu', 'onnx'] as const)('createUpdate on %s', (engine) => {
  it('descends for all its players at once', async () => {
    // w <- w - 0.1 c (w - target): the distance to the target shrinks by 1 - 0.1 c per update.
    const { step, value } = await setUp(engine, {
      starts: { encoder: 3, decoder: -1 },
      losses: ({ encoder, decoder }) => [
        lossOf('near-one', [{ players: ['encoder'], compute: () => bowl(encoder, 1) }]),
        lossOf('near-two', [{ players: ['decoder'], compute: () => bowl(decoder, 2, 5) }]),
      ],
    });
    for (let k = 0; k < 6; k++) await step();
    expect(value('encoder/value')).toBeCloseTo(1 + 2 * 0.9 ** 6, 5);
    expect(value('decoder/value')).toBeCloseTo(2 - 3 * 0.5 ** 6, 5);
    expect(value('optimizer/encoder/value/updates')).toBe(6);
  });

  it('sees the batch', async () => {
    const { step, value } = await setUp(engine, {
      starts: { encoder: 0 },
      losses: ({ encoder }) => [
        lossOf('mean', [{ players: ['encoder'], compute: ({ x }) => tf.mean(tf.square(tf.sub(x, encoder ?? tf.scalar(NaN)))) }]),
      ],
    });
    await step(1);
    expect(value('encoder/value')).toBeCloseTo(0.2, 6);
    await step(5);
    expect(value('encoder/value')).toBeCloseTo(0.2 + 0.2 * 4.8, 6);
  });

  it('gives terms as they are, and their total with weights that follow the tick', async () => {
    const growing: Schedule = { constant: false, at: ({ step }) => 0.25 * step };
    const { step, value } = await setUp(engine, {
      starts: { encoder: 4 },
      losses: ({ encoder }) => [
        lossOf('plain', [{ players: ['encoder'], compute: () => bowl(encoder, 4) }]),
        lossOf('growing', [{ players: ['encoder'], compute: () => bowl(encoder, 0) }], growing),
        lossOf('third', [{ players: ['encoder'], compute: () => tf.mul(encoder ?? tf.scalar(NaN), 0) }], constantSchedule(3)),
      ],
    });
    expect(await step()).toEqual({ loss: 0, 'loss.plain': 0, 'loss.growing': 8, 'loss.third': 0 });
    expect(value('encoder/value')).toBe(4);
    expect(await step()).toEqual({ loss: 2, 'loss.plain': 0, 'loss.growing': 8, 'loss.third': 0 });
    // The gradient was 0.25 * 4.
    expect(value('encoder/value')).toBeCloseTo(3.9, 6);
    expect((await step())['loss']).toBeCloseTo(0.005 + 0.5 * (3.9 ** 2 / 2), 5);
  });

  it('hands the optimizer its learning rate by tick, and the count of the update from 1 on', async () => {
    const seen: Optimizer = {
      learningRate: { constant: false, at: ({ step }) => 10 ** -step },
      slots: [],
      update: ({ value, learningRate, count }) => ({
        value: tf.add(tf.mul(value, 0), tf.add(learningRate, tf.mul(count, 100))),
        slots: {},
      }),
    };
    const { step, value } = await setUp(engine, {
      starts: { encoder: 4 },
      losses: ({ encoder }) => [lossOf('bowl', [{ players: ['encoder'], compute: () => bowl(encoder, 0) }])],
      optimizer: seen,
    });
    await step();
    expect(value('encoder/value')).toBe(101);
    await step();
    expect(value('encoder/value')).toBeCloseTo(200.1, 4);
  });

  it('adds up the terms that its players minimise, and leaves other players alone', async () => {
    const { step, value } = await setUp(engine, {
      starts: { generator: 1, discriminator: 1 },
      players: ['generator'],
      losses: ({ generator, discriminator }) => [
        lossOf('adversarial', [
          { players: ['generator'], compute: () => bowl(generator, 0) },
          { players: ['generator', 'discriminator'], compute: () => tf.mul(generator ?? tf.scalar(NaN), 0.5) },
          { players: ['discriminator'], compute: () => bowl(discriminator, 9) },
        ]),
      ],
    });
    expect(await step()).toEqual({ loss: 1, 'loss.adversarial': 1 });
    expect(value('generator/value')).toBeCloseTo(1 - 0.1 * 1.5, 6);
    expect(value('discriminator/value')).toBe(1);
  });

  it('steps for the role that is named, and for nothing else that its player minimises', async () => {
    const { step, value } = await setUp(engine, {
      starts: { encoder: 1 },
      parts: [{ player: 'encoder', names: ['generator'] }],
      losses: ({ encoder }) => [
        lossOf('reconstruction', [{ players: ['encoder'], compute: () => bowl(encoder, 9) }]),
        lossOf('adversarial', [{ players: ['generator'], compute: () => tf.mul(encoder ?? tf.scalar(NaN), 2) }]),
      ],
    });
    expect(await step()).toEqual({ loss: 2, 'loss.adversarial': 2 });
    expect(value('encoder/value')).toBeCloseTo(1 - 0.1 * 2, 6);
  });

  it('clips the gradients of all players together', async () => {
    // Gradients (3, 4): their norm is 5.
    const { step, value } = await setUp(engine, {
      starts: { encoder: 3, decoder: 4 },
      losses: ({ encoder, decoder }) => [
        lossOf('bowls', [{ players: ['encoder', 'decoder'], compute: () => tf.add(bowl(encoder, 0), bowl(decoder, 0)) }]),
      ],
      clipping: { norm: 1, value: null },
    });
    expect((await step())['loss']).toBeCloseTo(12.5, 5);
    expect(value('encoder/value')).toBeCloseTo(3 - 0.1 * 0.6, 6);
    expect(value('decoder/value')).toBeCloseTo(4 - 0.1 * 0.8, 6);
  });

  it('gives each of two players its own terms, and counts a term that both minimise once', async () => {
    const { step, value } = await setUp(engine, {
      starts: { encoder: 3, decoder: 4 },
      losses: ({ encoder, decoder }) => [
        lossOf('shared', [{ players: ['encoder', 'decoder'], compute: () => tf.add(bowl(encoder, 0), bowl(decoder, 0)) }]),
        lossOf('own', [{ players: ['decoder'], compute: () => tf.add(bowl(encoder, 1), bowl(decoder, 2)) }], constantSchedule(2)),
      ],
    });
    expect(await step()).toEqual({ loss: 12.5 + 2 * (2 + 2), 'loss.shared': 12.5, 'loss.own': 4 });
    // The second loss is not the encoder's, though it depends on it.
    expect(value('encoder/value')).toBeCloseTo(3 - 0.1 * 3, 6);
    expect(value('decoder/value')).toBeCloseTo(4 - 0.1 * (4 + 2 * 2), 6);
  });

  it('averages the gradients of accumulated batches', async () => {
    const { step, value } = await setUp(engine, {
      starts: { encoder: 0 },
      accumulate: 3,
      losses: ({ encoder }) => [
        lossOf('mean', [{ players: ['encoder'], compute: ({ x }) => tf.mean(tf.square(tf.sub(x, encoder ?? tf.scalar(NaN)))) }]),
      ],
    });
    // Batches of 1, 2 and 3; the gradient of each is -2 of its value.
    expect((await step(1))['loss']).toBeCloseTo((1 + 4 + 9) / 3, 5);
    expect(value('encoder/value')).toBeCloseTo(0.1 * 2 * 2, 6);
  });

  it('clips weights, takes decay away, and follows with a moving average', async () => {
    const bowls: Given['losses'] = ({ encoder }) => [lossOf('bowl', [{ players: ['encoder'], compute: () => bowl(encoder, 0) }])];
    const clipped = await setUp(engine, { starts: { encoder: 3 }, losses: bowls, weightClipping: 0.5 });
    await clipped.step();
    expect(clipped.value('encoder/value')).toBe(0.5);
    const decayed = await setUp(engine, { starts: { encoder: 3 }, losses: bowls, weightDecay: 0.2, ema: 0.75 });
    await decayed.step();
    expect(decayed.value('encoder/value')).toBeCloseTo(2.7 - 3 * 0.1 * 0.2, 6);
    expect(decayed.value('ema/encoder/value')).toBeCloseTo(0.75 * 3 + 0.25 * 2.64, 6);
  });

  it('steps several times in a round, each from where the last one ended', async () => {
    const { step, value } = await setUp(engine, {
      starts: { encoder: 1 },
      steps: 3,
      isFresh: false,
      losses: ({ encoder }) => [lossOf('bowl', [{ players: ['encoder'], compute: () => bowl(encoder, 0) }])],
    });
    await step();
    expect(value('encoder/value')).toBeCloseTo(0.9 ** 3, 6);
    expect(value('optimizer/encoder/value/updates')).toBe(3);
  });

  it('leaves what is frozen as it is', async () => {
    const { step, value } = await setUp(engine, {
      starts: { encoder: 3, decoder: 4 },
      frozen: 'decoder/value',
      losses: ({ encoder, decoder }) => [
        lossOf('bowls', [{ players: ['encoder', 'decoder'], compute: () => tf.add(bowl(encoder, 0), bowl(decoder, 0)) }]),
      ],
    });
    await step();
    expect([value('encoder/value').toFixed(3), value('decoder/value')]).toEqual(['2.700', 4]);
  });

  it('changes nothing until it is committed', async () => {
    const { update, value } = await setUp(engine, {
      starts: { encoder: 3 },
      losses: ({ encoder }) => [lossOf('bowl', [{ players: ['encoder'], compute: () => bowl(encoder, 0) }])],
    });
    await update.run({ x: new Float32Array(2) }, 0);
    expect([value('encoder/value'), value('optimizer/encoder/value/updates')]).toEqual([3, 0]);
    update.commit();
    expect([value('encoder/value'), value('optimizer/encoder/value/updates')].map((each) => each.toFixed(5))).toEqual([
      '2.70000',
      '1.00000',
    ]);
  });

  it.each([
    ['one of its variables', ['encoder', 'decoder']],
    ['any variable', ['decoder']],
  ] as const)('is an error where no loss reaches %s', async (_, players) => {
    const attempt = async (): Promise<unknown> => {
      const { step } = await setUp(engine, {
        starts: { encoder: 3, decoder: 1 },
        players,
        losses: ({ encoder }) => [lossOf('bowl', [{ players, compute: () => bowl(encoder, 0) }])],
      });
      return step();
    };
    const error: unknown = await attempt().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunError);
    expect(error).toMatchObject({ code: 'no-gradient', facts: { variable: 'decoder/value', player: 'decoder' } });
  });
});
