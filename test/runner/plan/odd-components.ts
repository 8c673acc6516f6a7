/** Components that do not give what they were built for, each in a way of its own. */
import {
  defineComponent,
  filledWith,
  tf,
  type AnyComponent,
  type Layers,
  type Network,
  type Scope,
  type Shape,
} from '../../../src/author.js';

const half = filledWith(0.5);
const sizeOf = (shape: Shape): number => shape.reduce((size, dim) => size * dim, 1);

/** One dense layer to `width` numbers, which are given as `shape`. */
const dense = (shapeOf: (wanted: Shape) => Shape, numInputsOf: (input: Shape) => number = sizeOf): Network => ({
  build: (scope, { input, output }) => {
    const shape = shapeOf(output);
    const [numInputs, numOutputs] = [numInputsOf(input), sizeOf(shape)];
    const kernel = scope.variable('kernel', [numInputs, numOutputs], half);
    return {
      numFeatures: sizeOf(input),
      apply: (x) => {
        const features = tf.reshape(x, [x.shape[0], -1]);
        return { output: tf.reshape(tf.matMul(features, kernel), [-1, ...shape]), features };
      },
    };
  },
});

/** What networks build, as dense layers give it, with something of it another. */
const altered = (alter: (layers: Layers, scope: Scope) => Partial<Layers>): Network => {
  const inner = dense((wanted) => wanted);
  return {
    build: (scope, sizes) => {
      const layers = inner.build(scope, sizes);
      return { ...layers, ...alter(layers, scope) };
    },
  };
};

const describe = { description: 'Gives something else.', params: {} } as const;

export const oddComponents: readonly AnyComponent[] = [
  defineComponent({ kind: 'decoder', name: 'small-images', ...describe, build: () => dense(() => [28, 28, 1]) }),
  defineComponent({ kind: 'encoder', name: 'ten', ...describe, build: () => ({ scale: 'exp', ...dense(() => [10]) }) }),
  defineComponent({
    kind: 'decoder',
    name: 'own-variable',
    ...describe,
    build: () =>
      altered(({ apply }) => {
        const gain = tf.variable(tf.scalar(1));
        return {
          apply: (x, pass) => {
            const { output, features } = apply(x, pass);
            return { output: tf.mul(output, gain), features };
          },
        };
      }),
  }),
  defineComponent({
    kind: 'encoder',
    name: 'of-hundred',
    ...describe,
    build: () => ({
      scale: 'exp',
      ...dense(
        (wanted) => wanted,
        () => 100,
      ),
    }),
  }),
  defineComponent({
    kind: 'discriminator',
    name: 'of-images',
    ...describe,
    build: () =>
      dense(
        (wanted) => wanted,
        () => 784,
      ),
  }),
  defineComponent({
    kind: 'discriminator',
    name: 'wrong-features',
    ...describe,
    build: () => altered(() => ({ numFeatures: 3 })),
  }),
  defineComponent({
    kind: 'decoder',
    name: 'unused-variable',
    ...describe,
    build: () =>
      altered((_, scope) => {
        scope.variable('forgotten', [3], half);
        return {};
      }),
  }),
  defineComponent({
    kind: 'decoder',
    name: 'own-noise',
    ...describe,
    build: () => altered(({ apply }) => ({ apply: (x, pass) => apply(tf.add(x, tf.randomNormal(x.shape)), pass) })),
  }),
  defineComponent({
    kind: 'loss',
    name: 'own-weight',
    ...describe,
    build: () => ({
      terms: [{ players: ['encoder', 'decoder'], needs: ['kl'], compute: ({ kl }) => tf.mul(tf.sum(kl), Math.random()) }],
    }),
  }),
  defineComponent({
    kind: 'loss',
    name: 'own-fill',
    ...describe,
    build: () => ({
      terms: [
        {
          players: ['encoder', 'decoder'],
          needs: ['kl'],
          compute: ({ kl }) => tf.sum(tf.mul(kl, tf.fill(kl.shape, Math.random()))),
        },
      ],
    }),
  }),
  defineComponent({
    kind: 'prior',
    name: 'own-samples',
    ...describe,
    build: () => ({
      hasClosedFormKl: false,
      build: (_scope, latent) => ({
        // Used by the decoder first, which is not to blame.
        sample: (_noise, count) => tf.randomNormal([count, latent]),
        logProb: (z) => tf.neg(tf.sum(tf.square(z), -1)),
        kl: null,
      }),
    }),
  }),
  defineComponent({
    kind: 'likelihood',
    name: 'half-mean',
    ...describe,
    build: () => ({
      paramsPerValue: 2,
      supports: ['binary', 'unit-interval', 'real'],
      build: () => (params) => ({ mean: params, logProb: () => tf.sum(params, [-1, -2, -3]), sample: () => params }),
    }),
  }),
  defineComponent({
    kind: 'likelihood',
    name: 'one-number',
    ...describe,
    build: () => ({
      paramsPerValue: 1,
      supports: ['binary', 'unit-interval', 'real'],
      build: () => (params) => ({ mean: params, logProb: () => tf.sum(params), sample: () => params }),
    }),
  }),
  defineComponent({
    kind: 'prior',
    name: 'short',
    ...describe,
    build: () => ({
      hasClosedFormKl: false,
      build: () => ({ sample: (noise, count) => noise.normal('prior', [count, 3]), logProb: (z) => tf.square(z), kl: null }),
    }),
  }),
  defineComponent({
    kind: 'latent',
    name: 'short',
    ...describe,
    build: () => ({ size: 8, sample: (noise, name, count) => noise.normal(name, [count, 7]), inference: null }),
  }),
  defineComponent({
    kind: 'loss',
    name: 'per-example',
    ...describe,
    build: () => ({ terms: [{ players: ['encoder', 'decoder'], needs: ['kl'], compute: ({ kl }) => tf.sum(kl, -1) }] }),
  }),
  defineComponent({
    kind: 'loss',
    name: 'crooked',
    ...describe,
    build: () => ({
      terms: [
        { players: ['encoder', 'decoder'], needs: ['kl', 'x'], compute: ({ kl, x }) => tf.sum(tf.matMul(kl, tf.reshape(x, [-1, 7]))) },
      ],
    }),
  }),
  defineComponent({
    kind: 'loss',
    name: 'reads-values',
    ...describe,
    build: () => ({
      terms: [{ players: ['encoder', 'decoder'], needs: ['kl'], compute: ({ kl }) => tf.scalar(tf.sum(kl).dataSync()[0] ?? 0) }],
    }),
  }),
  defineComponent({
    kind: 'metric',
    name: 'crooked',
    ...describe,
    build: () => ({
      needs: ['z', 'x'],
      columns: () => [{ name: 'crooked', unit: '', title: 'Crooked' }],
      measure: ({ z, x }) => ({ value: tf.concat([z, x], 0) }),
      reducer: () => ({ add: () => undefined, result: () => [0] }),
    }),
  }),
  defineComponent({
    kind: 'plot',
    name: 'odd-codes',
    ...describe,
    build: () => ({
      needs: ['decode'],
      prepare: async (studio) => {
        await studio.compile('odd', { z: { shape: [5, studio.latent + 1], dtype: 'float32' } }, ({ z }, forward) => ({
          mean: forward({}).decode(z).mean,
        }));
        return () => Promise.resolve([]);
      },
    }),
  }),
  defineComponent({
    kind: 'optimizer',
    name: 'flat',
    ...describe,
    build: () => ({
      learningRate: { constant: true, at: () => 0.1 },
      slots: [],
      update: ({ value }) => ({ value: tf.sum(value), slots: {} }),
    }),
  }),
];
