/**
 * Two estimates of log p(x) against the number L of codes that they take: codes of the prior (question 1.4 of the study, equation 1), and of the
 * posterior, weighted (Burda et al. 2016). Both are too small on average, and rise to log p(x) as L grows; by the prior it takes about
 * exp(KL(p(z|x) || p(z))) codes, and so the more the more latents say of an example. Each line is of one row of codes for an example, of
 * which an estimate takes the first L.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { TopLevelSpec } from 'vega-lite';
import { defineComponent } from '../../registry/define.js';
import { drawChart } from '../shared/chart.js';
import { ink, lineColors } from '../shared/colors.js';
import { countExamples, misfitOfSplit, readExamples, splitParam } from '../shared/example-codes.js';
import { capitalize, plural, showMoment, showNumber } from '../shared/image-plots.js';
import { createRunningLogMean } from '../shared/running-log-mean.js';

/** An estimate's mean over the examples, and its standard error. */
interface Point {
  readonly estimator: string;
  readonly samples: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const estimators = { prior: 'Codes of the prior', posterior: 'Codes of the posterior, weighted' } as const;
type Estimator = keyof typeof estimators;

/** Codes that are decoded at a time for each example: memory holds no more of them. */
const chunk = 25;

const pointOf = (estimator: Estimator, samples: number, estimates: Float64Array): Point => {
  const n = estimates.length;
  const mean = estimates.reduce((sum, value) => sum + value, 0) / n;
  const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1);
  const error = Math.sqrt(variance / n);
  return { estimator: estimators[estimator], samples, mean, low: mean - error, high: mean + error };
};

const chartOf = (points: readonly Point[], title: string, subtitle: string): TopLevelSpec => {
  const ticks = [...new Set(points.map(({ samples }) => samples))];
  const x = {
    field: 'samples',
    type: 'quantitative' as const,
    title: 'Codes for each example, L',
    scale: { type: 'log' as const, nice: false },
    axis: { values: ticks, format: ',d', grid: false, labelFlush: false },
  };
  const color = {
    field: 'estimator',
    type: 'nominal',
    scale: { domain: Object.values(estimators), range: [lineColors[1], lineColors[0]] },
    legend: {
      title: null,
      orient: 'top',
      symbolType: 'stroke',
      symbolSize: 500,
      symbolStrokeWidth: 2.5,
      symbolOpacity: 1,
      columnPadding: 24,
    },
  } as const;
  const scale = { zero: false, nice: true } as const;
  return {
    title: { text: title, subtitle },
    width: 640,
    height: 340,
    data: { values: [...points] },
    layer: [
      {
        mark: { type: 'area', opacity: 0.15 },
        encoding: { x, y: { field: 'low', type: 'quantitative', scale }, y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'line', strokeWidth: 2.25, point: { size: 36, filled: true } },
        encoding: {
          x,
          y: {
            field: 'mean',
            type: 'quantitative',
            title: 'log p(x), estimated (nats)',
            scale,
            axis: { domain: false, ticks: false, tickCount: 7, gridColor: ink.grid },
          },
          color,
        },
      },
    ],
  };
};

export default defineComponent({
  kind: 'plot',
  name: 'likelihood-estimators',
  description:
    'Estimates of log p(x) by codes of the prior and by weighted codes of the posterior, against their number: how many each takes, for as ' +
    'many latents as the model has. Bands are standard errors over examples, which both share.',
  params: {
    samples: {
      type: 'array',
      items: { type: 'integer', minimum: 1 },
      minItems: 2,
      default: [1, 10, 100, 1000],
      unit: 'samples',
      description: 'Numbers of codes for each example; the largest says how long it takes.',
    },
    count: { type: 'integer', minimum: 2, default: 100, description: 'How many examples, or all of a smaller split.' },
    split: { ...splitParam, default: 'test' },
  },
  build: ({ samples, count, split }) => ({
    needs: ['x', 'posterior', 'prior', 'decode'],
    check: (facts) => misfitOfSplit(facts, split),
    prepare: async (studio) => {
      const { data, latent } = studio;
      const wanted = [...new Set(samples)].toSorted((a, b) => a - b);
      const numExamples = countExamples(data, split, count);
      const { x } = readExamples(data, split, 0, numExamples);
      const weigh = await studio.compile(
        'weigh',
        { x: { shape: [numExamples, ...data.shape], dtype: 'float32' } },
        (inputs, forward, noise) => {
          const { posterior, prior, decode } = forward({ x: inputs.x });
          const ofPosterior = posterior.sample(noise, chunk);
          const ofPrior = tf.reshape(prior.sample(noise, chunk * numExamples), [chunk, numExamples, latent]);
          return {
            prior: decode(ofPrior).logProb(inputs.x),
            posterior: tf.add(decode(ofPosterior).logProb(inputs.x), tf.sub(prior.logProb(ofPosterior), posterior.logProb(ofPosterior))),
          };
        },
      );
      return async (moment) => {
        const points: Point[] = [];
        const means = { prior: createRunningLogMean(numExamples), posterior: createRunningLogMean(numExamples) };
        for (let taken = 0, tick = 0; taken < (wanted.at(-1) ?? 0); tick++) {
          const weights = await weigh({ x }, tick);
          for (let k = 0; k < chunk; k++) {
            taken++;
            for (const estimator of ['prior', 'posterior'] as const) {
              means[estimator].add(weights[estimator] ?? [], k * numExamples);
              if (wanted.includes(taken)) points.push(pointOf(estimator, taken, means[estimator].result()));
            }
          }
        }
        const ends = (['prior', 'posterior'] as const).map((estimator) => {
          const last = points.findLast((point) => point.estimator === estimators[estimator]);
          return `${showNumber(last?.mean ?? NaN, 2)} nats by the ${estimator}`;
        });
        const subtitle = `${capitalize(showMoment(moment))}; ${plural(latent, 'latent')}, means over ${plural(numExamples, `${split} example`)}`;
        const { svg, png } = await drawChart(chartOf(points, 'Estimates of log p(x)', subtitle));
        const caption = `${subtitle}: with ${plural(wanted.at(-1) ?? 0, 'code')} for each, log p(x) is estimated as ${ends.join(' and ')}.`;
        return [{ suffix: '', folder: 'plots', png, svg, caption }];
      };
    },
  }),
});
