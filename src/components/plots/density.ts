/**
 * Where a model puts its samples, beside the data: points in the plane with the true modes around them, or histograms of numbers with the
 * true density, where that is known.
 */
import { defineComponent } from '../../registry/define.js';
import { drawChart } from '../shared/chart.js';
import { countExamples, misfitOfSplit, readExamples, splitParam } from '../shared/example-codes.js';
import { codesClause, generatedNeeds, prepareGenerated } from '../shared/generated.js';
import { capitalize, plural, showMoment } from '../shared/image-plots.js';
import { describeTruth, misfitOfPoints, pointChart } from '../shared/point-charts.js';

export default defineComponent({
  kind: 'plot',
  name: 'density',
  description:
    'Generated points over real ones, for data of 1 or 2 values: points in the plane with circles around the true modes, or histograms with ' +
    'the true density. Axes, examples and codes stay the same throughout a run.',
  params: {
    count: { type: 'integer', minimum: 1, maximum: 20_000, default: 2000, description: 'How many generated points.' },
    examples: {
      type: 'integer',
      minimum: 1,
      maximum: 20_000,
      default: 2000,
      description: 'How many real points, or all of a smaller split.',
    },
    split: splitParam,
  },
  build: ({ count, examples: wanted, split }) => ({
    needs: generatedNeeds,
    drawsFittedCodes: true,
    check: (facts) => misfitOfPoints(facts) ?? misfitOfSplit(facts, split),
    prepare: async (studio) => {
      const { data } = studio;
      const numExamples = countExamples(data, split, wanted);
      const real = readExamples(data, split, 0, numExamples).x;
      const generate = await prepareGenerated(studio, 'density', count);
      return async (moment) => {
        const { spec, numOutside } = pointChart(
          data,
          real,
          await generate(),
          'Density',
          `${capitalize(showMoment(moment))}${codesClause(studio)}`,
        );
        const { svg, png } = await drawChart(spec);
        const outside = numOutside === 0 ? '' : `; ${plural(numOutside, 'generated point')} outside of the axes`;
        const caption = `${capitalize(showMoment(moment))}: ${plural(count, 'generated point')}${codesClause(studio)} and ${plural(numExamples, `${split} example`)}${describeTruth(data)}${outside}.`;
        return [{ suffix: '', folder: 'plots', png, svg, caption }];
      };
    },
  }),
});
