/** Columns of metrics.csv that training itself fills: losses, learning rates and what players are measured by, without a split. */
import type { Column } from '../../registry/contracts/index.js';

/**
 * Whether training may have a column of this name: `loss`, `loss.<term>`, `learning-rate`, or a figure of an update such as
 * `discriminator.gradient-norm`, which begins with the name of a player. For experiments whose losses or updates have a fault, so that
 * nobody knows what they are.
 */
export const mayBeOfTraining = (name: string, players: readonly string[]): boolean => {
  if (name === 'loss' || name === 'learning-rate' || name.startsWith('loss.')) return true;
  return players.some((player) => name.startsWith(player)) && /\.(?:loss|gradient-norm|learning-rate)$/u.test(name);
};

/** Its title is its name; what loss terms are counted in differs, so it has no unit. */
export const trainingColumn = (name: string): Column => ({ name, unit: '', title: name });
