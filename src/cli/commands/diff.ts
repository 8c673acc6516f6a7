/** `latentlab diff A B`: how two experiments, or runs, differ by what they mean. */
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../../registry/errors.js';
import type { Registry } from '../../registry/registry.js';
import { differences, placeOf, type Difference, type Side } from '../../runner/config/differences.js';
import { showValue } from '../../runner/config/explain.js';
import { loadExperiment, type LoadedExperiment } from '../../runner/config/load.js';
import { describeOrigin, originOf } from '../../runner/config/origins.js';
import { isUserError } from '../../runner/user-errors.js';
import type { Io } from '../io.js';

/** The experiment of a file, or of a run's folder. @throws ConfigError, RunError */
const loadSide = async (path: string, registry: Registry): Promise<LoadedExperiment> => {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return loadExperiment(path, { registry });
  const { readRecord } = await import('../../runner/resume.js');
  const { workingFolder, config } = await readRecord(path);
  // Plug-ins lie beside the file that the run was made of.
  return loadExperiment(join(path, 'resolved.yaml'), { registry, pluginFolder: dirname(resolve(workingFolder, config.file)) });
};

/** Names and descriptions are not what an experiment does. */
const isWording = (difference: Difference): boolean => ['name', 'description'].includes(placeOf(difference));

const maxWidth = 120;

const show = (sign: '-' | '+', side: Side, { origins }: LoadedExperiment): readonly string[] =>
  side === null ? [] : [`  ${sign} ${showValue(side.value, maxWidth)}   (${describeOrigin(originOf(origins, side.path))})`];

/** Exit code: 0 where both mean the same, 1 where they differ, 2 where one is wrong. */
export const runDiff = async (a: string, b: string, { json }: { readonly json: boolean }, io: Io, registry: Registry): Promise<number> => {
  try {
    const before = await loadSide(a, registry);
    const after = await loadSide(b, registry);
    const found = differences(before.experiment, after.experiment).filter((difference) => !isWording(difference));
    if (json) {
      const rows = found.map((difference) => ({
        path: placeOf(difference),
        a: difference.a?.value ?? null,
        b: difference.b?.value ?? null,
      }));
      io.out(JSON.stringify(rows, null, 2));
    } else if (found.length === 0) io.out(`${a} and ${b} mean the same.`);
    else
      for (const difference of found)
        io.out([placeOf(difference), ...show('-', difference.a, before), ...show('+', difference.b, after)].join('\n'));
    return found.length === 0 ? 0 : 1;
  } catch (error) {
    if (!isUserError(error)) throw error;
    io.err(error instanceof ConfigError ? error.message : `latentlab: ${error.message}`);
    return 2;
  }
};
