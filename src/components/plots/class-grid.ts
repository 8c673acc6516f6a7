/**
 * A row of samples for each class. All rows start from the same codes, so that a column shows what the class alone changes.
 * Source: Mirza & Osindero 2014, "Conditional Generative Adversarial Nets", figure 2; Odena et al. 2017, figure 9.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Facts, Misfit } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { nameOfClass, generatedNeeds, labelsTensor } from '../shared/generated.js';
import { capitalize, imageShapeOf, misfitOfImages, plural, showMoment } from '../shared/image-plots.js';
import { drawSheet, tilesOf } from '../shared/tiles.js';

/** Classes that are shown where none are named. */
const mostRows = 20;

const misfitOfClasses = (wanted: readonly number[] | null, { data, offers }: Facts): Misfit | null => {
  if (!offers.includes('fake.labels') && !offers.includes('labels'))
    return {
      param: null,
      message: 'has a row for each class, and the model does not generate by class',
      help: 'Give the model classes, such as `conditioning: concatenation` of a `gan`, take the model `cvae`, or look at "samples".',
    };
  if (data === null) return null;
  const { numClasses } = data;
  if (numClasses === null)
    return { param: null, message: 'has a row for each class, and the data has no labels', help: 'Take data with labels, or "samples".' };
  const missing = wanted?.find((label) => label >= numClasses);
  if (missing === undefined) return null;
  return {
    param: 'classes',
    message: `asks for class ${missing}, the data has ${numClasses}`,
    help: `Classes are counted from 0, to ${numClasses - 1}.`,
  };
};

export default defineComponent({
  kind: 'plot',
  name: 'class-grid',
  description:
    'A row of samples for each class, for models that generate by class. The codes are the same in every row and throughout a run. ' +
    'Values are clipped to [0, 1].',
  params: {
    columns: { type: 'integer', minimum: 1, maximum: 100, default: 10, description: 'Samples of each class.' },
    classes: {
      type: 'array',
      items: { type: 'integer', minimum: 0 },
      minItems: 1,
      nullable: true,
      default: null,
      description: 'The classes of the rows, counted from 0; if absent all of them, or the first 20 of more.',
      examples: [[3, 8]],
    },
  },
  build: ({ columns, classes: wanted }) => ({
    needs: generatedNeeds,
    check: (facts) => misfitOfImages(facts) ?? misfitOfClasses(wanted, facts),
    prepare: async (studio) => {
      const { data } = studio;
      const image = imageShapeOf(data);
      const classes = wanted ?? Array.from({ length: Math.min(mostRows, data.numClasses ?? 0) }, (_, label) => label);
      const labels = classes.flatMap((label) => new Array<number>(columns).fill(label));
      const generate = await studio.compile('classes', {}, (_, forward, noise) => {
        const { sampleLatent, generate } = forward({});
        const z = tf.tile(sampleLatent(noise, columns), [classes.length, 1]);
        return { images: generate(z, labelsTensor(data.numClasses, labels)) };
      });
      return async (moment) => {
        const { images = new Float32Array() } = await generate({}, 0);
        const png = await drawSheet({
          title: 'Samples by class',
          subtitle: capitalize(showMoment(moment)),
          image,
          tiles: tilesOf(images, labels.length),
          rowGroups: [classes.length],
          columnGroups: [columns],
          isSpaced: true,
          rowLabels: classes.map((label) => nameOfClass(data, label)),
        });
        const caption = `${capitalize(showMoment(moment))}: ${plural(columns, 'sample')} of each of ${classes.length} classes, one class in each row; the codes are the same in every row.`;
        return [{ suffix: '', folder: 'images', png, svg: null, caption }];
      };
    },
  }),
});
