/**
 * Points between a code and one of those nearest to it.
 * Source: Chawla et al. 2002, "SMOTE: Synthetic Minority Over-sampling Technique".
 */
import { defineComponent } from '../../registry/define.js';
import { betweenNeighbours, codesParam } from '../shared/code-fits.js';

export default defineComponent({
  kind: 'sampler',
  name: 'neighbours',
  description: 'Points between a code and one near it (Chawla et al. 2002): close to the codes of examples, which it does little to vary.',
  params: {
    codes: codesParam,
    neighbours: { type: 'integer', minimum: 1, default: 5, description: 'Nearest codes that it chooses one of.' },
  },
  build: ({ codes, neighbours }) => ({ family: 'points between neighbours', codes, prepare: () => betweenNeighbours(neighbours) }),
});
