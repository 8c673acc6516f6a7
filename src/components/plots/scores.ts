/**
 * What the discriminator says of real examples and of fakes, as two histograms on the same bins. Where they lie apart it has won, and a
 * saturating loss leaves the generator without a gradient; where they are the same, it can tell nothing.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { Values } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { drawChart } from '../shared/chart.js';
import { lineColors } from '../shared/colors.js';
import { countExamples, misfitOfSplit, splitParam } from '../shared/example-codes.js';
import { binsOf, histogram, histogramLayers } from '../shared/histogram.js';
import { capitalize, plural, showMoment, showNumber } from '../shared/image-plots.js';
import { prepareScores } from '../shared/scores.js';

const numBins = 60;

const scales = {
  logits: { title: 'Logit', of: (logits: Values): Values => logits },
  probabilities: { title: 'D(x)', of: (logits: Values): Values => Float32Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit))) },
} as const;

const mean = (values: Values): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const chart = (
  series: readonly (readonly [name: string, values: Values])[],
  xTitle: string,
  isBounded: boolean,
  subtitle: string,
): TopLevelSpec => {
  const samples = series.map(([, values]) => values);
  const bins = isBounded ? { from: 0, to: 1, count: numBins } : binsOf(samples, numBins);
  const scale = { domain: series.map(([name]) => name), range: [lineColors[0], lineColors[1]] };
  const color = {
    field: 'series',
    type: 'nominal',
    scale,
    legend: { title: null, orient: 'top', symbolType: 'square', symbolSize: 140, symbolOpacity: 1, columnPadding: 24 },
  } as const;
  const bars = series.map(([name, values]) => ({ name, bars: histogram(values, bins) }));
  return {
    title: { text: 'Discriminator', subtitle },
    width: 640,
    height: 300,
    layer: [...histogramLayers(bars, xTitle, [bins.from, bins.to], color)],
  };
};

export default defineComponent({
  kind: 'plot',
  name: 'scores',
  description: 'Histograms of what the discriminator says of real examples and of fakes. The examples stay the same throughout a run.',
  params: {
    scale: {
      type: 'string',
      enum: ['logits', 'probabilities'],
      default: 'logits',
      description: 'The outputs themselves, for critics too, or the probabilities of being real that they stand for.',
    },
    count: {
      type: 'integer',
      minimum: 1,
      maximum: 20_000,
      default: 2000,
      description: 'How many examples, or all of a smaller split; there are as many fakes.',
    },
    split: splitParam,
  },
  build: ({ scale, count: wanted, split }) => ({
    needs: ['discriminator.real', 'discriminator.fake'],
    check: (facts) => misfitOfSplit(facts, split),
    prepare: async (studio) => {
      const count = countExamples(studio.data, split, wanted);
      const computeScores = await prepareScores(studio, split, count);
      const { title, of } = scales[scale];
      return async (moment) => {
        const scores = await computeScores();
        const [real, fake] = [of(scores.real), of(scores.fake)];
        const subtitle = `${plural(count, `${split} example`)} and as many fakes, ${showMoment(moment)}`;
        const series = [['real', real] as const, ['fake', fake] as const];
        const { svg, png } = await drawChart(chart(series, title, scale === 'probabilities', subtitle));
        const caption = `${capitalize(showMoment(moment))}: ${scale} of the discriminator for ${plural(count, `${split} example`)}, ${showNumber(mean(real), 2)} on average, and for as many fakes, ${showNumber(mean(fake), 2)} on average.`;
        return [{ suffix: '', folder: 'plots', png, svg, caption }];
      };
    },
  }),
});
