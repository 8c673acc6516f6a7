/** Where data sets are looked for and kept. */
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
