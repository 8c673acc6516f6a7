/** What is asked of every function of tensors, whatever kind of component it comes from. */
import * as tf from '@tensorflow/tfjs-core';
import { EngineUnavailableError } from '../engine/index.js';
import type { Scope } from '../registry/contracts/index.js';
import { decodeSafetensors, encodeSafetensors } from '../runner/output/safetensors.js';
import type { Bench, Feeds, Numbers, Step } from './bench.js';
import { withBench } from './bench.js';
import { Skipped, type Examination } from './examination.js';
import { compareGradients } from './gradients.js';
import { findDifference, findNonFinite } from './values.js';

export interface Probe {
  /** Put before the names of checks where a component has several probes; '' otherwise. */
  readonly what: string;
  readonly feeds: Feeds;
  readonly training: boolean;
  /** Makes its variables in the scope, and gives the function that is looked at. */
  readonly prepare: (scope: Scope) => Step;
  /** Whose gradients are compared; null: nobody's. */
  readonly differentiates: ((path: string) => boolean) | null;
  /** Whether every such variable has to be reached. */
  readonly reachesAll: boolean;
}

export const probeSeed = 1;
/** Sums are taken in another order by another engine. */
const engineTolerance = 2e-4;

/** Weights as a file would keep them. */
const saveVariables = (bench: Bench): Uint8Array =>
  encodeSafetensors(
    new Map(bench.variables.all.map(({ path, variable }) => [path, { shape: variable.shape, values: bench.engine.read(variable) }])),
  );

const loadVariables = (bench: Bench, bytes: Uint8Array): void => {
  const { tensors } = decodeSafetensors(bytes);
  for (const { path, variable } of bench.variables.all) {
    const stored = tensors.get(path);
    if (stored === undefined) throw new Error(`another build has a variable ${path} that this one has not`);
    bench.engine.write(variable, stored.values);
  }
};

const countLeaks = async (bench: Bench, { feeds, training }: Probe, step: Step): Promise<number> => {
  const run = await bench.compile(feeds, training, step);
  await run();
  const before = tf.memory().numTensors;
  await run();
  return tf.memory().numTensors - before;
};

/** The outputs at the first run, for what a kind checks beside; null where they could not be had. */
export const examine = async (examination: Examination, probe: Probe): Promise<Numbers | null> => {
  const { feeds, training, prepare } = probe;
  const name = (check: string): string => (probe.what === '' ? check : `${probe.what}: ${check}`);
  const first: Numbers[] = [];
  await examination.check(name('runs, with finite values'), () =>
    withBench('cpu', probeSeed, async (bench) => {
      const found = await bench.run(feeds, training, bench.variables.build(prepare));
      const fault = findNonFinite(found);
      if (fault === null) first.push(found);
      return fault;
    }),
  );
  const [expected] = first;
  if (expected === undefined) return null;
  await examination.check(name('is deterministic per seed'), () =>
    withBench('cpu', probeSeed, async (bench) => {
      const run = await bench.compile(feeds, training, prepare(bench.variables.scope('')));
      const difference = findDifference(await run(), expected, 0) ?? findDifference(await run(), expected, 0);
      return difference === null ? null : `run again, ${difference}`;
    }),
  );
  await examination.check(name('leaks no tensors'), () =>
    withBench('cpu', probeSeed, async (bench) => {
      const leaks = await countLeaks(bench, probe, prepare(bench.variables.scope('')));
      return leaks === 0 ? null : `each run leaves ${String(leaks)} tensors behind`;
    }),
  );
  await examination.check(name('gives the same on cpu and onnx'), async () => {
    try {
      return await withBench('onnx', probeSeed, async (bench) =>
        findDifference(await bench.run(feeds, training, prepare(bench.variables.scope(''))), expected, engineTolerance),
      );
    } catch (error) {
      if (error instanceof EngineUnavailableError) throw new Skipped(error.message);
      throw error;
    }
  });
  await examineSaving(examination, probe, name, expected);
  await examineGradients(examination, probe, name);
  return expected;
};

const examineSaving = async (examination: Examination, probe: Probe, name: (check: string) => string, expected: Numbers): Promise<void> => {
  const { feeds, training, prepare } = probe;
  const saved = await withBench('cpu', probeSeed, (bench) => {
    prepare(bench.variables.scope(''));
    return Promise.resolve(bench.variables.all.length === 0 ? null : saveVariables(bench));
  });
  if (saved === null) return;
  await examination.check(name('weights survive saving and loading'), () =>
    withBench('cpu', probeSeed, async (bench) => {
      const step = prepare(bench.variables.scope(''));
      for (const { variable } of bench.variables.all) bench.engine.write(variable, new Float32Array(variable.size).fill(0.1));
      loadVariables(bench, saved);
      return findDifference(await bench.run(feeds, training, step), expected, 0);
    }),
  );
};

const examineGradients = async (examination: Examination, probe: Probe, name: (check: string) => string): Promise<void> => {
  const { differentiates, feeds, training, prepare, reachesAll } = probe;
  if (differentiates === null) return;
  const compare = (): ReturnType<typeof compareGradients> =>
    withBench('cpu', probeSeed, (bench) => {
      const step = prepare(bench.variables.scope(''));
      const variables = bench.variables.all.filter(({ trainable, path }) => trainable && differentiates(path));
      if (variables.length === 0) throw new Skipped('it has no variables to train');
      return compareGradients(bench, feeds, training, step, variables);
    });
  const compared = compare();
  // Both checks wait for it; whichever is first reports what it throws.
  compared.catch(() => undefined);
  await examination.check(name('gradients agree with finite differences'), async () => (await compared).disagreement);
  if (!reachesAll) return;
  await examination.check(name('gradients reach every trainable variable'), async () => {
    const { unreached } = await compared;
    return unreached.length === 0 ? null : `nothing depends on ${unreached.join(', ')}`;
  });
};
