/** Values about zero: (x - mean) / deviation, for all channels alike or for each its own. */
import { defineComponent } from '../../registry/define.js';
import type { Misfit, Shape } from '../../registry/contracts/index.js';
import { changeFacts } from '../shared/transform-facts.js';

const perChannel = (value: number | readonly number[], numChannels: number): Float64Array =>
  typeof value === 'number' ? new Float64Array(numChannels).fill(value) : Float64Array.from(value);

const lengthMisfit = (param: string, value: number | readonly number[], shape: Shape): Misfit | null => {
  const numChannels = shape.at(-1) ?? 1;
  if (typeof value === 'number' || value.length === numChannels) return null;
  return {
    param,
    message: `has ${value.length} numbers, the data has ${numChannels} channels`,
    help: 'Give one number for each channel, or one for all.',
  };
};

export default defineComponent({
  kind: 'transform',
  name: 'normalize',
  description:
    'Subtracts a mean and divides by a deviation, so that values are any real numbers. As it stands it takes values from 0 to 1 to values from -1 to 1.',
  params: {
    mean: {
      anyOf: [{ type: 'number' }, { type: 'array', items: { type: 'number' }, minItems: 1 }],
      default: 0.5,
      description: 'What is subtracted: one number, or one for each channel.',
    },
    deviation: {
      anyOf: [
        { type: 'number', exclusiveMinimum: 0 },
        { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 1 },
      ],
      default: 0.5,
      description: 'What is divided by: one number, or one for each channel.',
    },
  },
  build: ({ mean, deviation }) => ({
    random: false,
    facts: (data) =>
      lengthMisfit('mean', mean, data.shape) ?? lengthMisfit('deviation', deviation, data.shape) ?? changeFacts(data, { support: 'real' }),
    prepare: ({ shape }) => {
      const numChannels = shape.at(-1) ?? 1;
      const [means, deviations] = [perChannel(mean, numChannels), perChannel(deviation, numChannels)];
      return (example, out) => {
        for (let i = 0; i < out.length; i++) {
          const channel = i % numChannels;
          out[i] = ((example[i] ?? 0) - (means[channel] ?? 0)) / (deviations[channel] ?? 1);
        }
      };
    },
  }),
});
