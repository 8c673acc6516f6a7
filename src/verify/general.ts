/** What holds for every component: it is described, its schema is sound, its defaults build, and what is built is what its kind asks for. */
import type { AnyComponent } from '../registry/define.js';
import { write } from '../registry/fault-texts.js';
import { exampleEntry } from '../registry/example.js';
import { instantiate } from '../registry/instantiate.js';
import type { Kind } from '../registry/kinds.js';
import type { Param, Params } from '../registry/params.js';
import type { Registry } from '../registry/registry.js';
import { resolveEntry } from '../registry/resolve.js';
import { defaultOf } from '../registry/schema.js';
import { deepFreeze, showGiven } from '../registry/values.js';
import { findViolations } from '../registry/violations.js';
import type { Examination } from './examination.js';

/** What a factory must return, by kind, as `typeof` says it. */
export const members: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  dataset: { facts: 'object', load: 'function' },
  transform: { random: 'boolean', facts: 'function', prepare: 'function' },
  encoder: { scale: 'string', build: 'function' },
  decoder: { build: 'function' },
  generator: { build: 'function' },
  discriminator: { build: 'function' },
  latent: { size: 'number', sample: 'function', inference: 'object' },
  classifier: { experiment: 'object' },
  sampler: { family: 'string', codes: 'number', prepare: 'function' },
  posterior: { form: 'string', numParameters: 'function', build: 'function' },
  prior: { hasClosedFormKl: 'boolean', build: 'function' },
  likelihood: { paramsPerValue: 'number', supports: 'object', build: 'function' },
  model: { players: 'object', offers: 'object', latent: 'number', build: 'function' },
  loss: { terms: 'object' },
  optimizer: { learningRate: 'object', slots: 'object', update: 'function' },
  schedule: { constant: 'boolean', at: 'function' },
  features: { needs: 'object', extract: 'function', hash: 'function' },
  metric: { needs: 'object', columns: 'function', measure: 'function', reducer: 'function' },
  plot: { needs: 'object', prepare: 'function' },
};

export const isSentence = (text: string): boolean => text.length > 3 && text.trim() === text && text.endsWith('.') && !text.includes('\n');

/** Params by path, those inside objects too. */
export const allParams = (params: Params, path = ''): readonly (readonly [string, Param])[] =>
  Object.entries(params).flatMap(([name, param]) => [
    [path + name, param] as const,
    ...('type' in param && param.type === 'object' ? allParams(param.properties, `${path}${name}.`) : []),
  ]);

const undescribed = ({ description, params }: AnyComponent): string | null => {
  if (!isSentence(description)) return `its description ${showGiven(description)} is no sentence on one line with a full stop`;
  const bad = allParams(params).find(([, param]) => !isSentence(param.description));
  return bad === undefined
    ? null
    : `the description of ${bad[0]}, ${showGiven(bad[1].description)}, is no sentence on one line with a full stop`;
};

const badSchema = ({ kind, name, params }: AnyComponent): string | null => {
  const misnamed = allParams(params).find(([path]) => !/^[a-z][a-zA-Z0-9]*$/.test(path.split('.').at(-1) ?? ''));
  if (misnamed !== undefined) return `names of params are camelCase, and ${misnamed[0]} is not`;
  const defaults = Object.fromEntries(
    Object.entries(params).flatMap(([name, param]) => {
      const value = defaultOf(param);
      return value === undefined ? [] : [[name, structuredClone(value.value)] as const];
    }),
  );
  const fault = findViolations(params, defaults, { component: { kind, name }, inside: null }).find(({ code }) => code !== 'missing-key');
  return fault === undefined ? null : `it does not accept its own default: ${write(fault).what}`;
};

const badBuild = (registry: Registry, component: AnyComponent): string | null => {
  const { value, faults } = resolveEntry(registry, component.kind, exampleEntry(registry, component));
  const [fault] = faults;
  if (fault !== undefined) return `its example has a fault: ${fault.code} at ${fault.path.join('.')}`;
  // What a factory is given belongs to the experiment.
  const built: object = instantiate(registry, component.kind, deepFreeze(value));
  const missing = Object.entries(members[component.kind]).find(([name, type]) => typeof Reflect.get(built, name) !== type);
  if (missing === undefined) return null;
  const [name, type] = missing;
  return `build gives no ${name} (${type === 'object' ? 'data' : type}), which every ${component.kind} has`;
};

export const examineGenerally = async (examination: Examination, registry: Registry, component: AnyComponent): Promise<void> => {
  await examination.check('is documented', () => undescribed(component));
  await examination.check('has a valid schema', () => badSchema(component));
  await examination.check('builds from its defaults', () => badBuild(registry, component));
};
