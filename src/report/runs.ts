/** What there is to report: runs, as their run.json tells, wherever they lie below a folder. */
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';

/** As run.json says, and: `killed` where it says `running` and no process is; `unreadable` where it says nothing that can be read. */
export type ReportedStatus = 'queued' | 'running' | 'done' | 'failed' | 'interrupted' | 'killed' | 'unreadable';

export interface ReportedRun {
  readonly folder: string;
  readonly name: string;
  readonly experiment: string;
  readonly seed: number | null;
  /** Where it stands on the axes of a sweep. */
  readonly axes: Readonly<Record<string, string>>;
  readonly status: ReportedStatus;
  /** The process of another machine that is said to be at work on it; null where there is none. */
  readonly elsewhere: { readonly pid: number; readonly host: string } | null;
  readonly started: string | null;
  readonly seconds: number | null;
  readonly epoch: number;
  readonly step: number;
  readonly total: { readonly epochs: number; readonly steps: number } | null;
  /** Of the resolved experiment: with and without its seed and name. */
  readonly hashes: { readonly experiment: string; readonly variant: string };
  readonly metrics: Readonly<Record<string, number | null>>;
  /** What figures hang on, by hash, and the hash for each of `metrics` that is known. */
  readonly provenance: Readonly<Record<string, PlainMap>>;
  readonly measured: Readonly<Record<string, string>>;
  /** Sessions that crashed. */
  readonly numMishaps: number;
  /** What sentinels have said. */
  readonly warnings: readonly { readonly sentinel: string; readonly step: number; readonly message: string }[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

type PlainMap = Readonly<Record<string, unknown>>;
export const isMap = (value: unknown): value is PlainMap => typeof value === 'object' && value !== null && !Array.isArray(value);

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const asNumber = (value: unknown): number | null => (typeof value === 'number' ? value : null);

const readJson = async (file: string): Promise<unknown> => {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return value;
  } catch {
    return null;
  }
};

/** As run.lock has it. */
interface Owner {
  readonly pid: number;
  readonly host: string;
}

const readOwner = async (folder: string): Promise<Owner | null> => {
  const owner = await readJson(join(folder, 'run.lock'));
  return isMap(owner) && typeof owner['pid'] === 'number' ? { pid: owner['pid'], host: asText(owner['host']) } : null;
};

/** Whether the process that run.lock names is alive; one on another machine is believed to be. */
const isAtWork = ({ pid, host }: Owner): boolean => {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const known: readonly ReportedStatus[] = ['queued', 'done', 'failed', 'interrupted'];

const statusOf = (owner: Owner | null, status: unknown): ReportedStatus => {
  if (status === 'running') return owner !== null && isAtWork(owner) ? 'running' : 'killed';
  return known.find((each) => each === status) ?? 'unreadable';
};

const axesOf = (value: unknown): Readonly<Record<string, string>> =>
  isMap(value) ? Object.fromEntries(Object.entries(value).map(([axis, label]) => [axis, asText(label)])) : {};

const metricsOf = (value: unknown): Readonly<Record<string, number | null>> =>
  isMap(value) ? Object.fromEntries(Object.entries(value).map(([name, figure]) => [name, asNumber(figure)])) : {};

const originsOf = ({ provenance, measured }: PlainMap): Pick<ReportedRun, 'provenance' | 'measured'> => ({
  provenance: isMap(provenance)
    ? Object.fromEntries(Object.entries(provenance).flatMap(([id, value]) => (isMap(value) ? [[id, value]] : [])))
    : {},
  measured: isMap(measured) ? Object.fromEntries(Object.entries(measured).map(([name, id]) => [name, asText(id)])) : {},
});

const warningsOf = (value: unknown): ReportedRun['warnings'] => {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  return entries.filter(isMap).map(({ sentinel, step, message }) => ({
    ...{ sentinel: asText(sentinel), step: asNumber(step) ?? 0, message: asText(message) },
  }));
};

/** A run's folder; null where it holds no run.json. */
const readRun = async (folder: string): Promise<ReportedRun | null> => {
  const file = join(folder, 'run.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const value = await readJson(file);
  const record = isMap(value) ? value : {};
  const { hashes, total, error, mishaps } = record;
  const isOver = record['status'] === 'done';
  const owner = isOver ? null : await readOwner(folder);
  const status = statusOf(owner, record['status']);
  return {
    folder,
    name: asText(record['run']) || basename(folder),
    experiment: asText(record['experiment']) || basename(folder),
    seed: asNumber(record['seed']),
    axes: axesOf(record['axes']),
    status,
    elsewhere: owner !== null && owner.host !== hostname() ? owner : null,
    started: asText(record['started']) || null,
    seconds: asNumber(record['seconds']),
    epoch: asNumber(record['epoch']) ?? 0,
    step: asNumber(record['step']) ?? 0,
    total: isMap(total) ? { epochs: asNumber(total['epochs']) ?? 0, steps: asNumber(total['steps']) ?? 0 } : null,
    hashes: { experiment: isMap(hashes) ? asText(hashes['experiment']) : '', variant: isMap(hashes) ? asText(hashes['variant']) : '' },
    metrics: metricsOf(record['metrics']),
    ...originsOf(record),
    numMishaps: Array.isArray(mishaps) ? mishaps.length : 0,
    warnings: warningsOf(record['warnings']),
    error: isMap(error)
      ? { code: asText(error['code']), message: asText(error['message']) }
      : status === 'unreadable'
        ? { code: 'unreadable', message: `${file} is no record of a run` }
        : null,
  };
};

/** A run of a batch that has no folder yet. */
const notBegun = (folder: string, entry: PlainMap): ReportedRun => {
  const hashes = isMap(entry['hashes']) ? entry['hashes'] : {};
  return {
    ...{ folder, name: basename(folder), experiment: asText(entry['experiment']), seed: asNumber(entry['seed']), status: 'queued' },
    elsewhere: null,
    ...{
      started: null,
      seconds: null,
      epoch: 0,
      step: 0,
      total: null,
      metrics: {},
      provenance: {},
      measured: {},
      numMishaps: 0,
      warnings: [],
      error: null,
    },
    axes: axesOf(entry['axes']),
    hashes: { experiment: asText(hashes['experiment']), variant: asText(hashes['variant']) },
  };
};

/** So many files are open at once. */
const chunkSize = 64;

const inChunks = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> => {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += chunkSize) results.push(...(await Promise.all(items.slice(i, i + chunkSize).map(work))));
  return results;
};

const deepest = 5;

/**
 * The runs of a folder: it may be a run's own, a batch's, or one above any of them. A batch has the runs that its list names, also
 * those that have not begun.
 */
export const findRuns = async (folder: string, depth = 0): Promise<readonly ReportedRun[]> => {
  const own = await readRun(folder);
  if (own !== null) return [own];
  const manifest = await readJson(join(folder, 'batch.json'));
  if (isMap(manifest) && Array.isArray(manifest['runs'])) {
    const entries: readonly unknown[] = manifest['runs'];
    return inChunks(entries.filter(isMap), async (entry) => {
      const run = join(folder, asText(entry['name']));
      return (await readRun(run)) ?? notBegun(run, entry);
    });
  }
  if (depth >= deepest) return [];
  const below = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = below.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules');
  const found = await inChunks(folders.map(({ name }) => join(folder, name)).toSorted(), (each) => findRuns(each, depth + 1));
  return found.flat();
};

/** Why it failed, on one line: a heading that ends with a colon needs the line below it. '' where it did not fail. */
export const shortError = ({ error }: Pick<ReportedRun, 'error'>): string => {
  const [first = '', second = ''] = (error?.message ?? '').split('\n').map((line) => line.trim());
  return first.endsWith(':') ? `${first} ${second}` : first;
};
