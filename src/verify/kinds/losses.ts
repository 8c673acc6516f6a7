/** Losses: scalars whose gradients are right for those who minimise them, with the sign that they declare. */
import * as tf from '@tensorflow/tfjs-core';
import type { Critique, Loss, LossTerm, Now, Offers } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { prefixNoise } from '../../runner/train/noise.js';
import { withBench } from '../bench.js';
import { buildSmall } from '../entries.js';
import { Skipped, type Examination } from '../examination.js';
import { examine, probeSeed } from '../probe.js';
import { findHosts, forwardOf, hostFeeds, playersOf, type Host } from './hosts.js';

/** Logits at which every adversarial loss that we know is sloped: hinges, squares and logarithms alike. */
const criticLogits = { real: [0.3, 0.1, 0.2], fake: [0.2, 0.4, 0.1] } as const;

class FeaturesRead extends Error {}

/** A critique of which the logits alone can be had. */
const critique = (logits: tf.Tensor): Critique => ({
  logits,
  get features(): tf.Tensor {
    throw new FeaturesRead();
  },
});

/** How a term changes with the logits of the real and of the fakes; null where it reads anything else. */
const slopesOf = async (term: LossTerm): Promise<{ readonly real: number; readonly fake: number } | null> => {
  if (!term.needs.every((need) => need === 'discriminator.real' || need === 'discriminator.fake')) return null;
  const run = withBench('cpu', 1, (bench) =>
    bench.run({}, true, (_, { noise }) => {
      const compute = (...logits: readonly tf.Tensor[]): tf.Tensor => {
        const [onReal = tf.zeros([0]), onFake = tf.zeros([0])] = logits;
        const offers: Pick<Offers, 'discriminator.real' | 'discriminator.fake'> = {
          'discriminator.real': critique(onReal),
          'discriminator.fake': critique(onFake),
        };
        // It says itself that it reads nothing else.
        const value = term.compute(offers as Offers, noise);
        // Whoever does not read one of them is flat in it.
        return tf.add(value, tf.mul(tf.add(tf.sum(onReal), tf.sum(onFake)), 0));
      };
      const [byReal = tf.zeros([1]), byFake = tf.zeros([1])] = tf.grads(compute)([
        tf.tensor1d([...criticLogits.real]),
        tf.tensor1d([...criticLogits.fake]),
      ]);
      return { real: tf.reshape(tf.sum(byReal), [1]), fake: tf.reshape(tf.sum(byFake), [1]) };
    }),
  );
  const slopes = await run.catch((error: unknown) => {
    if (error instanceof FeaturesRead) return null;
    throw error;
  });
  if (slopes === null) return null;
  const { real = [], fake = [] } = slopes;
  return { real: real[0] ?? 0, fake: fake[0] ?? 0 };
};

/** A high logit says "real": the critic's terms fall where it says so of the real and not of the fakes, the others' where it errs. */
const wrongDirection = async (loss: Loss): Promise<string | null> => {
  let isAdversarial = false;
  for (const term of loss.terms) {
    const slopes = await slopesOf(term);
    if (slopes === null || (slopes.real === 0 && slopes.fake === 0)) continue;
    isAdversarial = true;
    const isCritic = term.players.includes('discriminator');
    if (isCritic && (slopes.real > 0 || slopes.fake < 0)) return 'the discriminator would learn to take the fakes for real';
    if (!isCritic && slopes.fake > 0) return `${term.players.join(' and ')} would learn to make fakes that the discriminator sees through`;
  }
  if (!isAdversarial) throw new Skipped('none of its terms is made of the discriminator’s logits alone');
  return null;
};

const badSign = (term: LossTerm, value: number): string | null => {
  const { sign } = term;
  if (sign === undefined) throw new Skipped('it declares none');
  const holds = sign === 'non-negative' ? value >= -1e-5 : value <= 1e-5;
  return holds ? null : `it declares that it is ${sign}, and is ${value.toPrecision(4)}`;
};

/** Of a training that has come half its way. */
const halfway: Now = (_, schedule) => tf.scalar(schedule.at({ step: 50, stepsPerEpoch: 10, totalSteps: 100 }));

/** A term may be flat for a while, as one with slack is: it is looked at with weights so many times as large, too. */
const growth = [1, 4, 16];

/** A term times zero, or one that is cut off from the model, may be in order otherwise, and changes nothing. */
const teachesNobody = (host: Host, term: LossTerm, name: string): Promise<string | null> =>
  withBench('cpu', probeSeed, async (bench) => {
    const forward = forwardOf(host, bench.variables.scope(''));
    const players = playersOf(host, term.players);
    const variables = bench.variables.all.filter(({ trainable, path }) => trainable && players.includes(path.split('/')[0] ?? ''));
    if (variables.length === 0) throw new Skipped('who minimises it has no variables to train');
    const slope = await bench.compile(hostFeeds, true, (inputs, pass) => {
      const { grads } = tf.variableGrads(
        () => tf.sum(term.compute(forward(inputs, pass), prefixNoise(pass.noise, `loss/${name}`), halfway)),
        variables.map(({ variable }) => variable),
      );
      return Object.fromEntries(variables.map(({ path, variable }) => [path, grads[variable.name] ?? tf.zerosLike(variable)]));
    });
    const initial = variables.map(({ variable }) => Float32Array.from(bench.engine.read(variable)));
    for (const factor of growth) {
      for (const [i, { variable }] of variables.entries())
        bench.engine.write(
          variable,
          (initial[i] ?? new Float32Array()).map((value) => factor * value),
        );
      if (Object.values(await slope()).some((values) => values.some((value) => value !== 0))) return null;
    }
    return `its gradient is zero for every variable of ${players.join(' and ')}: nobody learns anything from it`;
  });

const examineTerm = async (examination: Examination, host: Host, term: LossTerm, what: string, name: string): Promise<void> => {
  const players = playersOf(host, term.players);
  const outputs = await examine(examination, {
    what,
    feeds: hostFeeds,
    training: true,
    prepare: (scope) => {
      const forward = forwardOf(host, scope);
      return (inputs, pass) => ({ value: term.compute(forward(inputs, pass), prefixNoise(pass.noise, `loss/${name}`), halfway) });
    },
    differentiates: host.model.estimatesGradients === true ? null : (path) => players.includes(path.split('/')[0] ?? ''),
    // A term need not reach every variable of who minimises it: others may.
    reachesAll: false,
  });
  if (outputs === null) return;
  const prefix = what === '' ? '' : `${what}: `;
  const { value = [] } = outputs;
  await examination.check(`${prefix}is one number`, () =>
    value.length === 1 ? null : `it gives ${String(value.length)} numbers: average over the batch`,
  );
  await examination.check(`${prefix}has the declared sign`, () => badSign(term, value[0] ?? Number.NaN));
  await examination.check(`${prefix}teaches who minimises it`, () => teachesNobody(host, term, name));
};

export const examineLoss = async (examination: Examination, registry: Registry, component: AnyComponent<'loss'>): Promise<void> => {
  const loss = buildSmall(registry, 'loss', component);
  await examination.check('is minimised by somebody', () =>
    loss.terms.length === 0 || loss.terms.some(({ players }) => players.length === 0) ? 'it has no terms, or one without players' : null,
  );
  const hosts = findHosts(registry, {
    needs: loss.terms.flatMap(({ needs }) => needs),
    parts: loss.terms.map(({ players }) => players),
  });
  await examination.tryEach(hosts, async (host, trial) => {
    for (const [i, term] of loss.terms.entries())
      await examineTerm(
        trial,
        host,
        term,
        loss.terms.length === 1 ? '' : `term ${String(i + 1)} (${term.players.join(', ')})`,
        component.name,
      );
  });
  await examination.check('pulls the discriminator and its opponent apart', () => wrongDirection(loss));
};
