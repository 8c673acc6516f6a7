/** Where examples lie in two latents: the means of q(z|x), coloured by class, on equal scales. */
import type { TopLevelSpec } from 'vega-lite';
import { defineComponent } from '../../registry/define.js';
import { drawChart } from '../shared/chart.js';
import { classColors, ink } from '../shared/colors.js';
import { countExamples, misfitOfSplit, prepareMeans, readExamples, splitParam } from '../shared/example-codes.js';
import { nameOfClass } from '../shared/generated.js';
import { capitalize, latentName, misfitOfLatents, plural, showMoment } from '../shared/image-plots.js';

interface Point {
  readonly first: number;
  readonly second: number;
  /** The name of its class; '' for data without labels. */
  readonly label: string;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
};

/** The middle of each class: a label there says which is which without a look at the legend. */
const middles = (points: readonly Point[], labels: readonly string[]): readonly Point[] =>
  labels.map((label) => {
    const own = points.filter((point) => point.label === label);
    return { label, first: median(own.map(({ first }) => first)), second: median(own.map(({ second }) => second)) };
  });

/** A square chart; both axes have the same domain. `labels` are the classes that there are, in their order. */
const scatter = (
  points: readonly Point[],
  labels: readonly string[],
  axes: readonly [string, string],
  title: string,
  subtitle: string,
): TopLevelSpec => {
  const reach = Math.max(1e-6, ...points.map(({ first, second }) => Math.max(Math.abs(first), Math.abs(second)))) * 1.04;
  const scale = { domain: [-reach, reach], nice: false, zero: false };
  const axis = { tickCount: 7 };
  const x = { field: 'first', type: 'quantitative', title: axes[0], scale, axis } as const;
  const y = { field: 'second', type: 'quantitative', title: axes[1], scale, axis: { ...axis, titleAngle: 0 } } as const;
  const colors = labels.length > classColors.length ? { scheme: 'turbo' as const } : { range: [...classColors] };
  const color = {
    field: 'label',
    type: 'nominal',
    scale: { domain: [...labels], ...colors },
    legend: { title: 'Class', orient: 'right', symbolSize: 110, symbolOpacity: 1, columns: Math.ceil(labels.length / 20) },
  } as const;
  const isLabelled = labels.length > 0;
  const names = {
    data: { values: middles(points, labels) },
    encoding: { x, y, text: { field: 'label' } },
  } as const;
  return {
    title: { text: title, subtitle },
    width: 460,
    height: 460,
    layer: [
      {
        data: { values: [...points] },
        mark: {
          type: 'circle',
          size: points.length > 1000 ? 16 : 28,
          opacity: 0.75,
          aria: false,
          ...(isLabelled ? {} : { color: classColors[0] }),
        },
        encoding: isLabelled ? { x, y, color } : { x, y },
      },
      {
        ...names,
        mark: { type: 'text', fontSize: 18, fontWeight: 600, stroke: ink.paper, strokeWidth: 5, strokeJoin: 'round', fill: ink.paper },
      },
      { ...names, mark: { type: 'text', fontSize: 18, fontWeight: 600, fill: ink.title } },
    ],
  };
};

export default defineComponent({
  kind: 'plot',
  name: 'latent-scatter',
  description: 'The posterior means of many examples in two latents, coloured by class. The examples stay the same throughout a run.',
  params: {
    count: { type: 'integer', minimum: 1, maximum: 20_000, default: 2000, description: 'How many examples, or all of a smaller split.' },
    split: splitParam,
    dimensions: {
      type: 'array',
      items: { type: 'integer', minimum: 1 },
      minItems: 2,
      maxItems: 2,
      default: [1, 2],
      description: 'The latents of the horizontal and the vertical axis, counted from 1.',
    },
  },
  build: ({ count: wanted, split, dimensions }) => ({
    needs: ['encode'],
    check: (facts) => misfitOfLatents(dimensions, facts.latent) ?? misfitOfSplit(facts, split),
    prepare: async (studio) => {
      const { data, latent } = studio;
      const [horizontal = 1, vertical = 2] = dimensions;
      const count = countExamples(data, split, wanted);
      const computeMeans = await prepareMeans(studio, split, count);
      const { labels } = readExamples(data, split, 0, count);
      const names = [...new Set(labels ?? [])].toSorted((a, b) => a - b).map((label) => nameOfClass(data, label));
      return async (moment) => {
        const means = await computeMeans();
        const points = Array.from({ length: count }, (_, i): Point => {
          const [first = 0, second = 0] = [means[i * latent + horizontal - 1], means[i * latent + vertical - 1]];
          return { first, second, label: labels === null ? '' : nameOfClass(data, labels[i] ?? 0) };
        });
        const subtitle = `Posterior means of ${plural(count, `${split} example`)}, ${showMoment(moment)}`;
        const axes = [latentName(horizontal), latentName(vertical)] as const;
        const { svg, png } = await drawChart(scatter(points, names, axes, 'Latent codes', subtitle));
        const colored = labels === null ? '' : ', coloured by class';
        const caption = `${capitalize(showMoment(moment))}: posterior means of ${plural(count, 'example')} of the ${split} split in ${axes[0]} and ${axes[1]}${colored}.`;
        return [{ suffix: '', folder: 'plots', png, svg, caption }];
      };
    },
  }),
});
