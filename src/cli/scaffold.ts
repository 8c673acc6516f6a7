/** The text of a new experiment: what `latentlab init` writes, by the recipe of its model. */
import { exampleEntry } from '../registry/example.js';
import { instantiate } from '../registry/instantiate.js';
import { resolveEntry } from '../registry/resolve.js';
import type { Registry } from '../registry/registry.js';
import { defaultOf } from '../registry/schema.js';
import { inline } from '../registry/values.js';
import { recipes, type Recipe, type Subject } from './recipes.js';

export interface ScaffoldRequest {
  /** In kebab-case. */
  readonly name: string;
  /** Of a model that has a recipe. */
  readonly model: string;
  readonly data: string;
  /** Dimensions of codes; what is usual for model and data if null. */
  readonly latent: number | null;
  /** The first line, for editors. */
  readonly modeline: string;
}

/** Models that an experiment can be written for. */
export const scaffoldedModels = Object.keys(recipes);

const recipeOf = (model: string): Recipe => {
  const recipe = recipes[model];
  if (recipe === undefined) throw new Error(`There is no recipe for the model "${model}".`);
  return recipe;
};

/** Dimensions of codes that are usual for a model and data; null where the model has no codes. */
export const usualLatent = (registry: Registry, model: string, data: string): number | null => {
  const recipe = recipeOf(model);
  return recipe.latent === null ? null : subjectOf(registry, dataEntry(registry, data, recipe.wantsBinary), recipe, null).latent;
};

/** The entry of a dataset: its type, what must be said, and how grey values become black and white where that suits the model. */
const dataEntry = (registry: Registry, name: string, wantsBinary: boolean): Record<string, unknown> => {
  const component = registry.find('dataset', name);
  if (component === undefined) throw new Error(`There is no dataset "${name}".`);
  const example = exampleEntry(registry, component);
  const required = Object.entries(component.params).filter(([, param]) => defaultOf(param) === undefined);
  return {
    type: name,
    ...Object.fromEntries(required.map(([key]) => [key, example[key]])),
    ...(wantsBinary && Object.hasOwn(component.params, 'binarization') ? { binarization: 'static' } : {}),
  };
};

/** What is known of the data without looking at it. */
const subjectOf = (registry: Registry, entry: Record<string, unknown>, recipe: Recipe, latent: number | null): Subject => {
  const { facts } = instantiate(registry, 'dataset', resolveEntry(registry, 'dataset', entry).value);
  const rank = facts?.shape.length;
  const data = rank === 3 ? 'images' : rank === 1 && facts?.shape[0] === 2 ? 'points' : 'unknown';
  return {
    data,
    latent: latent ?? (data === 'points' ? 2 : (recipe.latent ?? 0)),
    likelihood: entry['binarization'] === 'static' ? 'bernoulli' : 'gaussian',
    hidden: data === 'points' ? [128, 128] : [512, 256],
  };
};

/** Comments below each other. */
const align = (lines: readonly string[]): readonly string[] => {
  const parts = lines.map((line) => line.split(/ {2}(?=# )/));
  const width = Math.max(...parts.map(([code = '', comment]) => (comment === undefined ? 0 : code.length)));
  return parts.map(([code = '', comment]) => (comment === undefined ? code : `${code.padEnd(width)}  ${comment}`));
};

const indent = (lines: readonly string[], by: string): readonly string[] => lines.map((line) => by + line);

/** A commented experiment as YAML. */
export const scaffold = (registry: Registry, { name, model, data, latent, modeline }: ScaffoldRequest): string => {
  const recipe = recipeOf(model);
  const entry = dataEntry(registry, data, recipe.wantsBinary);
  const subject = subjectOf(registry, entry, recipe, latent);
  const lines = [
    `name: ${name}  # names the folder of its runs`,
    'description: What this experiment is to find out.',
    'seed: 1  # all randomness of a run follows from it',
    '# seeds: 5  # five runs, with a seed each; `sweep` varies other values: docs/sweeps.md',
    '',
    `data: ${Object.keys(entry).length === 1 ? data : inline(entry)}  # others: latentlab components dataset`,
    '',
    'model:',
    ...indent([`type: ${model}`, ...recipe.model(subject)], '  '),
    '',
    'losses:  # what is minimised: their sum',
    ...indent(recipe.losses, '  - '),
    '',
    'training:',
    '  epochs: 20',
    '  batchSize: 128',
    `  optimizer: { type: adam, learningRate: ${recipe.learningRate} }`,
    '',
    `metrics: [${recipe.metrics.join(', ')}]  # columns of metrics.csv; others: latentlab components metric`,
    '',
    'plots:  # others: latentlab components plot',
    ...indent(recipe.plots[subject.data], '  - '),
  ];
  return `${[modeline, ...align(lines)].join('\n')}\n`;
};
