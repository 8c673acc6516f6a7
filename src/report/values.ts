/** Values of the experiments that runs were made of, by their path: `model.latent`, `losses.1.beta`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ReportError } from './errors.js';
import { isMap, type ReportedRun } from './runs.js';

export interface Experiments {
  /** On one line; null where the experiment has no such value, or none by choice (no sampler), or cannot be read. */
  value(run: ReportedRun, path: string): Promise<string | null>;
  /** All values of an experiment by path, without name, description and seed. */
  all(run: ReportedRun): Promise<ReadonlyMap<string, string>>;
}

const inline = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What is null has no value: it is not there. */
const flatten = (value: unknown, path: string, into: Map<string, string>): void => {
  if (value === null) return;
  if (isMap(value) && Object.keys(value).length > 0)
    for (const [key, item] of Object.entries(value)) flatten(item, path === '' ? key : `${path}.${key}`, into);
  else if (Array.isArray(value) && value.some((item) => typeof item === 'object'))
    value.forEach((item: unknown, i) => {
      flatten(item, `${path}.${String(i)}`, into);
    });
  else into.set(path, inline(value));
};

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined),
      value,
    );

/** Every path in a value. */
function* pathsIn(value: unknown, path: string): Generator<string> {
  if (path !== '') yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) yield* pathsIn(item, path === '' ? key : `${path}.${key}`);
}

/** What a path's last words mean, where they mean one thing: `encoder.type` is `model.encoder.type`. */
const atEnd = (experiment: unknown, end: string): unknown => {
  const [path, ...others] = [...pathsIn(experiment, '')].filter((each) => each.endsWith(`.${end}`));
  if (path === undefined) return undefined;
  if (others.length > 0) throw new ReportError(`${end} may be ${[path, ...others].join(' or ')}: write the whole path`);
  return at(experiment, path);
};

/** `losses[1].weight` is `losses.1.weight` here. */
const plainPath = (path: string): string => path.replaceAll(/\[(\d+)\]/g, '.$1');

/** A component is known by its type: `model.encoder` is `mlp`; a constant schedule by its value, as experiments write it. */
const typeOf = (entry: Readonly<Record<string, unknown>>, type: string): unknown => (type === 'constant' ? (entry['value'] ?? type) : type);

/** Runs of one variant have one experiment, but for name and seed, which the run itself knows: it is read once. */
export const createExperiments = (): Experiments => {
  const read = new Map<string, Promise<unknown>>();
  const load = (run: ReportedRun): Promise<unknown> => {
    const key = run.hashes.variant === '' ? run.folder : run.hashes.variant;
    const known = read.get(key);
    if (known !== undefined) return known;
    const loading = readFile(join(run.folder, 'resolved.yaml'), 'utf8').then(
      (text): unknown => parse(text, { logLevel: 'silent' }),
      () => {
        // A run that has not begun says nothing; another one of its variant may.
        read.delete(key);
        return null;
      },
    );
    read.set(key, loading);
    return loading;
  };
  return {
    value: async (run, path) => {
      const own: Readonly<Record<string, string | number | null>> = {
        name: run.experiment,
        experiment: run.experiment,
        run: run.name,
        seed: run.seed,
        status: run.status,
      };
      if (Object.hasOwn(own, path)) return own[path] === null ? null : String(own[path]);
      if (Object.hasOwn(run.axes, path)) return run.axes[path] ?? null;
      const experiment = await load(run);
      const plain = plainPath(path);
      const whole = at(experiment, plain);
      const found = whole === undefined ? atEnd(experiment, plain) : whole;
      const value = isMap(found) && typeof found['type'] === 'string' ? typeOf(found, found['type']) : found;
      return value === undefined || value === null ? null : inline(value);
    },
    all: async (run) => {
      const values = new Map<string, string>();
      flatten(await load(run), '', values);
      for (const path of ['name', 'description', 'seed']) values.delete(path);
      return values;
    },
  };
};
