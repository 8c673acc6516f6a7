/** Who minimises what: the terms of the losses by player, and the columns that they make. */
import type { Loss, LossTerm, Model, Schedule } from '../../registry/contracts/index.js';
import type { UpdateSpec } from './plan-round.js';

export interface WeightedLoss {
  readonly name: string;
  readonly weight: Schedule;
  readonly loss: Loss;
}

/** A term of a loss, with the name of its column. */
export interface NamedTerm {
  readonly loss: WeightedLoss;
  readonly term: LossTerm;
  readonly column: string;
}

type Cast = Pick<Model, 'players' | 'roles'>;

/** The players that a term's names stand for. */
export const playersOf = ({ players, roles = {} }: Cast, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => (players.includes(name) ? [name] : (roles[name] ?? [])));

/** A player in an update, and the names by which losses speak of it there: its own, or those of roles that it has. */
export interface Part {
  readonly player: string;
  readonly names: readonly string[];
}

/** The terms that are addressed to one of these names, loss by loss. */
export const termsOf = (losses: readonly WeightedLoss[], names: readonly string[]): readonly (readonly NamedTerm[])[] =>
  losses.map((loss) =>
    loss.loss.terms
      .filter((term) => term.players.some((name) => names.includes(name)))
      .map((term) => ({ loss, term, column: lossColumn(loss.name) })),
  );

const lossColumn = (name: string): string => `loss.${name}`;

/** How the figures of an update are called in metrics.csv. */
export interface UpdateColumns {
  readonly total: string;
  readonly learningRate: string;
  /** Null where there is one update, whose gradients nobody compares. */
  readonly gradientNorm: string | null;
  /** Of the part that this update minimises of a loss. */
  readonly term: (loss: string) => string;
  /** All but the learning rate, in their order for life. */
  readonly all: readonly string[];
}

/**
 * With one update: `loss`, `loss.<name>`, `learning-rate`. With several: `<players>.loss`, `<players>.gradient-norm`,
 * `<players>.learning-rate`, and `loss.<name>`, to which the players are added if more than one update has a part in that loss.
 */
export const columnsOf = (
  losses: readonly WeightedLoss[],
  updates: readonly Pick<UpdateSpec, 'label' | 'parts'>[],
): readonly UpdateColumns[] => {
  const namesOf = (parts: readonly Part[]): readonly string[] => parts.flatMap(({ names }) => names);
  const parts = updates.map((update) => termsOf(losses, namesOf(update.parts)).flatMap((terms, i) => (terms.length > 0 ? [i] : [])));
  const isSplit = (loss: number): boolean => parts.filter((mine) => mine.includes(loss)).length > 1;
  return updates.map(({ label }, u) => {
    const isOnly = updates.length === 1;
    const splitNames = new Set(losses.filter((_, i) => isSplit(i)).map(({ name }) => name));
    const term = (name: string): string => (splitNames.has(name) ? `${lossColumn(name)}.${label}` : lossColumn(name));
    const total = isOnly ? 'loss' : `${label}.loss`;
    const gradientNorm = isOnly ? null : `${label}.gradient-norm`;
    const mine = (parts[u] ?? []).flatMap((i) => losses[i]?.name ?? []);
    return {
      total,
      gradientNorm,
      learningRate: isOnly ? 'learning-rate' : `${label}.learning-rate`,
      term,
      all: [total, ...(gradientNorm === null ? [] : [gradientNorm]), ...mine.map(term)],
    };
  });
};

/** All that training writes, in its order for life: figures of the updates, then their learning rates. */
export const trainingColumns = (updates: readonly UpdateColumns[]): readonly string[] => [
  ...new Set(updates.flatMap(({ all }) => all)),
  ...updates.map(({ learningRate }) => learningRate),
];
