/** Columns of metrics.csv that training itself fills: losses, learning rates and what players are measured by, without a split. */
import type { Column, HistoryRow } from '../../registry/contracts/index.js';

/**
 * Whether training may have a column of this name: `loss`, `loss.<term>`, `learning-rate`, or a figure of an update such as
 * `discriminator.gradient-norm`. An update begins with the name of a player; which losses and updates there are is known only when
 * training has begun.
 */
export const mayBeOfTraining = (name: string, players: readonly string[]): boolean => {
  if (name === 'loss' || name === 'learning-rate' || name.startsWith('loss.')) return true;
  return players.some((player) => name.startsWith(player)) && /\.(?:loss|gradient-norm|learning-rate)$/u.test(name);
};

/** Its title is its name; what loss terms are counted in differs, so it has no unit. */
export const trainingColumn = (name: string): Column => ({ name, unit: '', title: name });

/** @throws Error where training has no such column. */
export const checkTrainingColumns = (columns: readonly Column[], [row]: readonly HistoryRow[]): void => {
  if (row === undefined) return;
  const known = Object.keys(row).filter((name) => !/^(epoch|step)$|^(train|validation)\./u.test(name));
  const unknown = columns.find(({ name }) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`metrics.csv has no column "${unknown.name}"; those of training are ${known.join(', ')}`);
};
