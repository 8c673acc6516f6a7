/** Sweeps laid over the small valid experiment, with the components that come with the package's tests. */
import { Registry } from '../../../src/registry/registry.js';
import type { LoadedExperiment } from '../../../src/runner/config/load.js';
import { nameOfRun, visitRuns, type FileRuns } from '../../../src/runner/sweep/runs.js';
import { writeInto } from '../../components/shared/temporary.js';
import { toyComponents } from '../../registry/toy-components.js';
import { temporaryFolder } from '../output/support.js';
import { valid } from '../config/load-text.js';

/** The experiment has 16 lines: what is appended begins in line 17. */
const sweepFile = (sweep: string, base = valid): string => writeInto(temporaryFolder(), 'toy.yaml', base + sweep);

export const visit = <T>(
  sweep: string,
  look: (loaded: LoadedExperiment) => T,
  overrides: readonly string[] = [],
  base = valid,
): Promise<FileRuns<T>> => visitRuns(sweepFile(sweep, base), { registry: new Registry(toyComponents), overrides }, look);

/** What each run of a sweep without faults is looked at for. */
export const runsOf = async <T>(
  sweep: string,
  look: (loaded: LoadedExperiment) => T,
  overrides: readonly string[] = [],
  base = valid,
): Promise<readonly T[]> => {
  const { results, error } = await visit(sweep, look, overrides, base);
  if (error !== null) throw error;
  return results;
};

export const namesOf = (sweep: string, overrides: readonly string[] = []): Promise<readonly string[]> =>
  runsOf(sweep, nameOfRun, overrides);

/** Faults as `code line:col`, or `code argument`. */
export const sweepFaults = async (sweep: string, overrides: readonly string[] = []): Promise<readonly string[]> => {
  const { error } = await visit(sweep, () => null, overrides);
  return (error?.faults ?? []).map(({ fault, place }) => {
    if (place.kind === 'argument') return `${fault.code} ${place.argument}`;
    return place.span === null ? fault.code : `${fault.code} ${String(place.span.line)}:${String(place.span.col)}`;
  });
};
