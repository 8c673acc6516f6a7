/** Share of the examples whose class a classifier gets right: the largest of its logits is that of the label. */
import { defineComponent } from '../../registry/define.js';
import { isRightClass } from '../shared/class-accuracy.js';
import { createMeans } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'accuracy',
  description: 'Share of the examples that the classifier gives the right class.',
  params: {},
  build: () => ({
    needs: ['class.logits', 'labels'],
    columns: () => [{ name: 'accuracy', unit: '', title: 'Accuracy' }],
    measure: ({ labels, 'class.logits': logits }) => ({ right: isRightClass(logits, labels) }),
    reducer: () => createMeans('right', 1),
  }),
});
