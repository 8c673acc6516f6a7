import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEngine, TraceError, type Engine } from '../../../src/engine/index.js';
import type { HistoryRow, Pass, Studio } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { createStudio } from '../../../src/runner/train/studio.js';
import { createTestOffers } from '../../support/pass.js';
import { numberData } from './parts.js';

interface Setup {
  readonly engine: Engine;
  readonly scale: tf.Variable;
  readonly studio: (plot: string) => Studio;
  readonly history: HistoryRow[];
  readonly passes: Pass[];
}

const random = createRandomStreams(3);
/** A model whose posterior of x is x times a variable. */
const setUp = async (name: 'cpu' | 'onnx'): Promise<Setup> => {
  const engine = await createEngine(name);
  const scale = engine.variable(Float32Array.of(2), []);
  const history: HistoryRow[] = [];
  const passes: Pass[] = [];
  const parts = {
    engine,
    data: numberData({ train: 3, validation: 2, test: 1 }),
    forward: ({ x }: { readonly x?: tf.Tensor }, pass: Pass) => {
      passes.push(pass);
      return createTestOffers({ z: tf.mul(x ?? tf.scalar(NaN), scale) });
    },
    latent: 1,
    random,
    columns: [{ name: 'elbo', unit: 'nats', title: 'ELBO' }],
    history,
    fittedCodes: null,
  };
  return { engine, scale, history, passes, studio: (plot) => createStudio(parts, 'plot', plot) };
};

const inputs = { x: { shape: [2], dtype: 'float32' } } as const;

describe.each(['cpu', 'onnx'] as const)('createStudio on %s', (name) => {
  it('compiles functions of the model that see its present weights, in passes that do not train', async () => {
    const { engine, scale, studio, passes } = await setUp(name);
    const call = await studio('samples').compile('codes', inputs, ({ x }, forward) => ({ z: forward({ x }).z }));
    expect([...((await call({ x: Float32Array.of(1, 3) }, 0))['z'] ?? [])]).toEqual([2, 6]);
    engine.write(scale, Float32Array.of(-1));
    expect([...((await call({ x: Float32Array.of(1, 3) }, 0))['z'] ?? [])]).toEqual([-1, -3]);
    expect(passes.every(({ training }) => !training)).toBe(true);
    await engine.dispose();
  });

  it('draws by plot, function, name and tick', async () => {
    const { engine, studio } = await setUp(name);
    const draw = async (plot: string, step: string, tick: number): Promise<number[]> => {
      const call = await studio(plot).compile(step, {}, (_inputs, _forward, noise) => ({ z: noise.normal('prior', [4]) }));
      return [...((await call({}, tick))['z'] ?? [])];
    };
    const expected = new Float32Array(4);
    random.draws('plot/samples/decode/prior', 2).normal(expected);
    expect(await draw('samples', 'decode', 2)).toEqual([...expected]);
    const others = [await draw('samples', 'decode', 3), await draw('samples', 'again', 2), await draw('other', 'decode', 2)];
    for (const other of others) expect(other).not.toEqual([...expected]);
    await engine.dispose();
  });

  it('gives back arrays that the next call leaves alone', async () => {
    const { engine, studio } = await setUp(name);
    const call = await studio('samples').compile('twice', inputs, ({ x }) => ({ y: tf.mul(x, 2) }));
    const first = await call({ x: Float32Array.of(1, 2) }, 0);
    await call({ x: Float32Array.of(5, 6) }, 0);
    expect([...(first['y'] ?? [])]).toEqual([2, 4]);
    await engine.dispose();
  });

  it('knows the data, and the history as it grows', async () => {
    const { engine, studio, history } = await setUp(name);
    const { data, latent, columns, history: seen } = studio('curve');
    expect([data.splits.train.count, latent, columns.map(({ title }) => title)]).toEqual([3, 1, ['ELBO']]);
    history.push({ epoch: 0, 'train.elbo': -3 });
    expect(seen).toEqual([{ epoch: 0, 'train.elbo': -3 }]);
    await engine.dispose();
  });
});

it('names the plot that reads a value while its function is compiled', async () => {
  const { studio } = await setUp('onnx');
  const attempt = studio('greedy').compile('peek', inputs, ({ x }) => {
    x.dataSync();
    return { x };
  });
  await expect(attempt).rejects.toThrow(TraceError);
  await expect(attempt).rejects.toThrow('plot greedy');
});
