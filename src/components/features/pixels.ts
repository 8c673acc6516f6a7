/** The values of an example themselves: no judge but the eye of a ruler. A digit that is shifted by two pixels is far from itself. */
import { defineComponent } from '../../registry/define.js';
import { flattenExamples } from '../shared/shapes.js';

export default defineComponent({
  kind: 'features',
  name: 'pixels',
  description: 'The values of an example themselves; fits data of any shape.',
  params: {},
  build: () => ({ needs: [], extract: flattenExamples, fit: null, hash: () => null }),
});
