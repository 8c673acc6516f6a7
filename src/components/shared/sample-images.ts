/** Metrics that look at the images themselves, of examples and of as many samples, one batch after another. */
import type { Data, Metric } from '../../registry/contracts/index.js';
import { generatedNeeds } from './generated.js';
import { imageShapeOf, misfitOfImages } from './image-plots.js';
import type { ImageShape } from './raster.js';
import { samplesLike } from './sample-rows.js';
import { flattenExamples } from './shapes.js';

/** What is done with the first `count` images of a batch. */
export interface ImageSink {
  add(images: Float32Array, count: number): void;
  result(): number;
}

/** A column for the samples and one for the examples, from a sink each. */
export const measureImages = (createSink: (image: ImageShape) => ImageSink): Pick<Metric, 'needs' | 'check' | 'measure' | 'reducer'> => ({
  needs: [...generatedNeeds, 'x'],
  check: misfitOfImages,
  measure: (offers, noise) => ({ fake: flattenExamples(samplesLike(offers, offers.x, noise)), real: flattenExamples(offers.x) }),
  reducer: (_: number, data: Data) => {
    const image = imageShapeOf(data);
    const [fakeSink, realSink] = [createSink(image), createSink(image)];
    return {
      add: ({ fake = new Float32Array(), real = new Float32Array() }, count) => {
        fakeSink.add(fake, count);
        realSink.add(real, count);
      },
      result: () => [fakeSink.result(), realSink.result()],
    };
  },
});
