/** `latentlab init [NAME|FILE]`: writes a commented experiment to begin with. Asks for what no flag says, where somebody can answer. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../../registry/errors.js';
import type { Registry } from '../../registry/registry.js';
import { shellWord } from '../../registry/shell-word.js';
import { suggest } from '../../registry/suggest.js';
import { nameFromFile } from '../../runner/config/experiment.js';
import { loadExperiment } from '../../runner/config/load.js';
import type { Io } from '../io.js';
import { modelineFor } from '../modeline.js';
import { writeOutput } from '../write-output.js';
import { scaffold, scaffoldedModels, usualLatent } from '../scaffold.js';
import type { Ask } from '../terminal.js';

export interface InitRequest {
  /** A file, or the name of the experiment, whose file is made here. */
  readonly target?: string;
  readonly model?: string;
  readonly data?: string;
  readonly latent?: string;
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
}

/** The user has closed the terminal in place of an answer. */
class Cancelled extends Error {}
/** What was asked for, or answered, cannot be. */
class Refused extends Error {}

interface Question<T> {
  readonly text: string;
  readonly usual: string;
  /** @throws Refused */
  readonly read: (answer: string) => T;
}

const oneOf =
  (noun: string, known: readonly string[]) =>
  (word: string): string => {
    if (known.includes(word)) return word;
    const suggestion = suggest(word, known);
    const hint = suggestion === null ? '.' : `; did you mean ${JSON.stringify(suggestion)}?`;
    throw new Refused(`There is no ${noun} ${JSON.stringify(word)}${hint} Known: ${known.join(', ')}.`);
  };

const size = (word: string): number => {
  const value = Number(word);
  if (word !== '' && Number.isInteger(value) && value > 0) return value;
  throw new Refused(`The latent size must be a whole number from 1 on, and ${JSON.stringify(word)} is none.`);
};

/** The flag's value, else an answer, else what is usual. */
const settle = async <T>({ text, usual, read }: Question<T>, flag: string | undefined, ask: Ask | null, io: Io): Promise<T> => {
  if (flag !== undefined || ask === null) return read(flag ?? usual);
  for (;;) {
    const answer = await ask(`${text} [${usual}]: `);
    if (answer === null) throw new Cancelled();
    try {
      return read(answer === '' ? usual : answer);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      io.out(error.message);
    }
  }
};

interface Choice {
  readonly model: string;
  readonly data: string;
  readonly latent: number | null;
}

const choose = async (request: InitRequest, io: Io, registry: Registry, ask: Ask | null): Promise<Choice> => {
  const datasets = registry.names('dataset');
  const model = await settle(
    { text: `Model (${scaffoldedModels.join(', ')})`, usual: 'vae', read: oneOf('model', scaffoldedModels) },
    request.model,
    ask,
    io,
  );
  const data = await settle(
    { text: `Data (${datasets.join(', ')})`, usual: 'mnist-10k', read: oneOf('dataset', datasets) },
    request.data,
    ask,
    io,
  );
  const usual = usualLatent(registry, model, data);
  if (usual === null) {
    if (request.latent !== undefined) throw new Refused(`The model "${model}" has no codes, so --latent says nothing.`);
    return { model, data, latent: null };
  }
  const latent = await settle({ text: 'Latent size', usual: String(usual), read: size }, request.latent, ask, io);
  return { model, data, latent };
};

const write = async (file: string, text: string, force: boolean): Promise<void> => {
  if (!force && existsSync(file)) throw new Refused(`${file} is there already and was left as it is. Choose another name, or add --force.`);
  const obstacle = await writeOutput(file, text, force ? 'w' : 'wx');
  if (obstacle !== null) throw new Refused(obstacle);
};

/** What does not fit together; null where all is well. */
const faultsOf = async (file: string, registry: Registry): Promise<string | null> => {
  try {
    await loadExperiment(file, { registry });
    return null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
};

/**
 * @param ask Null where nobody can answer: then flags and what is usual decide.
 * @returns Exit code: 0, 2 where nothing could be written or the parts do not fit, 130 where the user has closed the terminal.
 */
export const runInit = async (request: InitRequest, io: Io, registry: Registry, ask: Ask | null): Promise<number> => {
  try {
    const { model, data, latent } = await choose(request, io, registry, ask);
    const target = request.target ?? `my-${model}`;
    const file = /\.ya?ml$/.test(target) ? target : `${target}.yaml`;
    const { line, isPortable } = modelineFor(dirname(file));
    await write(file, scaffold(registry, { name: nameFromFile(file), model, data, latent, modeline: line }), request.force);
    io.out(`wrote ${file}  (${model} on ${data})`);
    if (!isPortable)
      io.out('  Its first line names the schema by a path of this machine; with latentlab installed in the project, it would not.');
    const faults = await faultsOf(file, registry);
    if (faults !== null) {
      io.err(`\nThe parts do not fit together yet:\n${faults}`);
      return 2;
    }
    io.out(`  look through it:  latentlab check ${shellWord(file)}`);
    io.out(`  train it:         latentlab run ${shellWord(file)}`);
    return 0;
  } catch (error) {
    if (error instanceof Cancelled) {
      io.err('\nnothing was written');
      return 130;
    }
    if (!(error instanceof Refused)) throw error;
    io.err(`latentlab: ${error.message}`);
    return 2;
  }
};
