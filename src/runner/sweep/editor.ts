/** The JSON Schema of `sweep` and `seeds`, for editors: paths and the values at them are completed, explained and checked as in an experiment. */
import type { Params } from '../../registry/params.js';
import type { Registry } from '../../registry/registry.js';
import type { Schema } from '../../registry/schema.js';
import { isSweepable } from './axes.js';
import { closed, refTo, sweepDefinitions, withoutTwins } from './editor-axes.js';
import { editorPaths } from './editor-paths.js';
import { maxRuns } from './blocks.js';

const filters = (what: string): Schema => ({
  type: 'array',
  minItems: 1,
  items: { type: 'object', minProperties: 1 },
  description: `${what} Each entry names axes, or paths, with the value that they have, a list of values, or \`{ min, max }\`.`,
  examples: [[{ 'model.latent': 2, 'model.encoder': 'conv' }]],
});

const axes = (description: string, example: Schema): Schema => ({ description, examples: [example], allOf: [refTo('SweepAxes')] });

/**
 * What stands at the top of a file, and the definitions that it refers to.
 * @param root The schema of an experiment, which these refer to.
 */
export const sweepSchema = (
  registry: Registry,
  params: Params,
  root: Schema,
): { readonly properties: Schema; readonly definitions: Schema } => {
  const paths = editorPaths(registry, params, isSweepable).map((path) => withoutTwins(root, path));
  const whole = (description: string, least: number, most: number): Schema => ({
    type: 'integer',
    minimum: least,
    maximum: most,
    description,
  });
  return {
    definitions: sweepDefinitions(paths),
    properties: {
      seeds: {
        anyOf: [
          { type: 'integer', minimum: 1, maximum: maxRuns },
          { type: 'array', items: { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 }, minItems: 1 },
          { type: 'null' },
        ],
        description: 'Every run is made once for each of these seeds: how many there are, counted from `seed` on, or a list of them.',
        examples: [5, [1, 2, 3]],
      },
      sweep: {
        type: ['object', 'null'],
        description:
          'Many runs in one file: every combination of the values of its axes. `latentlab plan` lists the runs, `latentlab batch` trains them.',
        examples: [{ grid: { 'model.latent': [2, 10] } }],
        properties: {
          grid: axes('Axes whose values are all combined.', {
            'model.latent': [2, 10],
            lr: { path: 'training.optimizer.learningRate', values: [1e-3, 1e-4] },
          }),
          zip: axes('Axes that move together: the first values of all, then the second ones. They have equally many.', {
            'model.encoder.hidden': [[100], [500]],
            'model.decoder.hidden': [[100], [500]],
          }),
          list: {
            type: 'array',
            minItems: 1,
            items: { allOf: [refTo('SweepEntry')] },
            description: 'Runs one by one: what each has at which paths, and a `name` if you like.',
            examples: [[{ name: 'small', 'model.latent': 2 }]],
          },
          random: {
            ...closed(
              {
                count: whole('How many runs are drawn.', 1, maxRuns),
                seed: { ...whole('Other seeds give other draws.', 0, 2 ** 32 - 1), default: 0 },
                axes: { description: 'What is drawn, by paths or by names with a `path`.', allOf: [refTo('SweepDraws')] },
              },
              ['count', 'axes'],
            ),
            description: 'Runs with values that are drawn; the same in every session.',
            examples: [{ count: 20, axes: { 'training.optimizer.learningRate': { type: 'log-uniform', min: 1e-4, max: 1e-2 } } }],
          },
          include: filters('The only combinations that are run.'),
          exclude: filters('Combinations that are not run.'),
        },
        additionalProperties: false,
      },
    },
  };
};
