/** What `training.earlyStopping`, `checkpoints.best` and `training.warmStart` name must be there: figures, and players. */
import { splitNames, type Data } from '../../registry/contracts/index.js';
import type { Fault } from '../../registry/faults.js';
import type { Param } from '../../registry/params.js';
import type { Path } from '../../registry/path.js';
import { suggest } from '../../registry/suggest.js';
import { ownValue } from '../../registry/values.js';
import type { PartlyBuilt } from './build.js';
import { metricColumns } from './checks.js';

const wordOf = (experiment: unknown, path: Path): string | null => {
  const value = path.reduce(ownValue, experiment);
  return typeof value === 'string' ? value : null;
};

const mustBeOneOf = (path: Path, given: string, options: readonly string[], description: string): readonly Fault[] => {
  if (options.includes(given)) return [];
  const param: Param = { type: 'string', description };
  // A figure without its split.
  const suggestion = options.find((option) => option === `validation.${given}`) ?? suggest(given, options);
  return [{ code: 'not-one-of', path, at: 'value', facts: { param, given, options, suggestion } }];
};

/** `data` is null until it is loaded. */
export const checkSession = (experiment: unknown, { model, metrics }: PartlyBuilt, data: Data | null): readonly Fault[] => {
  if (model === null) return [];
  const { latent, players } = model.component;
  const splits = splitNames.filter((split) => split !== 'test' && (data === null || data.splits[split].count > 0));
  const columns = splits.flatMap((split) =>
    metrics.flatMap((metric) => metricColumns(metric, latent)).map(({ name }) => `${split}.${name}`),
  );
  const faults: Fault[] = [];
  for (const path of [
    ['training', 'earlyStopping', 'metric'],
    ['checkpoints', 'best', 'metric'],
  ]) {
    const given = wordOf(experiment, path);
    if (given !== null) faults.push(...mustBeOneOf(path, given, columns, 'A metric of the experiment, on a split that has examples.'));
  }
  const starts = ['training', 'warmStart'].reduce<unknown>(ownValue, experiment);
  (Array.isArray(starts) ? starts : []).forEach((start: unknown, i) => {
    const wanted = ownValue(start, 'players');
    (Array.isArray(wanted) ? wanted : []).forEach((player: unknown, j) => {
      if (typeof player === 'string')
        faults.push(...mustBeOneOf(['training', 'warmStart', i, 'players', j], player, players, 'A player of the model.'));
    });
  });
  return faults;
};
