/** The update graph of an experiment: its own, or the one that its model has. */
import type { Facts, Model } from '../../registry/contracts/index.js';
import type { Fault } from '../../registry/faults.js';
import type { Placed } from '../../registry/instantiate.js';
import type { Path } from '../../registry/path.js';
import { isMap, ownValue } from '../../registry/values.js';
import { playersOf, type Part } from '../train/losses.js';
import type { UpdateSpec } from '../train/plan-round.js';
import type { BuiltExperiment } from './build.js';
import type { Experiment, UpdateEntry } from './experiment.js';

const listOf = (player: unknown): readonly string[] =>
  (Array.isArray(player) ? player : [player]).filter((name): name is string => typeof name === 'string');

const noClipping = { norm: null, value: null };

/** What an update is where only its players are said. */
const plain = (player: string | readonly string[]): UpdateEntry => ({
  player,
  steps: 1,
  batch: null,
  accumulate: 1,
  optimizer: null,
  clipping: null,
  weightClipping: null,
  weightDecay: 0,
  ema: null,
});

const defaultUpdates = ({ updates, players }: Model): readonly (readonly string[])[] => updates ?? (players.length === 0 ? [] : [players]);

/** Labels of the updates: the players joined by +, numbered where two are the same. */
const labelsOf = (players: readonly (readonly string[])[]): readonly string[] => {
  const joined = players.map((names) => names.join('+'));
  return joined.map((label, i) => {
    const before = joined.slice(0, i).filter((other) => other === label).length;
    return before === 0 ? label : `${label}-${String(before + 1)}`;
  });
};

/**
 * By which names losses speak of what is named in an update. A role that is named takes its own part of the losses, and that alone; where no
 * update names it, its players take it beside theirs.
 */
const namesFor = ({ players, roles = {} }: Model, named: string, everNamed: ReadonlySet<string>): readonly string[] => [
  named,
  ...(players.includes(named) ? Object.keys(roles).filter((role) => roles[role]?.includes(named) === true && !everNamed.has(role)) : []),
];

const partsOf = (model: Model, named: readonly string[], everNamed: ReadonlySet<string>): readonly Part[] => {
  const parts = new Map<string, readonly string[]>();
  for (const name of named)
    for (const player of playersOf(model, [name])) parts.set(player, [...(parts.get(player) ?? []), ...namesFor(model, name, everNamed)]);
  return [...parts].map(([player, names]) => ({ player, names }));
};

/** Who steps in each update, and how it is called in columns; of `training` as far as it could be resolved. */
export const updateNames = (training: unknown, model: Model): readonly Pick<UpdateSpec, 'label' | 'parts'>[] => {
  const updates = ownValue(training, 'updates');
  const named = Array.isArray(updates) ? updates.map((entry: unknown) => listOf(ownValue(entry, 'player'))) : defaultUpdates(model);
  const everNamed = new Set(named.flat());
  const labels = labelsOf(named);
  return named.map((names, i) => ({ label: labels[i] ?? '', parts: partsOf(model, names, everNamed) }));
};

export const updatesOf = (built: BuiltExperiment, { training }: Experiment): readonly UpdateSpec[] => {
  const entries = training.updates ?? defaultUpdates(built.model.component).map(plain);
  const names = updateNames(training, built.model.component);
  return entries.map((entry, i) => ({
    ...(names[i] ?? { label: '', parts: [] }),
    steps: entry.steps,
    isFresh: entry.batch === null ? i === 0 : entry.batch === 'fresh',
    accumulate: entry.accumulate,
    optimizer: (built.updateOptimizers.get(i) ?? built.optimizer).component,
    clipping: entry.clipping ?? training.clipping ?? noClipping,
    weightClipping: entry.weightClipping,
    weightDecay: entry.weightDecay,
    ema: entry.ema,
  }));
};

/** Whether a variable is below one of the frozen paths. */
export const isFrozen = (freeze: readonly string[], path: string): boolean =>
  freeze.some((frozen) => path === frozen || path.startsWith(`${frozen}/`));

/** Whether every player steps, none that the model does not have, each with something to minimise. */
export const checkUpdates = (training: unknown, model: Placed<'model'>, losses: readonly Placed<'loss'>[]): readonly Fault[] => {
  const { component, type } = model;
  const { players, roles = {} } = component;
  const misfit = (path: Path, message: string, help: string): Fault => ({
    code: 'misfit',
    path,
    at: 'value',
    facts: { component: { kind: 'model', name: type }, message, help },
  });
  const faults: Fault[] = [];
  const known = `Its players: ${players.join(', ')}.`;
  const played = Object.entries(roles).map(([role, by]) => ` ${role} is played by ${by.join(' and ')}, and may step by itself.`);
  const updates = ownValue(training, 'updates');
  const entries: readonly unknown[] = Array.isArray(updates) ? updates : defaultUpdates(component).map(plain);
  const everNamed = new Set(entries.flatMap((entry) => listOf(ownValue(entry, 'player'))));
  const freeze = listOf(ownValue(training, 'freeze') ?? []);
  freeze.forEach((path, i) => {
    if (!players.includes(path.split('/')[0] ?? ''))
      faults.push(misfit(['training', 'freeze', i], `has no player "${path.split('/')[0] ?? ''}" to freeze`, known));
  });
  const steps = ownValue(training, 'steps');
  const epochs = ownValue(training, 'epochs') ?? null;
  if (component.fit === undefined && steps === 0)
    faults.push(misfit(['training', 'steps'], 'is trained, and training has no steps', 'Say how many: `steps: 1000`, or `epochs: 10`.'));
  if (component.fit !== undefined && ((steps ?? null) !== 0 || epochs !== null))
    faults.push(misfit(['training'], 'is fitted by a formula, and not in steps', 'Write `training: { steps: 0 }`.'));
  if (component.fit !== undefined && Array.isArray(updates))
    faults.push(misfit(['training', 'updates'], 'is fitted by a formula, and has no players', 'Take `updates` away.'));
  if (losses.length === 0 && players.some((player) => !freeze.includes(player)))
    faults.push(
      misfit(['losses'], 'has nothing to minimise: there is no loss', 'Add a loss, or freeze all its players (training.freeze).'),
    );
  const stepping = new Set<string>();
  const path: Path = Array.isArray(updates) ? ['training', 'updates'] : ['model'];
  entries.forEach((entry, i) => {
    const at: Path = Array.isArray(updates) ? ['training', 'updates', i] : ['model'];
    const named = isMap(entry) ? listOf(entry['player']) : [];
    for (const player of named) {
      const acting = playersOf(component, [player]);
      const names = namesFor(component, player, everNamed);
      if (acting.length === 0) faults.push(misfit([...at, 'player'], `has no player "${player}"`, `${known}${played.join('')}`));
      else if (named.indexOf(player) !== named.lastIndexOf(player))
        faults.push(misfit([...at, 'player'], `is told twice of "${player}" in one step`, 'Name each player once.'));
      else if (
        losses.length > 0 &&
        !acting.every((each) => freeze.includes(each)) &&
        !losses.some(({ component: loss }) => loss.terms.some((term) => term.players.some((name) => names.includes(name))))
      )
        faults.push(
          misfit(
            ['losses'],
            `has a player "${player}" with nothing to minimise: no loss has a part for it`,
            'Add a loss for it, or freeze it (training.freeze).',
          ),
        );
      stepping.add(player);
    }
    if (
      isMap(entry) &&
      typeof entry['accumulate'] === 'number' &&
      entry['accumulate'] > 1 &&
      (entry['batch'] ?? (i === 0 ? 'fresh' : 'same')) !== 'fresh'
    )
      faults.push(
        misfit(
          [...at, 'accumulate'],
          'cannot average the gradients of several batches in a step that reads the same batch again',
          'Write `batch: fresh`.',
        ),
      );
  });
  for (const player of players)
    if (!stepping.has(player) && !freeze.includes(player))
      faults.push(
        misfit(path, `has a player "${player}" that steps in no update`, 'Add an update for it, or freeze it (training.freeze).'),
      );
  return faults;
};

/** Losses, metrics and models that read labels, where the data has none. */
export const checkLabels = (
  entries: readonly (Placed<'loss'> | Placed<'metric'>)[],
  { data, offers }: Pick<Facts, 'data' | 'offers'>,
): readonly Fault[] => {
  if (data?.numClasses !== null) return [];
  return entries.flatMap((entry): readonly Fault[] => {
    const needs = 'terms' in entry.component ? entry.component.terms.flatMap((term) => term.needs) : entry.component.needs;
    // What the model does not offer is told about already.
    const isOffered = (need: 'labels' | 'fake.labels'): boolean => offers.includes(need) || (need === 'labels' && entry.kind === 'metric');
    if (!needs.some((need) => (need === 'labels' || need === 'fake.labels') && isOffered(need))) return [];
    const facts = {
      component: { kind: entry.kind, name: entry.type },
      message: 'needs labels, and the data has none',
      help: 'Take data with labels, or leave it out.',
    };
    return [{ code: 'misfit', path: entry.path, at: 'value', facts }];
  });
};
