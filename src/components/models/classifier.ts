/** A classifier: logits of the classes from a network, trained by the loss `cross-entropy` and measured by `accuracy`. */
import type * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { misfitOfNetworks } from '../shared/network-fit.js';
import { createOffers, memoize } from '../shared/offers.js';

export default defineComponent({
  kind: 'model',
  name: 'classifier',
  description: 'A network from examples to the logits of their classes.',
  params: { network: { component: 'discriminator', default: 'mlp', description: 'From an example to the logits; any encoder will do.' } },
  build: ({ network }) => ({
    players: ['classifier'],
    offers: ['x', 'labels', 'class.logits', 'class.features'],
    latent: 0,
    readsLabels: true,
    check: ({ data }) => {
      if (data === null) return null;
      if (data.numClasses === null)
        return { param: null, message: 'learns from labels, and the data has none', help: 'Take data with labels.' };
      return misfitOfNetworks({ network: [network, { input: data.shape, output: [data.numClasses] }] });
    },
    build: (scope, data) => {
      const layers = network.build(scope.child('classifier'), { input: data.shape, output: [data.numClasses ?? 1] });
      return (batch, pass) => {
        const given = (tensor: tf.Tensor | undefined, what: string): tf.Tensor => {
          if (tensor === undefined) throw new Error(`the pass was given no ${what}, and something reads them`);
          return tensor;
        };
        const result = memoize(() => layers.apply(given(batch.x, 'examples'), pass));
        return createOffers({
          x: () => given(batch.x, 'examples'),
          labels: () => given(batch.labels, 'labels'),
          'class.logits': () => result().output,
          'class.features': () => result().features,
        });
      };
    },
  }),
});
