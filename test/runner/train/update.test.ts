import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEngine, type CompiledStep, type Engine } from '../../../src/engine/index.js';
import type { Optimizer, Schedule } from '../../../src/registry/contracts/index.js';
import { RunError } from '../../../src/runner/errors.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import type { UpdateInputs } from '../../../src/runner/train/trainer.js';
import { createUpdate, type UpdateParts } from '../../../src/runner/train/update.js';
import { Variables } from '../../../src/runner/train/variables.js';
import { createSeededNoise } from '../../support/pass.js';
import { constantSchedule, countingDescent, createScalars, lossOf, type Scalars } from './parts.js';

const totalSteps = 10;
interface Setup extends Scalars {
  readonly engine: Engine;
  readonly update: CompiledStep<UpdateInputs>;
  /** A variable's present value. */
  readonly value: (path: string) => number;
  /** Takes the next update, with the batch [x, x]. */
  readonly step: (x?: number) => Promise<Readonly<Record<string, number>>>;
}

type Given = Partial<Pick<UpdateParts, 'clipping' | 'optimizer' | 'players'>> & {
  readonly starts: Readonly<Record<string, number>>;
  readonly losses: (scalars: Scalars['variables']) => UpdateParts['losses'];
};

const setUp = async (name: 'cpu' | 'onnx', { starts, losses, ...others }: Given): Promise<Setup> => {
  const engine = await createEngine(name);
  const variables = new Variables(engine, createRandomStreams(1));
  const scalars = createScalars(variables, starts);
  const step = createUpdate({
    players: Object.keys(starts),
    forward: scalars.forward,
    losses: losses(scalars.variables),
    optimizer: countingDescent(constantSchedule(0.1)),
    clipping: { norm: null, value: null },
    variables,
    progressAt: (finished) => ({ step: finished, stepsPerEpoch: 5, totalSteps }),
    ...others,
  });
  const inputs: UpdateInputs = { x: { shape: [2, 1], dtype: 'float32' } };
  const update = await engine.compile('train', inputs, ({ x }) => step({ x }, createSeededNoise()), { confirm: true });
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
