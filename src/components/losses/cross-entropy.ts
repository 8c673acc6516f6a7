/** What it costs a classifier to say the class: -mean log p(label | x), in nats. */
import { defineComponent } from '../../registry/define.js';
import { classCrossEntropy } from '../shared/class-cross-entropy.js';

export default defineComponent({
  kind: 'loss',
  name: 'cross-entropy',
  description: 'The cross entropy of the classes that a classifier tells, in nats.',
  params: {},
  build: () => ({
    terms: [
      {
        players: ['classifier'],
        needs: ['class.logits', 'labels'],
        sign: 'non-negative',
        compute: (offers) => classCrossEntropy(offers['class.logits'], offers.labels),
      },
    ],
  }),
});
