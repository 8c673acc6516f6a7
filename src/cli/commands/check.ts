/** `latentlab check FILE...`: reads experiments without running them, and says all that is wrong with them. */
import type { Io } from '../io.js';
import { ConfigError } from '../../registry/errors.js';
import type { Registry } from '../../registry/registry.js';
import { loadExperiment, type LoadedExperiment } from '../../runner/config/load.js';

const summary = ({ experiment: { data, model, losses, training } }: LoadedExperiment): string => {
  const length = training.epochs === null ? `${training.steps} steps` : `${training.epochs} epochs`;
  return `${model.type} on ${data.type}, ${losses.map(({ type }) => type).join(' + ')}, ${length}`;
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Checks every file, whatever is wrong with the others. Exit code: 0, or 2 if a file is wrong or none is given. */
export const runCheck = async (files: readonly string[], io: Io, registry: Registry): Promise<number> => {
  if (files.length === 0) {
    io.err('Which files? Such as: latentlab check configs/quickstart.yaml');
    return 2;
  }
  let numFaults = 0;
  let numBad = 0;
  for (const file of files) {
    try {
      io.out(`ok  ${file}  (${summary(await loadExperiment(file, { registry }))})`);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      io.err(`${error.message}\n`);
      numFaults += error.faults.length;
      numBad += 1;
    }
  }
  if (numBad > 0) io.err(`${count(numFaults, 'fault')} in ${count(numBad, 'file')}`);
  return numBad > 0 ? 2 : 0;
};
