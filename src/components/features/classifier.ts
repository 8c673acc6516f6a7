/**
 * What the last layer of the experiment's classifier reads: near each other are examples that the classifier takes for alike. It stands where
 * others have Inception's features, but is trained here, on this data; its hash tells which one it was.
 */
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'features',
  name: 'classifier',
  description: "What the last layer of the experiment's `classifier` reads: examples of one class lie together.",
  params: {},
  build: () => ({ needs: ['classify'], extract: (x, { classify }) => classify.features(x), fit: null, hash: () => null }),
});
