/**
 * The discriminator of a DCGAN: convolutions with strides, leaky activations and batch normalization. [N, H, W, C] to [N, 1].
 * Source: Radford, Metz & Chintala 2016, section 3.
 */
import { defineComponent } from '../../registry/define.js';
import { convParams, createConvEncoder } from '../shared/conv-net.js';
import { leakySlope } from '../shared/layers.js';
import { minibatchDeviationParam } from '../shared/minibatch.js';

export default defineComponent({
  kind: 'discriminator',
  name: 'dcgan',
  description: 'Convolutions with strides and batch normalization, for images of any size (Radford et al. 2016).',
  params: {
    ...convParams,
    activation: { ...convParams.activation, default: 'leaky-relu' },
    slope: { ...convParams.slope, default: leakySlope },
    normalization: { ...convParams.normalization, default: 'batch' },
    initializer: { ...convParams.initializer, default: 'small-normal' },
    minibatchDeviation: minibatchDeviationParam,
  },
  build: createConvEncoder,
});
