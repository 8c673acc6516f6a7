/** Where the values of a resolved experiment come from, for people: one value with all that is known of it, or all of them. */
import { describeDefault, describeType } from '../../registry/accepts.js';
import type { ComponentName } from '../../registry/faults.js';
import { paramAt } from '../../registry/param-at.js';
import { formatPath, parsePath, pointer, type Path } from '../../registry/path.js';
import { suggest } from '../../registry/suggest.js';
import { inline, isMap, ownValue } from '../../registry/values.js';
import { experimentParams } from './experiment.js';
import type { LoadedExperiment } from './load.js';
import { describeOrigin, originOf } from './origins.js';

/** A value without parts, or with none in it. */
export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
  readonly origin: string;
}

export interface Explanation {
  readonly path: string;
  readonly value: unknown;
  readonly origin: string;
  /** What it took the place of, the newest first. */
  readonly overridden: readonly { readonly value: unknown; readonly origin: string }[];
  /** What is accepted there; null where it is not known, as of an experiment without a file. */
  readonly accepts: string | null;
  readonly unit: string | null;
  /** As YAML; null where there is none. */
  readonly default: string | null;
  readonly description: string;
  /** Whose parameter it is; null: the experiment's own. */
  readonly owner: ComponentName | null;
  /** Names that may stand there. */
  readonly choices: readonly string[];
  /** What is in it. */
  readonly leaves: readonly Leaf[];
}

const partsOf = (value: unknown): readonly (readonly [string | number, unknown])[] => {
  if (Array.isArray(value)) return value.map((item: unknown, i) => [i, item] as const);
  return isMap(value) ? Object.entries(value) : [];
};

/** All values below a path that have no parts, in the order of the resolved experiment. */
export const leavesOf = (loaded: LoadedExperiment, path: Path = []): readonly Leaf[] => {
  const walk = (value: unknown, at: Path): readonly Leaf[] => {
    const parts = partsOf(value);
    if (parts.length > 0) return parts.flatMap(([key, item]) => walk(item, [...at, key]));
    return [{ path: at, value, origin: describeOrigin(originOf(loaded.origins, at)) }];
  };
  return walk(valueAt(loaded, path), path);
};

const valueAt = ({ experiment }: LoadedExperiment, path: Path): unknown =>
  path.reduce<unknown>((value, key) => ownValue(value, key), experiment);

const pathsOf = (value: unknown, path: Path = []): readonly string[] => [
  ...(path.length === 0 ? [] : [formatPath(path)]),
  ...partsOf(value).flatMap(([key, item]) => pathsOf(item, [...path, key])),
];

/** A path that the resolved experiment does not have. */
export class UnknownPathError extends Error {
  override readonly name = 'UnknownPathError';
}

/** @throws UnknownPathError */
export const explain = (loaded: LoadedExperiment, text: string): Explanation => {
  const path = parsePath(text);
  const value = path === null ? undefined : valueAt(loaded, path);
  if (path === null || value === undefined) {
    const known = pathsOf(loaded.experiment);
    // The last word alone, wherever it stands: `latent` for `model.latent`.
    const lastWord = (other: string): string => /[\w-]+$/.exec(other)?.[0] ?? '';
    const word = suggest(text, known.map(lastWord));
    const suggestion = suggest(text, known) ?? known.find((other) => lastWord(other) === word) ?? null;
    throw new UnknownPathError(
      `${loaded.file} has no value ${JSON.stringify(text)}${suggestion === null ? '' : `; did you mean "${suggestion}"?`}`,
    );
  }
  const found = paramAt(loaded.registry, experimentParams, loaded.experiment, path);
  const param = found?.param;
  const isType = path.at(-1) === 'type';
  const slot = isType ? paramAt(loaded.registry, experimentParams, loaded.experiment, path.slice(0, -1))?.param : param;
  const kind = slot !== undefined && 'component' in slot ? slot.component : null;
  return {
    path: formatPath(path),
    value,
    origin: describeOrigin(originOf(loaded.origins, path)),
    overridden: (loaded.overridden.get(pointer(path)) ?? [])
      .toReversed()
      .map(({ value: earlier, origin }) => ({ value: earlier, origin: describeOrigin(origin) })),
    accepts: param === undefined ? null : describeType(param),
    unit: param !== undefined && 'unit' in param ? (param.unit ?? null) : null,
    default: param === undefined ? null : describeDefault(param),
    description: param?.description ?? '',
    owner: found?.owner ?? null,
    choices: kind === null ? [] : loaded.registry.choices(kind),
    leaves: partsOf(value).length === 0 ? [] : leavesOf(loaded, path),
  };
};

/** `20`, `{ type: mlp }`, on one line. */
export const showValue = (value: unknown, width = Infinity): string => {
  const text = inline(value);
  return text.length > width ? `${text.slice(0, width - 3)}...` : text;
};
