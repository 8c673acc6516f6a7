/**
 * How samples come about: a frame at each moment of the plot's cadence and at the end of training, all from the same codes, in one animated
 * PNG, which is written when training ends or is interrupted.
 * Images stand in a sheet, points are drawn over those of the data.
 */
import type { Facts, Misfit, Moment, Picture, Studio, Values } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { encodeAnimation } from '../shared/animated-png.js';
import { drawChart } from '../shared/chart.js';
import { countExamples, misfitOfSplit, readExamples } from '../shared/example-codes.js';
import { generatedNeeds, prepareGenerated } from '../shared/generated.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment, squareColumns } from '../shared/image-plots.js';
import { describeTruth, misfitOfPoints, pointChart } from '../shared/point-charts.js';
import { decodePng, toImageShape } from '../shared/raster.js';
import { drawSheet, tilesOf } from '../shared/tiles.js';

/** Points of the data that generated ones are drawn over. */
const mostExamples = 2000;

const misfitOfFrames = (facts: Facts): Misfit | null => {
  if (misfitOfImages(facts) === null) return null;
  if (misfitOfPoints(facts) === null) return misfitOfSplit(facts, 'train');
  return {
    param: null,
    message: `draws images or points of 1 or 2 values, the data has examples of shape [${facts.data?.shape.join(', ') ?? ''}]`,
    help: 'Leave it out for other data.',
  };
};

type DrawFrame = (generated: Values, moment: Moment) => Promise<Uint8Array>;

const sheetFrame = ({ data }: Studio, count: number): DrawFrame => {
  const image = imageShapeOf(data);
  const columns = squareColumns(count);
  return (generated, moment) =>
    drawSheet({
      title: 'Samples',
      subtitle: capitalize(showMoment(moment)),
      image,
      tiles: tilesOf(generated, count),
      rowGroups: [Math.ceil(count / columns)],
      columnGroups: [columns],
      isSpaced: true,
    });
};

const chartFrame = ({ data }: Studio): DrawFrame => {
  const { x: real } = readExamples(data, 'train', 0, countExamples(data, 'train', mostExamples));
  return async (generated, moment) => {
    const { spec } = pointChart(data, real, generated, 'Samples', capitalize(showMoment(moment)));
    return (await drawChart(spec)).png;
  };
};

export default defineComponent({
  kind: 'plot',
  name: 'animation',
  description:
    "Samples over training as an animated PNG, with a frame for each moment of the plot's cadence and for the end, from the same codes: " +
    'images in a sheet, or points of 1 or 2 values over those of the data. The file is written when training ends or is interrupted.',
  params: {
    count: {
      type: 'integer',
      minimum: 1,
      maximum: 20_000,
      nullable: true,
      default: null,
      description: 'How many samples; 25 images or 2000 points if absent.',
    },
    frameMilliseconds: {
      type: 'integer',
      minimum: 20,
      maximum: 30_000,
      default: 200,
      unit: 'ms',
      description: 'How long a frame is shown; the last stays ten times as long, and at most a minute.',
    },
    repeat: { type: 'boolean', default: true, description: 'Whether it is played again and again, or once.' },
  },
  build: ({ count: wanted, frameMilliseconds, repeat }) => ({
    needs: generatedNeeds,
    drawsFittedCodes: true,
    check: misfitOfFrames,
    prepare: async (studio) => {
      const isOfImages = toImageShape(studio.data.shape) !== null;
      const count = wanted ?? (isOfImages ? 25 : 2000);
      const generate = await prepareGenerated(studio, 'frames', count);
      const drawFrame = isOfImages ? sheetFrame(studio, count) : chartFrame(studio);
      /** By epoch, in the order in which they were drawn. */
      const frames = new Map<number, Uint8Array>();
      const draw = async (moment: Moment): Promise<readonly Picture[]> => {
        frames.set(moment.epoch, await drawFrame(await generate(), moment));
        return [];
      };
      const conclude = async (moment: Moment): Promise<readonly Picture[]> => {
        if (moment.isLast && !frames.has(moment.epoch)) await draw(moment);
        const last = [...frames.keys()].at(-1);
        if (last === undefined) return [];
        const rasters = await Promise.all([...frames.values()].map(decodePng));
        const animation = rasters.map((raster, i) => {
          const milliseconds = i < rasters.length - 1 ? frameMilliseconds : Math.min(60_000, 10 * frameMilliseconds);
          return { raster, milliseconds };
        });
        const png = await encodeAnimation(animation, repeat);
        const truth = isOfImages ? '' : describeTruth(studio.data);
        const shown = showMoment({ ...moment, epoch: last });
        const caption = `${plural(count, 'sample')} over training, ${studio.fittedCodes === null ? 'from the same codes' : `from codes of ${studio.fittedCodes.family}`} in each of ${plural(frames.size, 'frame')}, the last ${shown}${truth}.`;
        return [{ suffix: '', folder: isOfImages ? 'images' : 'plots', png, svg: null, caption }];
      };
      const memory = {
        save: () => new Map([...frames].map(([epoch, frame]) => [String(epoch), frame])),
        restore: (saved: ReadonlyMap<string, Uint8Array>) => {
          frames.clear();
          const epochs = [...saved.keys()].map(Number).toSorted((a, b) => a - b);
          for (const epoch of epochs) frames.set(epoch, saved.get(String(epoch)) ?? new Uint8Array());
        },
      };
      return Object.assign(draw, { conclude, memory });
    },
  }),
});
