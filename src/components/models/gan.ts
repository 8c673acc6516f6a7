/**
 * Generative adversarial network: a generator makes examples of codes, a discriminator tells them from real ones.
 *
 *   z ~ p(z) -> generator -> fake          x, fake -> discriminator -> logits
 *
 * With classes it is a conditional GAN or an ACGAN, with codes to be inferred an InfoGAN; losses decide the rest.
 * Shapes: B batch, Z latent, K classes.
 * Sources: Goodfellow et al. 2014; Mirza & Osindero 2014; Odena et al. 2017 (auxiliary); Chen et al. 2016 (codes).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DataFacts, Facts, Misfit, Model, OfferName, Pass, Scope } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import {
  conditioningParam,
  createEmbedding,
  createOneHot,
  type Condition,
  type ConditioningName,
  classesInTurn,
} from '../shared/conditioning.js';
import { createCritic, prefixPass } from '../shared/critique.js';
import { createDense } from '../shared/mlp.js';
import { misfitOfNetworks } from '../shared/network-fit.js';
import { createOffers, memoize } from '../shared/offers.js';
import { outputParam, toRange } from '../shared/output-range.js';

const noCondition: Condition = { size: 0, of: () => tf.zeros([0]) };

/** What the generator and the discriminator are told of the class. */
const createConditions = (
  conditioning: ConditioningName,
  scope: Scope,
  numClasses: number,
  embedding: number,
): { readonly generator: Condition; readonly discriminator: Condition } => {
  const embed = (player: string): Condition => createEmbedding(scope.child(player).child('embedding'), numClasses, embedding);
  switch (conditioning) {
    case 'none':
      return { generator: noCondition, discriminator: noCondition };
    case 'concatenation':
      return { generator: createOneHot(numClasses), discriminator: createOneHot(numClasses) };
    case 'embedding':
      return { generator: embed('generator'), discriminator: embed('discriminator') };
    case 'projection':
      return { generator: embed('generator'), discriminator: noCondition };
    case 'auxiliary':
      return { generator: createOneHot(numClasses), discriminator: noCondition };
  }
};

const checkLabels = (conditioning: ConditioningName, { data }: Facts): Misfit | null => {
  if (conditioning === 'none' || data?.numClasses !== null) return null;
  return {
    param: 'conditioning',
    message: `is "${conditioning}", and the data has no labels`,
    help: 'Take data with labels, or `conditioning: none`.',
  };
};

export default defineComponent({
  kind: 'model',
  name: 'gan',
  description:
    'A generative adversarial network (Goodfellow et al. 2014): a generator and a discriminator, trained against each other. The losses ' +
    'say how; the discriminator steps first in each round, then the generator.',
  params: {
    latent: {
      component: 'latent',
      description: 'What the generator starts from; a number is the size of a standard normal code.',
      examples: [100],
    },
    generator: { component: 'generator', default: 'mlp', description: 'From a code to an example.' },
    discriminator: { component: 'discriminator', default: 'mlp', description: 'From an example to a logit.' },
    conditioning: conditioningParam,
    embedding: {
      type: 'integer',
      minimum: 1,
      default: 32,
      unit: 'numbers',
      description: 'Length of the vectors that stand for classes, where they are learned.',
    },
    codes: {
      component: 'latent',
      nullable: true,
      default: null,
      description:
        'A further part of the code that the discriminator learns to infer from examples (InfoGAN), for the loss `mutual-information`.',
    },
    instanceNoise: {
      type: 'number',
      minimum: 0,
      default: 0,
      description: 'Standard deviation of normal noise on all that the discriminator sees while training (Sønderby et al. 2017).',
    },
    output: outputParam,
  },
  build: ({ latent, generator, discriminator, conditioning, embedding, codes, instanceNoise, output }): Model => {
    const isConditional = conditioning !== 'none';
    const hasClassifier = conditioning === 'auxiliary';
    const size = latent.size + (codes?.size ?? 0);
    const offers: readonly OfferName[] = [
      'x',
      ...(isConditional ? (['labels', 'fake.labels'] as const) : []),
      'z',
      'real',
      'fake',
      'discriminator.real',
      'discriminator.fake',
      'discriminate',
      ...(hasClassifier ? (['classes.real', 'classes.fake'] as const) : []),
      ...(codes === null ? [] : (['code.logProb'] as const)),
      'sampleLatent',
      'generate',
    ];
    return {
      players: ['generator', 'discriminator'],
      offers,
      latent: size,
      updates: [['discriminator'], ['generator']],
      readsLabels: isConditional,
      check: (facts) => {
        if (codes !== null && codes.inference === null)
          return {
            param: 'codes',
            message: 'cannot be inferred',
            help: 'Take `categorical`, `uniform` or `normal` codes, or several of them `joint`.',
          };
        const { data } = facts;
        const misfit = checkLabels(conditioning, facts);
        if (misfit !== null || data === null) return misfit;
        return misfitOfNetworks({
          generator: [generator, { input: [size], output: data.shape }],
          discriminator: [discriminator, { input: data.shape, output: [1] }],
        });
      },
      build: (scope: Scope, data: DataFacts) => {
        const numClasses = data.numClasses ?? 0;
        const critic = scope.child('discriminator');
        const conditions = createConditions(conditioning, scope, numClasses, embedding);
        const generatorLayers = generator.build(scope.child('generator'), {
          input: [size],
          output: data.shape,
          condition: conditions.generator.size,
        });
        const criticLayers = discriminator.build(critic, { input: data.shape, output: [1], condition: conditions.discriminator.size });
        const criticize = createCritic(criticLayers);
        const { numFeatures } = criticLayers;
        const projection = conditioning === 'projection' ? createEmbedding(critic.child('projection'), numClasses, numFeatures) : null;
        const classify = hasClassifier ? createDense(critic.child('classes'), numFeatures, numClasses, 'glorot-uniform') : null;
        const inference = codes?.inference ?? null;
        const infer =
          inference === null ? null : createDense(critic.child('codes'), numFeatures, inference.numParameters, 'glorot-uniform');

        return (batch, pass) => {
          const need = <T>(value: T | undefined, what: string): T => {
            if (value === undefined) throw new Error(`the pass was given no ${what}, and something reads them`);
            return value;
          };
          const x = (): tf.Tensor => need(batch.x, 'examples');
          const labels = (): tf.Tensor => need(batch.labels, 'labels');
          const batchSize = (): number => need((batch.x ?? batch.labels)?.shape[0], 'examples');
          const generate = (z: tf.Tensor, given: tf.Tensor | undefined, its: Pass): tf.Tensor => {
            const chosen = isConditional ? (given ?? classesInTurn(z.shape[0], numClasses)) : undefined;
            const result = generatorLayers.apply(z, its, chosen && conditions.generator.of(chosen));
            return toRange(result.output, output, data.support);
          };
          const blur = (examples: tf.Tensor, its: Pass): tf.Tensor =>
            instanceNoise > 0 && pass.training
              ? tf.add(examples, tf.mul(its.noise.normal('instance', examples.shape), instanceNoise))
              : examples;
          const discriminate = (examples: tf.Tensor, its: Pass): ReturnType<typeof criticize> => {
            const condition = conditions.discriminator.size > 0 ? conditions.discriminator.of(labels()) : undefined;
            const critique = criticize(blur(examples, its), its, condition);
            if (projection === null) return critique;
            const match = tf.sum(tf.mul(projection.of(labels()), critique.features), 1);
            return { ...critique, logits: tf.add(critique.logits, match) };
          };
          const sample = (noise: Pass['noise'], count: number): { readonly z: tf.Tensor; readonly codes: tf.Tensor | null } => {
            const free = latent.sample(noise, 'latent', count);
            const coded = codes === null ? null : codes.sample(noise, 'codes', count);
            return { z: coded === null ? free : tf.concat([free, coded], 1), codes: coded };
          };
          const drawn = memoize(() => sample(pass.noise, batchSize()));
          const fake = memoize(() => generate(drawn().z, isConditional ? labels() : undefined, prefixPass(pass, 'generator')));
          const onReal = memoize(() => discriminate(x(), prefixPass(pass, 'discriminator-real')));
          const onFake = memoize(() => discriminate(fake(), prefixPass(pass, 'discriminator-fake')));
          let numCriticized = 0;
          let numGenerated = 0;
          return createOffers({
            x,
            real: x,
            z: () => drawn().z,
            fake,
            'discriminator.real': onReal,
            'discriminator.fake': onFake,
            discriminate: () => (examples) => discriminate(examples, prefixPass(pass, `discriminate-${String(++numCriticized)}`)),
            sampleLatent: () => (noise, count) => sample(noise, count).z,
            generate: () => (z, given) => generate(z, given, prefixPass(pass, `generate-${String(++numGenerated)}`)),
            ...(isConditional ? { labels, 'fake.labels': labels } : {}),
            ...(classify === null
              ? {}
              : { 'classes.real': () => classify(onReal().features), 'classes.fake': () => classify(onFake().features) }),
            ...(infer === null || inference === null
              ? {}
              : { 'code.logProb': () => inference.logProb(need(drawn().codes ?? undefined, 'codes'), infer(onFake().features)) }),
          });
        };
      },
    };
  },
});
