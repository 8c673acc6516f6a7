/** `latentlab explain FILE [PATH]`: where the values of an experiment come from, and what may stand there. */
import { ConfigError } from '../../registry/errors.js';
import { formatPath } from '../../registry/path.js';
import type { Registry } from '../../registry/registry.js';
import { explain, leavesOf, showValue, UnknownPathError, type Explanation, type Leaf } from '../../runner/config/explain.js';
import { loadRun } from '../../runner/sweep/runs.js';
import type { ChangeOptions } from '../changes.js';
import { changesOf } from '../changes.js';
import type { Io } from '../io.js';

export interface ExplainOptions extends ChangeOptions {
  readonly json: boolean;
  /** The name of a run of a sweep. */
  readonly variant?: string;
}

const maxCell = 60;

const table = (leaves: readonly Leaf[]): readonly string[] => {
  const rows = leaves.map(({ path, value, origin }) => [formatPath(path), showValue(value, maxCell), origin] as const);
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  return rows.map(([path, value, origin]) => `${path.padEnd(width(0))}  ${value.padEnd(width(1))}  ${origin}`);
};

const describe = ({
  path,
  value,
  origin,
  overridden,
  accepts,
  unit,
  default: otherwise,
  description,
  owner,
  choices,
  leaves,
}: Explanation): string => {
  const row = (title: string, text: string): string => `  ${title.padEnd(10)} ${text}`;
  return [
    `${path}: ${showValue(value)}`,
    ...(description === '' ? [] : [`  ${description}`]),
    row('set by', origin),
    ...overridden.map((earlier, i) => row(i === 0 ? 'instead of' : '', `${showValue(earlier.value, maxCell)}, ${earlier.origin}`)),
    ...(accepts === null ? [] : [row('accepts', `${accepts}${unit === null ? '' : ` (${unit})`}`)]),
    ...(choices.length === 0 ? [] : [row('known', choices.join(', '))]),
    row('default', otherwise ?? 'none'),
    row('belongs to', owner === null ? 'the experiment' : `${owner.kind} ${owner.name}`),
    ...(leaves.length === 0 ? [] : ['', ...table(leaves).map((line) => `  ${line}`)]),
  ].join('\n');
};

/** Without a path: all values. Exit code: 0; 2 where the experiment is wrong, or has no such value. */
export const runExplain = async (
  file: string,
  path: string | null,
  options: ExplainOptions,
  io: Io,
  registry: Registry,
): Promise<number> => {
  try {
    const loaded = await loadRun(file, { registry, ...changesOf(options) }, options.variant ?? null);
    if (path === null) {
      const leaves = leavesOf(loaded);
      io.out(
        options.json
          ? JSON.stringify(
              leaves.map((leaf) => ({ ...leaf, path: formatPath(leaf.path) })),
              null,
              2,
            )
          : table(leaves).join('\n'),
      );
      return 0;
    }
    const explanation = explain(loaded, path);
    const leaves = explanation.leaves.map((leaf) => ({ ...leaf, path: formatPath(leaf.path) }));
    io.out(options.json ? JSON.stringify({ ...explanation, leaves }, null, 2) : describe(explanation));
    return 0;
  } catch (error) {
    if (error instanceof UnknownPathError) io.err(`latentlab: ${error.message}`);
    else if (error instanceof ConfigError) io.err(error.message);
    else throw error;
    return 2;
  }
};
