/**
 * How a model pushes the distribution of its codes forward into that of its data (question 1.3 of the study): codes in their plane, and what is
 * generated from each in the same colour, over real examples. Colours go around the origin of the codes, so that it can be seen where a
 * neighbourhood ends up, and where it is torn.
 * Source: Doersch 2016, "Tutorial on variational autoencoders", figure 2.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { Data, Values } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { drawChart } from '../shared/chart.js';
import { countExamples, misfitOfSplit, readExamples, splitParam } from '../shared/example-codes.js';
import { generatedNeeds } from '../shared/generated.js';
import { capitalize, plural, showMoment } from '../shared/image-plots.js';
import { axisScale, misfitOfPoints, planeAxes } from '../shared/point-charts.js';

const side = 380;

interface Pushed {
  readonly z: Values;
  readonly x: Values;
}

/** Points of the plane, [N, 2], with the angle of their codes. */
const pointsOf = (values: Values, codes: Values) =>
  Array.from({ length: codes.length / 2 }, (_, i) => ({
    x: values[2 * i] ?? 0,
    y: values[2 * i + 1] ?? 0,
    angle: Math.atan2(codes[2 * i + 1] ?? 0, codes[2 * i] ?? 0),
  }));

type Points = ReturnType<typeof pointsOf>;

type Axes = ReturnType<typeof planeAxes>;

const isInside = ({ x, y }: Points[number], axes: Axes): boolean => x >= axes.x[0] && x <= axes.x[1] && y >= axes.y[0] && y <= axes.y[1];

const panel = (title: string, points: Points, axes: Axes, name: string, behind: readonly object[]) => {
  const x = { field: 'x', type: 'quantitative', title: `${name}₁`, scale: axisScale(axes.x), axis: { tickCount: 7 } } as const;
  const y = {
    field: 'y',
    type: 'quantitative',
    title: `${name}₂`,
    scale: axisScale(axes.y),
    axis: { tickCount: 7, titleAngle: 0 },
  } as const;
  const color = {
    field: 'angle',
    type: 'quantitative',
    scale: { domain: [-Math.PI, Math.PI], scheme: 'sinebow' },
    legend: null,
  } as const;
  return {
    title: { text: title, fontSize: 13, fontWeight: 400 as const, offset: 8 },
    width: side,
    height: side,
    layer: [
      {
        data: { values: [...behind] },
        mark: { type: 'circle' as const, size: 9, color: '#8a8a8a', opacity: 0.45, aria: false },
        encoding: { x, y },
      },
      {
        data: { values: [...points] },
        mark: { type: 'circle' as const, size: 12, opacity: 0.8, aria: false },
        encoding: { x, y, color },
      },
    ],
  };
};

interface Chart {
  readonly spec: TopLevelSpec;
  readonly numOutside: number;
}

const chartOf = (real: Values, { z, x }: Pushed, subtitle: string): Chart => {
  const axes = planeAxes(real);
  const behind = Array.from({ length: real.length / 2 }, (_, i) => ({ x: real[2 * i] ?? 0, y: real[2 * i + 1] ?? 0 }));
  const generated = pointsOf(x, z);
  // Points far outside are left out, not clipped: the drawer works on each of them at its full size.
  const inside = generated.filter((point) => isInside(point, axes));
  const codes = panel('Codes, coloured by their angle', pointsOf(z, z), planeAxes(z), 'z', []);
  const points = panel('What is generated from them, over real points', inside, axes, 'x', behind);
  return {
    numOutside: generated.length - inside.length,
    spec: { title: { text: 'Codes and what they become', subtitle }, hconcat: [codes, points], spacing: 48 },
  };
};

export default defineComponent({
  kind: 'plot',
  name: 'pushforward',
  description:
    'Codes in their plane and what is generated from each, in one colour, over real points: how a model makes one distribution of another. ' +
    'For two latents and data of two values.',
  params: {
    count: { type: 'integer', minimum: 1, maximum: 20_000, default: 2000, description: 'How many codes.' },
    split: splitParam,
  },
  build: ({ count, split }) => ({
    needs: generatedNeeds,
    check: (facts) => {
      if (facts.latent !== 2)
        return {
          param: null,
          message: `draws a plane of codes, the model has ${plural(facts.latent, 'latent')}`,
          help: 'Set `latent: 2` in the model, or look at "density".',
        };
      const isPlane = facts.data === null || (facts.data.shape.length === 1 && facts.data.shape[0] === 2);
      const misfit = misfitOfPoints(facts);
      if (misfit !== null || isPlane) return misfit ?? misfitOfSplit(facts, split);
      return { param: null, message: 'draws points of 2 values, the data has 1', help: 'Look at "density", which draws numbers too.' };
    },
    prepare: async (studio) => {
      const { data }: { readonly data: Data } = studio;
      const real = readExamples(data, split, 0, countExamples(data, split, count)).x;
      const push = await studio.compile('push', {}, (_, forward, noise) => {
        const { sampleLatent, generate } = forward({});
        const z = sampleLatent(noise, count);
        return { z, x: generate(z) };
      });
      return async (moment) => {
        const { z = new Float32Array(), x = new Float32Array() } = await push({}, 0);
        const subtitle = capitalize(showMoment(moment));
        const { spec, numOutside } = chartOf(real, { z, x }, subtitle);
        const { svg, png } = await drawChart(spec);
        const caption = `${subtitle}: ${plural(count, 'code')}, coloured by their angle, and what is generated from them over ${plural(real.length / 2, `${split} example`)}${numOutside === 0 ? '' : `; ${plural(numOutside, 'generated point')} outside of the axes`}.`;
        return [{ suffix: '', folder: 'plots', png, svg, caption }];
      };
    },
  }),
});
