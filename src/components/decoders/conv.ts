/** Dense layers, then transposed convolutions, from codes to the parameters of a likelihood of images: [N, Z] to [N, H, W, C]. */
import { defineComponent } from '../../registry/define.js';
import { convParams, createConvDecoder } from '../shared/conv-net.js';

export default defineComponent({
  kind: 'decoder',
  name: 'conv',
  description: 'Dense layers and then transposed convolutions, the way of the encoder `conv` in reverse; the last one is linear.',
  params: convParams,
  build: createConvDecoder,
});
