/**
 * The log-likelihood of examples under a Gaussian Parzen window around samples, with the bandwidth that makes validation examples most likely;
 * `shared/parzen.ts` has the formula. What GANs were compared by at first, and a bad judge: with thousands of samples it is far from the truth
 * already for small patches of images, and it may rank centres of k-means above the model that the data is from.
 * Source of the warning: Theis, van den Oord & Bethge 2016, "A note on the evaluation of generative models".
 */
import { defineComponent } from '../../registry/define.js';
import type { Data } from '../../registry/contracts/index.js';
import type { Rows } from '../shared/matrix-blocks.js';
import { bandwidthGrid, chooseBandwidth, parzenEstimate } from '../shared/parzen.js';
import { createRowKeeper, samplesLike } from '../shared/sample-rows.js';
import { generatedNeeds } from '../shared/generated.js';
import { flattenExamples, numValues } from '../shared/shapes.js';

const firstOfValidation = ({ splits: { validation }, shape }: Data, most: number): Rows => {
  const [count, width] = [Math.min(most, validation.count), numValues(shape)];
  const values = new Float32Array(count * width);
  (validation.plain ?? validation).read(
    Int32Array.from({ length: count }, (_, i) => i),
    0,
    values,
  );
  return { values, count, width };
};

export default defineComponent({
  kind: 'metric',
  name: 'parzen-window',
  description:
    'Log-likelihood of examples under a Gaussian Parzen window around as many samples (Breuleux et al. 2011), with its standard error and the ' +
    'bandwidth that validation examples chose. For comparison with early papers on GANs alone: in many dimensions it is far from log p(x), and ' +
    'may rank models wrongly (Theis et al. 2016). Believe `annealed-importance` or `importance-bound` where the model allows them.',
  params: {
    count: {
      type: 'integer',
      minimum: 2,
      default: 10_000,
      unit: 'examples',
      description: 'Examples, and as many samples, at most; the more samples the larger the figure.',
    },
    validation: {
      type: 'integer',
      minimum: 1,
      default: 1000,
      unit: 'examples',
      description: 'Validation examples that choose the bandwidth, at most.',
    },
    least: { type: 'number', exclusiveMinimum: 0, default: 0.01, description: 'The smallest bandwidth that is tried.' },
    most: { type: 'number', exclusiveMinimum: 0, default: 1, description: 'The largest.' },
    steps: { type: 'integer', minimum: 2, default: 21, description: 'Bandwidths that are tried, evenly spaced by their logarithms.' },
  },
  build: ({ count, validation, least, most, steps }) => ({
    needs: [...generatedNeeds, 'x'],
    examples: count,
    columns: () => [
      { name: 'parzen-window', unit: 'nats', title: 'Log-likelihood by a Parzen window' },
      { name: 'parzen-window.error', unit: 'nats', title: 'Its standard error' },
      { name: 'parzen-window.bandwidth', unit: '', title: 'Its bandwidth' },
    ],
    check: ({ counts }) => {
      if (least >= most)
        return { param: 'least', message: `is not below \`most\`, ${String(most)}`, help: 'Let the grid of bandwidths go upwards.' };
      if (counts === null || counts.validation > 0) return null;
      return {
        param: null,
        message: 'chooses its bandwidth on validation examples, and there are none',
        help: 'Give the data a validation split.',
      };
    },
    measure: (offers, noise) => {
      const real = flattenExamples(offers.x);
      return { real, fake: flattenExamples(samplesLike(offers, offers.x, noise)) };
    },
    reducer: (_, data) => {
      const width = numValues(data.shape);
      const kept = createRowKeeper(3, (real, fake) => {
        const chosenBy = firstOfValidation(data, validation);
        const bandwidth = chooseBandwidth(chosenBy, fake, bandwidthGrid(least, most, steps));
        return [...parzenEstimate(real, fake, bandwidth), bandwidth];
      });
      return {
        add: ({ real = new Float32Array(), fake = new Float32Array() }, numRows) => {
          kept.add(real, fake, numRows, width);
        },
        result: () => kept.result(),
      };
    },
  }),
});
