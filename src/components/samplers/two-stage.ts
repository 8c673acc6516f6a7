/**
 * A second VAE, of the codes of the first model.
 * Source: Dai & Wipf 2019, "Diagnosing and Enhancing VAE Models", section 4.
 */
import { defineComponent } from '../../registry/define.js';
import { codesParam } from '../shared/code-fits.js';
import { prepareSecondStage } from '../shared/second-stage.js';

export default defineComponent({
  kind: 'sampler',
  name: 'two-stage',
  description: 'A second VAE that is trained on the codes each time they are fitted (Dai and Wipf 2019).',
  params: {
    codes: codesParam,
    epochs: {
      type: 'integer',
      minimum: 1,
      default: 100,
      unit: 'epochs',
      description: 'How often the second VAE passes over the codes each time it is trained.',
    },
  },
  build: ({ codes, epochs }) => ({
    family: 'a second VAE',
    codes,
    prepare: (studio, numCodes) => prepareSecondStage(studio, { numCodes, epochs }),
  }),
});
