/**
 * What components promise of shapes, held to it where they are called: a network that gives something else than it was built for is told
 * of there, and not by whoever computes with it next. Whatever is thrown is put to the account of the component (blame.ts).
 */
import type * as tf from '@tensorflow/tfjs-core';
import { onBehalfOf, orBlameCaller, type Part } from './blame.js';
import type * as C from './contracts/index.js';
import type { Kind, Kinds } from './kinds.js';

/** A tensor of another shape than was promised. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  /** What has the shape: "output", "mean". */
  readonly what: string;
  readonly gives: C.Shape;
  readonly wanted: C.Shape;

  constructor(what: string, gives: C.Shape, wanted: C.Shape) {
    super(`${what} is [${gives.join(', ')}], and should be [${wanted.join(', ')}]`);
    this.what = what;
    this.gives = gives;
    this.wanted = wanted;
  }
}

const sizeOf = (shape: C.Shape): number => shape.reduce((size, dim) => size * dim, 1);

const assertShape = (what: string, gives: C.Shape, wanted: C.Shape): void => {
  if (gives.length !== wanted.length || gives.some((dim, axis) => dim !== wanted[axis])) throw new ShapeError(what, gives, wanted);
};

/** [N, ...example] */
const assertExamples = (what: string, { shape }: tf.Tensor, count: number, example: C.Shape): void => {
  // Said per example where the count is right, as users write sizes.
  if (shape[0] === count) assertShape(what, shape.slice(1), example);
  else assertShape(what, shape, [count, ...example]);
};

const numExamples = ({ shape: [count = 1] }: tf.Tensor): number => count;

const guardLayers = (layers: C.Layers, { input, output, condition = 0 }: C.NetworkSizes, part: Part): C.Layers => ({
  ...layers,
  apply: (x, pass, given) =>
    onBehalfOf(part, () => {
      const isMisused = (): boolean => sizeOf(x.shape) !== numExamples(x) * sizeOf(input) || (given?.shape[1] ?? 0) !== condition;
      const result = orBlameCaller(isMisused, () => layers.apply(x, pass, given));
      assertExamples('output', result.output, numExamples(x), output);
      assertExamples('features', result.features, numExamples(x), [layers.numFeatures]);
      return result;
    }),
});

const guardNetwork = <N extends C.Network>(network: N, part: Part): N => ({
  ...network,
  ...(network.refuses === undefined ? {} : { refuses: (sizes: C.NetworkSizes) => network.refuses?.(sizes) ?? null }),
  build: (scope: C.Scope, sizes: C.NetworkSizes) =>
    guardLayers(
      onBehalfOf(part, () => network.build(scope, sizes)),
      sizes,
      part,
    ),
});

/** The shape of what two leading shapes give together: where one has 1, or ends, the other counts. */
const broadcast = (a: C.Shape, b: C.Shape): C.Shape =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, axis) => {
    const [left = 1, right = 1] = [a.toReversed()[axis], b.toReversed()[axis]];
    return left === 1 ? right : left;
  }).toReversed();

const guardObservation = (observation: C.Observation, leading: C.Shape, data: C.DataFacts, part: Part): C.Observation => {
  assertShape('mean', observation.mean.shape, [...leading, ...data.shape]);
  return {
    mean: observation.mean,
    logProb: (x) =>
      onBehalfOf(part, () => {
        const value = observation.logProb(x);
        assertShape('log-probability', value.shape, broadcast(leading, x.shape.slice(0, x.shape.length - data.shape.length)));
        return value;
      }),
    sample: (noise) =>
      onBehalfOf(part, () => {
        const drawn = observation.sample(noise);
        assertShape('sample', drawn.shape, [...leading, ...data.shape]);
        return drawn;
      }),
  };
};

const guardLikelihood = (likelihood: C.Likelihood, part: Part): C.Likelihood => ({
  ...likelihood,
  build: (scope, data) => {
    const observe = onBehalfOf(part, () => likelihood.build(scope, data));
    return (params) => onBehalfOf(part, () => guardObservation(observe(params), params.shape.slice(0, -data.shape.length), data, part));
  },
});

const guardDistribution = (distribution: C.PriorDistribution, latent: number, part: Part): C.PriorDistribution => {
  const { kl, within } = distribution;
  return {
    sample: (noise, count) =>
      onBehalfOf(part, () => {
        const codes = distribution.sample(noise, count);
        assertExamples('sample', codes, count, [latent]);
        return codes;
      }),
    logProb: (z) =>
      onBehalfOf(part, () => {
        const value = distribution.logProb(z);
        assertShape('log-probability', value.shape, z.shape.slice(0, -1));
        return value;
      }),
    ...(distribution.isDiscrete === undefined ? {} : { isDiscrete: distribution.isDiscrete }),
    kl:
      kl === null
        ? null
        : (posterior) =>
            onBehalfOf(part, () => {
              const value = kl(posterior);
              assertShape('kl', value.shape, posterior.mean.shape);
              return value;
            }),
    ...(within === undefined
      ? {}
      : {
          within: (encode, pass) =>
            guardDistribution(
              onBehalfOf(part, () => within(encode, pass)),
              latent,
              part,
            ),
        }),
  };
};

const guardPrior = (prior: C.Prior, part: Part): C.Prior => ({
  ...prior,
  build: (scope, latent, data) =>
    guardDistribution(
      onBehalfOf(part, () => prior.build(scope, latent, data)),
      latent,
      part,
    ),
});

const guardPosterior = (family: C.PosteriorFamily, part: Part): C.PosteriorFamily => ({
  ...family,
  numParameters: (latent) => family.numParameters(latent),
  build: (scope, latent) => {
    const read = onBehalfOf(part, () => family.build(scope, latent));
    return (output, scale, pass) => {
      const posterior = onBehalfOf(part, () => read(output, scale, pass));
      assertExamples('mean', posterior.mean, numExamples(output), [latent]);
      return {
        ...posterior,
        sample: (noise, numSamples) =>
          onBehalfOf(part, () => {
            const z = posterior.sample(noise, numSamples);
            assertShape('sample', z.shape, [numSamples, ...posterior.mean.shape]);
            return z;
          }),
        logProb: (z) =>
          onBehalfOf(part, () => {
            const value = posterior.logProb(z);
            assertShape('log-probability', value.shape, z.shape.slice(0, -1));
            return value;
          }),
      };
    };
  },
});

const guardLatent = (latent: C.Latent, part: Part): C.Latent => {
  const { inference } = latent;
  return {
    ...latent,
    sample: (noise, name, count) =>
      onBehalfOf(part, () => {
        const codes = latent.sample(noise, name, count);
        assertExamples('sample', codes, count, [latent.size]);
        return codes;
      }),
    inference: inference && {
      ...inference,
      logProb: (codes, parameters) => onBehalfOf(part, () => inference.logProb(codes, parameters)),
    },
  };
};

/** What is offered is computed when it is read, in the code of whoever reads it. */
const guardOffers = (offers: C.Offers, part: Part): C.Offers =>
  new Proxy(offers, { get: (target, name) => onBehalfOf<unknown>(part, () => Reflect.get(target, name)) });

const guardCheck = (component: C.Checked): Pick<C.Checked, 'check'> =>
  component.check === undefined ? {} : { check: (facts) => component.check?.(facts) ?? null };

const guardModel = (model: C.Model, part: Part): C.Model => ({
  ...model,
  ...guardCheck(model),
  build: (scope, data) => {
    const forward = onBehalfOf(part, () => model.build(scope, data));
    return (batch, pass) =>
      guardOffers(
        onBehalfOf(part, () => forward(batch, pass)),
        part,
      );
  },
});

const guardLoss = (loss: C.Loss, part: Part): C.Loss => ({
  ...loss,
  ...guardCheck(loss),
  terms: loss.terms.map((term) => ({
    ...term,
    compute: (offers, noise, now) =>
      onBehalfOf(part, () => {
        const value = term.compute(offers, noise, now);
        if (value.size !== 1) throw new ShapeError('value', value.shape, []);
        return value;
      }),
  })),
});

const guardMetric = (metric: C.Metric, part: Part): C.Metric => ({
  ...metric,
  ...guardCheck(metric),
  columns: (latent) => metric.columns(latent),
  measure: (offers, noise) => onBehalfOf(part, () => metric.measure(offers, noise)),
  ...(metric.repetitions && {
    repetitions: metric.repetitions.map((repetition) => ({
      ...repetition,
      now: (run) => repetition.now(run),
      step: (offers, state, now, noise) => onBehalfOf(part, () => repetition.step(offers, state, now, noise)),
    })),
  }),
  reducer: (latent, data) => metric.reducer(latent, data),
});

const guardOptimizer = (optimizer: C.Optimizer, part: Part): C.Optimizer => ({
  ...optimizer,
  update: (input) =>
    onBehalfOf(part, () => {
      const next = optimizer.update(input);
      assertShape('value', next.value.shape, input.value.shape);
      for (const [name, slot] of Object.entries(next.slots)) assertShape(`slot ${name}`, slot.shape, input.value.shape);
      return next;
    }),
});

/** What a component compiles is its own code. */
const guardStudio = <S extends Pick<C.Studio, 'compile'>>(studio: S, part: Part): S => ({
  ...studio,
  compile: (name, inputs, compute) => studio.compile(name, inputs, (...given) => onBehalfOf(part, () => compute(...given))),
});

const guardPlot = (plot: C.Plot, part: Part): C.Plot => ({
  ...plot,
  ...guardCheck(plot),
  prepare: (studio) => plot.prepare(guardStudio(studio, part)),
});

const guardSampler = (sampler: C.Sampler, part: Part): C.Sampler => ({
  ...sampler,
  prepare: (studio, numCodes) => sampler.prepare(guardStudio(studio, part), numCodes),
});

type Guards = { readonly [K in Kind]?: (component: Kinds[K], part: Part) => Kinds[K] };

/** Kinds whose code is part of a step. */
const guards: Guards = {
  encoder: guardNetwork,
  decoder: guardNetwork,
  generator: guardNetwork,
  discriminator: guardNetwork,
  likelihood: guardLikelihood,
  posterior: guardPosterior,
  prior: guardPrior,
  latent: guardLatent,
  model: guardModel,
  loss: guardLoss,
  metric: guardMetric,
  optimizer: guardOptimizer,
  plot: guardPlot,
  sampler: guardSampler,
};

/** The component, which answers for what its code throws. */
export const guard = <K extends Kind>(kind: K, component: Kinds[K], part: Part): Kinds[K] => guards[kind]?.(component, part) ?? component;
