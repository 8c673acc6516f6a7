/** What holds between the components of an experiment: names, offers, players, and what each component checks itself. */
import { DataError } from '../../components/shared/data-error.js';
import { parsePath } from '../../registry/path.js';
import type { Checked, Column, Data, DataFacts, Facts, OfferName } from '../../registry/contracts/index.js';
import type { ComponentName, Fault } from '../../registry/faults.js';
import type { Placed } from '../../registry/instantiate.js';
import type { Kind } from '../../registry/kinds.js';
import type { Registry } from '../../registry/registry.js';
import { columnsOf, playersOf, trainingColumns } from '../train/losses.js';
import { checkLabels, checkUpdates, updateNames } from './updates.js';
import type { BuiltExperiment, PartlyBuilt, PlacedData } from './build.js';
import { drawsBySampler, fittingNames, givenTo } from './fitting.js';

const componentName = ({ kind, type }: Placed<Kind>): ComponentName => ({ kind, name: type });

/**
 * A metric's columns as metrics.csv has them behind the split: an entry with a name of its own gives that name to its only
 * column, or puts it before each of several.
 */
export const metricColumns = ({ type, name, component }: Placed<'metric'>, latent: number): readonly Column[] => {
  const columns = component.columns(latent);
  if (name === type) return columns;
  return columns.map((column) => ({ ...column, name: columns.length === 1 ? name : `${name}.${column.name}` }));
};

const checkNames = (entries: readonly Placed<'loss' | 'metric' | 'plot'>[]): readonly Fault[] => {
  const first = new Map<string, Placed<Kind>>();
  const faults: Fault[] = [];
  for (const entry of entries) {
    const other = first.get(entry.name);
    if (other === undefined) first.set(entry.name, entry);
    else
      faults.push({ code: 'same-name', path: entry.path, at: 'value', facts: { what: entry.kind, name: entry.name, other: other.path } });
  }
  return faults;
};

const checkColumns = (metrics: readonly Placed<'metric'>[], latent: number): readonly Fault[] => {
  const first = new Map<string, Placed<'metric'>>();
  const faults: Fault[] = [];
  for (const metric of metrics) {
    for (const { name } of metricColumns(metric, latent)) {
      const other = first.get(name);
      if (other === undefined) first.set(name, metric);
      // Two metrics of one name are told about already.
      else if (other.name !== metric.name)
        faults.push({ code: 'same-name', path: metric.path, at: 'value', facts: { what: 'column', name, other: other.path } });
    }
  }
  return faults;
};

const needsOf = ({ component }: Placed<'loss'> | Placed<'metric'> | Placed<'plot'>): readonly OfferName[] => [
  ...new Set('terms' in component ? component.terms.flatMap((term) => term.needs) : component.needs),
];

const misfit = (entry: Placed<Kind>, message: string, help: string): Fault => {
  return { code: 'misfit', path: entry.path, at: 'value', facts: { component: componentName(entry), message, help } };
};

/** What is fitted are codes of examples; samples are what the model generates from others. */
const samplerNeeds = ['encode', 'generate'] as const satisfies readonly OfferName[];

const checkClassifier = (
  entries: readonly Asking[],
  {
    classifier,
    hasClassifier,
    mayBeAsked,
    data,
  }: {
    readonly classifier: Placed<'classifier'> | null;
    readonly hasClassifier: boolean;
    /** By an entry that could not be built. */
    readonly mayBeAsked: boolean;
    readonly data: DataFacts | null;
  },
): readonly Fault[] => {
  if (classifier !== null && data?.numClasses === null)
    return [misfit(classifier, 'learns from labels, and the data has none', 'Take data with labels, or leave the classifier out.')];
  const asking = entries.filter((entry) => needsOf(entry).includes('classify'));
  if (classifier !== null && asking.length === 0 && !mayBeAsked)
    return [
      misfit(
        classifier,
        'is asked by no loss, metric or plot',
        'Add one that asks, such as the metric sample-classes, or leave the classifier out.',
      ),
    ];
  if (hasClassifier) return [];
  return asking.map((entry) =>
    misfit(
      entry,
      'asks which class a sample is of, and the experiment has no classifier',
      'Add `classifier: mlp`, or `classifier: conv` for images.',
    ),
  );
};

type Asking = Placed<'loss'> | Placed<'metric'> | Placed<'plot'>;

const checkOffers = (
  entries: readonly (Placed<'loss'> | Placed<'metric'> | Placed<'plot'>)[],
  sampler: Placed<'sampler'> | null,
  model: Placed<'model'>,
  { hasSampler, registry }: { readonly hasSampler: boolean; readonly registry: Registry },
): readonly Fault[] => {
  const { offers } = model.component;
  const refuse = (entry: Asking | Placed<'sampler'>, needs: readonly OfferName[]): readonly Fault[] => {
    const missing = needs.filter((need) => !offers.includes(need));
    if (missing.length === 0) return [];
    if (
      entry.kind !== 'sampler' &&
      drawsBySampler(entry.kind, entry.component) &&
      missing.every((need) => need === 'sampleLatent') &&
      samplerNeeds.every((need) => offers.includes(need))
    )
      return [
        misfit(
          entry,
          `draws samples, and model "${model.type}" has no prior to draw from`,
          'Add `sampler: normal`, or another, which draws from what it fits to the codes of examples.',
        ),
      ];
    const fitting = entry.kind === 'sampler' ? [] : fittingNames(registry, entry.kind, model.component, hasSampler);
    const facts = { component: componentName(entry), model: model.type, missing, fitting };
    return [{ code: 'not-offered', path: entry.path, at: 'value', facts }];
  };
  return [
    ...(sampler === null ? [] : refuse(sampler, samplerNeeds)),
    // What the classifier offers, no model does.
    ...entries.flatMap((entry) =>
      refuse(
        entry,
        needsOf(entry).filter((need) => need !== 'classify' && !givenTo(entry.kind, entry.component, hasSampler).includes(need)),
      ),
    ),
  ];
};

const checkSampler = (sampler: Placed<'sampler'> | null, entries: readonly Asking[], mayBeAsked: boolean): readonly Fault[] => {
  const isAsked = entries.some((entry) => drawsBySampler(entry.kind, entry.component) && needsOf(entry).includes('sampleLatent'));
  if (sampler === null || mayBeAsked || isAsked) return [];
  const help =
    'Add one of samples, such as the metric frechet-distance or the plot samples, or leave the sampler out; the plot fitted-samples has one of its own.';
  return [misfit(sampler, 'is asked by no metric and no plot', help)];
};

const checkPlayers = (losses: readonly Placed<'loss'>[], model: Placed<'model'>): readonly Fault[] => {
  const { players } = model.component;
  return losses.flatMap((loss): readonly Fault[] => {
    const idle = loss.component.terms.filter((term) => playersOf(model.component, term.players).length === 0);
    const wanted = [...new Set(idle.flatMap((term) => term.players))];
    if (wanted.length === 0) return [];
    return [
      { code: 'no-player', path: loss.path, at: 'value', facts: { component: componentName(loss), model: model.type, wanted, players } },
    ];
  });
};

const checkFit = (entry: Placed<Kind>, component: Checked, facts: Facts): readonly Fault[] => {
  const misfit = component.check?.(facts) ?? null;
  if (misfit === null) return [];
  const { param, message, help } = misfit;
  const path = param === null ? entry.path : [...entry.path, ...(parsePath(param) ?? [param])];
  return [{ code: 'misfit', path, at: 'value', facts: { component: componentName(entry), message, help } }];
};

const checkTransforms = ({ path, misfits }: PlacedData): readonly Fault[] =>
  misfits.map(({ index, transform, misfit: { param, message, help } }): Fault => {
    const entry = [...path, 'transforms', index];
    return {
      code: 'misfit',
      path: param === null ? entry : [...entry, param],
      at: 'value',
      facts: { component: { kind: 'transform', name: transform }, message, help },
    };
  });

interface SplitCounts {
  /** Null where only the files can tell. */
  readonly counts: Facts['counts'];
  readonly faults: readonly Fault[];
}

const isTooLarge = (error: unknown): error is DataError<'split-too-large'> =>
  error instanceof DataError && error.code === 'split-too-large';

/** How many examples each split will have, as far as that is known without a file. */
export const countSplits = (data: PlacedData | null): SplitCounts => {
  try {
    return { counts: data?.component.counts?.() ?? null, faults: [] };
  } catch (error) {
    // What else is wrong is told when the data is loaded.
    if (data === null || !isTooLarge(error)) return { counts: null, faults: [] };
    const { param, asked, available } = error.facts;
    const message = `is asked for ${String(asked)} examples by \`${param}\`, and has ${String(available)} at most for it`;
    const path = [...data.path, ...(parsePath(param) ?? [param])];
    return { counts: null, faults: [{ ...misfit(data, message, 'Ask for fewer.'), path }] };
  }
};

export interface CheckOptions {
  readonly registry: Registry;
  /** The experiment's `training`, as far as it could be resolved. */
  readonly training: unknown;
  readonly hasFaultyMetric: boolean;
  readonly hasFaultyLoss: boolean;
  readonly hasFaultyPlot: boolean;
  readonly hasFaultyClassifier: boolean;
  readonly hasFaultySampler: boolean;
}

/** Checks what could be built; own checks of components are left out while a metric is at fault, because they ask for columns. */
export const checkParts = (
  parts: PartlyBuilt,
  { data, counts }: Pick<Facts, 'data' | 'counts'>,
  { registry, training, hasFaultyMetric, hasFaultyLoss, hasFaultyPlot, hasFaultyClassifier, hasFaultySampler }: CheckOptions,
): readonly Fault[] => {
  const { model, classifier, sampler, losses, metrics, plots } = parts;
  const faults = [...checkNames(losses), ...checkNames(metrics), ...checkNames(plots)];
  if (parts.data !== null) faults.push(...checkTransforms(parts.data));
  if (model === null) return faults;
  const { latent, offers, players } = model.component;
  const unoffered = checkOffers([...losses, ...metrics, ...plots], sampler, model, {
    hasSampler: sampler !== null || hasFaultySampler,
    registry,
  });
  // A loss of another sort of model lacks players as well, and is told of once.
  const offered = losses.filter((loss) => !unoffered.some(({ path }) => path === loss.path));
  faults.push(
    ...checkColumns(metrics, latent),
    ...unoffered,
    ...checkPlayers(offered, model),
    ...checkSampler(sampler, [...metrics, ...plots], hasFaultyMetric || hasFaultyPlot),
  );
  // A loss that could not be built may be the one that is missed.
  if (!hasFaultyLoss) faults.push(...checkUpdates(training, model, losses));
  const hasClassifier = classifier !== null || hasFaultyClassifier;
  faults.push(
    ...checkClassifier([...losses, ...metrics, ...plots], {
      classifier,
      hasClassifier,
      mayBeAsked: hasFaultyMetric || hasFaultyLoss || hasFaultyPlot,
      data,
    }),
  );
  faults.push(...checkLabels([...losses, ...metrics], { data, offers }));
  if (hasFaultyMetric) return faults;
  const columns = metrics.flatMap((metric) => metricColumns(metric, latent).map(({ name }) => name));
  const weighted = losses.map(({ name, common, component }) => ({ name, weight: common.weight, loss: component }));
  const updates = hasFaultyLoss ? null : columnsOf(weighted, updateNames(training, model.component));
  const facts: Facts = {
    ...{ data, counts, latent, offers, players },
    metricColumns: columns,
    trainingColumns: updates && trainingColumns(updates),
  };
  for (const entry of [model, ...(classifier === null ? [] : [classifier]), ...losses, ...metrics, ...plots])
    faults.push(...checkFit(entry, entry.component, facts));
  return faults;
};

/** Checks a whole experiment; `data` is null until it is loaded, and the check worth repeating when it is. */
export const checkExperiment = (registry: Registry, built: BuiltExperiment, training: unknown, data: Data | null): readonly Fault[] => {
  const options = {
    registry,
    training,
    hasFaultyMetric: false,
    hasFaultyLoss: false,
    hasFaultyPlot: false,
    hasFaultyClassifier: false,
    hasFaultySampler: false,
  };
  if (data === null) return checkParts(built, { data: built.data.component.facts, counts: null }, options);
  const { train, validation, test } = data.splits;
  return checkParts(built, { data, counts: { train: train.count, validation: validation.count, test: test.count } }, options);
};
