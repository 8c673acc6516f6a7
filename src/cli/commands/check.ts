/** `latentlab check FILE|DIR...`: reads experiments without running them, and says all that is wrong with them. */
import { changesOf, type ChangeOptions } from '../changes.js';
import type { Io } from '../io.js';
import { ConfigError, formatWarnings } from '../../registry/errors.js';
import { githubCommand, reportFault } from '../../registry/fault-report.js';
import type { LocatedFault } from '../../registry/faults.js';
import type { Registry } from '../../registry/registry.js';
import { lookForFiles } from '../../runner/config/find-files.js';
import type { LoadedExperiment } from '../../runner/config/load.js';
import { counted } from '../../runner/output/console-texts.js';
import { visitRuns } from '../../runner/sweep/runs.js';

const summary = ({ experiment: { data, model, losses, training } }: LoadedExperiment): string => {
  const length = training.epochs === null ? counted(training.steps ?? 0, 'step') : counted(training.epochs, 'epoch');
  if (losses.length === 0) return `${model.type} on ${data.type}, fitted by a formula`;
  return `${model.type} on ${data.type}, ${losses.map(({ type }) => type).join(' + ')}, ${length}`;
};

/** How faults are printed: for people, for programs, or as notes of GitHub's runners. */
export const faultFormats = ['text', 'json', 'github'] as const;

export interface CheckOptions extends ChangeOptions {
  readonly format: (typeof faultFormats)[number];
}

/** A run of a file: what it is. */
interface CheckedRun {
  readonly isVariant: boolean;
  readonly text: string;
}

/** All runs in a line: what they have in common, or the first of them. */
const summarize = (runs: readonly CheckedRun[]): string => {
  const [first = { isVariant: false, text: '' }] = runs;
  if (!first.isVariant) return first.text;
  return `${counted(runs.length, 'run')}${runs.every(({ text }) => text === first.text) ? '' : ', such as'}: ${first.text}`;
};

interface Checked {
  readonly file: string;
  readonly summary: string;
  readonly faults: readonly LocatedFault[];
  readonly warnings: readonly LocatedFault[];
}

const print: Record<CheckOptions['format'], (checked: Checked, io: Io) => void> = {
  text: ({ file, summary: words, faults, warnings }, io) => {
    if (faults.length === 0) io.out(`ok  ${file}  (${words})`);
    else io.err(`${new ConfigError(faults).message}\n`);
    if (warnings.length > 0) io.err(`${formatWarnings(warnings)}\n`);
  },
  json: ({ file, faults, warnings }, io) => {
    io.out(JSON.stringify({ file, ok: faults.length === 0, faults: faults.map(reportFault), warnings: warnings.map(reportFault) }));
  },
  github: ({ faults, warnings }, io) => {
    for (const fault of faults) io.out(githubCommand(fault));
    for (const warning of warnings) io.out(githubCommand(warning, 'warning'));
  },
};

/** Checks every file, and every run of each, whatever is wrong with the others. Exit code: 0, or 2 if a file is wrong or none is given. */
export const runCheck = async (inputs: readonly string[], options: CheckOptions, io: Io, registry: Registry): Promise<number> => {
  if (inputs.length === 0) {
    io.err('Which files? Such as: latentlab check configs/quickstart.yaml');
    return 2;
  }
  const { files, faults: missing } = await lookForFiles(inputs);
  const wrong: (readonly LocatedFault[])[] = [];
  const tell = (checked: Checked): void => {
    print[options.format](checked, io);
    if (checked.faults.length > 0) wrong.push(checked.faults);
  };
  const how = { registry, ...changesOf(options) };
  for (const file of files) {
    const { results, error, warnings } = await visitRuns(file, how, (loaded): CheckedRun => {
      return { isVariant: loaded.variant !== null, text: summary(loaded) };
    });
    tell({ file, summary: summarize(results), faults: error?.faults ?? [], warnings });
  }
  for (const fault of missing)
    tell({ file: fault.place.kind === 'file' ? fault.place.file : '', summary: '', faults: [fault], warnings: [] });
  if (wrong.length > 0 && options.format === 'text') io.err(`${counted(wrong.flat().length, 'fault')} in ${counted(wrong.length, 'file')}`);
  return wrong.length > 0 ? 2 : 0;
};
