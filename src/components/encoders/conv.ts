/** Convolutions, then dense layers, from an image to the parameters of its posterior: [N, H, W, C] to [N, 2 Z]. */
import { defineComponent } from '../../registry/define.js';
import { convParams, createConvEncoder } from '../shared/conv-net.js';
import { scaleParam } from '../shared/scale.js';

export default defineComponent({
  kind: 'encoder',
  name: 'conv',
  description: 'Convolutions with strides and then dense layers; one last linear layer gives the mean and the scale of the posterior.',
  params: { ...convParams, scale: scaleParam },
  build: ({ scale, ...options }) => ({ ...createConvEncoder(options), scale }),
});
