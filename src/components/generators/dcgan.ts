/**
 * The generator of a DCGAN: dense layers, then transposed convolutions with batch normalization. [N, Z] to [N, H, W, C].
 * Source: Radford, Metz & Chintala 2016, section 3.
 */
import { defineComponent } from '../../registry/define.js';
import { convParams, createConvDecoder } from '../shared/conv-net.js';

export default defineComponent({
  kind: 'generator',
  name: 'dcgan',
  description: 'Transposed convolutions with batch normalization, for images of any size (Radford et al. 2016).',
  params: {
    ...convParams,
    normalization: { ...convParams.normalization, default: 'batch' },
    initializer: { ...convParams.initializer, default: 'small-normal' },
  },
  build: createConvDecoder,
});
