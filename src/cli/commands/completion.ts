/** `latentlab completion SHELL`: prints the script that completes commands, options, files and names of components. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Registry } from '../../registry/registry.js';
import { bashScript } from '../completion/bash.js';
import { fishScript } from '../completion/fish.js';
import { wordsOf, type Words } from '../completion/words.js';
import { zshScript } from '../completion/zsh.js';
import type { Io } from '../io.js';

export type Shell = 'bash' | 'zsh' | 'fish';

const scripts: Readonly<Record<Shell, (words: Words) => string>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

export const printCompletion = (shell: Shell, program: CommandUnknownOpts, io: Io, registry: Registry): void => {
  io.out(scripts[shell](wordsOf(program, registry)).trimEnd());
};
