/** What the environment says: where data sets are looked for and kept, and how many threads a run is given. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface DataFolders {
  /** LATENTLAB_DATA, the folder of the user's own copies; null if it is not set. */
  readonly data: string | null;
  /** Downloads: LATENTLAB_CACHE, or the platform's cache folder. */
  readonly cache: string;
}

export const dataFolders = (environment: Readonly<Record<string, string | undefined>>): DataFolders => {
  const { LATENTLAB_DATA: data, LATENTLAB_CACHE: cache, XDG_CACHE_HOME: xdg } = environment;
  return { data: data ? resolve(data) : null, cache: cache ? resolve(cache) : join(xdg ?? join(homedir(), '.cache'), 'latentlab') };
};

/** LATENTLAB_THREADS: threads of a run whose experiment leaves them open; null if it is not set to a count. */
export const threadsOf = ({ LATENTLAB_THREADS: threads }: Readonly<Record<string, string | undefined>>): number | null =>
  threads !== undefined && /^[1-9]\d*$/.test(threads) ? Number(threads) : null;
