import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/engine/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { createNoise } from '../../../src/runner/train/noise.js';
import { Variables } from '../../../src/runner/train/variables.js';

const normal = (out: Float32Array, _: readonly number[], draws: { normal(out: Float32Array): void }): void => {
  draws.normal(out);
};

describe('Variables', () => {
  it('draws initial values by path, so that one layer more does not change the others', async () => {
    const engine = await createEngine('cpu');
    const alone = new Variables(engine, createRandomStreams(1));
    alone.scope('').child('decoder').variable('kernel', [2, 2], normal);
    const accompanied = new Variables(engine, createRandomStreams(1));
    accompanied.scope('').child('encoder').variable('kernel', [3, 2], normal);
    accompanied.scope('').child('decoder').variable('kernel', [2, 2], normal);
    const kernel = (variables: Variables): number[] =>
      variables.all.filter(({ path }) => path === 'decoder/kernel').flatMap(({ variable }) => [...engine.read(variable)]);
    expect(kernel(alone)).toEqual(kernel(accompanied));
    alone.dispose();
    accompanied.dispose();
  });

  it('knows what a player trains, and leaves state alone', async () => {
    const variables = new Variables(await createEngine('cpu'), createRandomStreams(1));
    const encoder = variables.scope('encoder');
    encoder.variable('kernel', [1], normal);
    encoder.state('running-mean', [1], normal);
    variables.scope('decoder').variable('kernel', [1], normal);
    expect(variables.trainableBy('encoder').map(({ path }) => path)).toEqual(['encoder/kernel']);
    expect(() => encoder.variable('kernel', [1], normal)).toThrow('two variables are named encoder/kernel');
    variables.dispose();
  });
});

describe('createNoise', () => {
  it.each(['cpu', 'onnx'] as const)('draws by tick on %s: the same tick, the same noise', async (name) => {
    const engine = await createEngine(name);
    const random = createRandomStreams(5);
    const step = await engine.compile('noise', {}, () => ({ z: createNoise(random, 'model/noise').normal('posterior', [4]) }));
    const draw = async (tick: number): Promise<number[]> => [...((await step.run({}, tick))['z'] ?? [])];
    const first = await draw(0);
    expect(await draw(1)).not.toEqual(first);
    expect(await draw(0)).toEqual(first);
    const expected = new Float32Array(4);
    random.draws('model/noise/posterior', 0).normal(expected);
    expect(first).toEqual([...expected]);
    await step.dispose();
  });

  it('refuses to draw twice under one name', async () => {
    const engine = await createEngine('cpu');
    const step = await engine.compile('noise', {}, () => {
      const noise = createNoise(createRandomStreams(5), 'model/noise');
      return { a: noise.normal('z', [1]), b: noise.normal('z', [1]) };
    });
    await expect(step.run({})).rejects.toThrow('two draws of one pass are named "z"');
  });
});
