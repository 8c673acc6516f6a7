/** Options that change the experiment of a file, the same for all commands that take them. */
import { Option } from '@commander-js/extra-typings';
import type { Arguments } from '../runner/config/overrides.js';
import { collect } from './declarations/values.js';

export interface ChangeOptions {
  readonly set: readonly string[];
  readonly setFile: readonly string[];
  readonly unset: readonly string[];
}

const none: readonly string[] = [];

export const setOption = new Option(
  '-s, --set <path=value>',
  'Override a value of the file, such as model.latent=2; may be given several times.',
)
  .argParser(collect)
  .default(none, 'none');
export const setFileOption = new Option(
  '--set-file <path=file>',
  'Take a value from a YAML file; without a path the file is put over the whole experiment. May be given several times.',
)
  .argParser(collect)
  .default(none, 'none');
export const unsetOption = new Option('--unset <path>', 'Take a value away, so that its default holds; may be given several times.')
  .argParser(collect)
  .default(none, 'none');

export const changesOf = ({ set, setFile, unset }: ChangeOptions): Arguments => ({ overrides: set, overlays: setFile, removals: unset });
