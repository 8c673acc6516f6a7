/** A completion script for bash 3.2 and later. */
import type { CommandWords, Source, Words } from './words.js';

const fill = (source: Source): string => {
  switch (source.kind) {
    case 'words':
      return `_latentlab_words "${source.words.join(' ')}"`;
    case 'files':
      return `_latentlab_files ${source.extensions.join(' ')}`;
    case 'folders':
      return '_latentlab_files';
    case 'components':
      return '_latentlab_components';
    case 'nothing':
      return ':';
  }
};

const valueCases = ({ name, options }: CommandWords): readonly string[] =>
  options.flatMap(({ flags, value }) =>
    value === null ? [] : [`    ${flags.map((flag) => `'${name} ${flag}'`).join(' | ')}) ${fill(value)} ; return ;;`],
  );

const argumentCases = ({ name, args }: CommandWords): readonly string[] =>
  args.map(({ source, variadic }, at) => `    '${name} '${variadic ? '*' : String(at)}) ${fill(source)} ;;`);

const flagsOf = (options: CommandWords['options']): string => options.flatMap(({ flags }) => flags).join(' ');

export const bashScript = ({ options, commands, components }: Words): string => {
  const taking = commands.flatMap(({ name, options: own }) =>
    own.filter(({ value }) => value !== null).flatMap(({ flags }) => flags.map((flag) => `'${name} ${flag}'`)),
  );
  return `# Completion of latentlab for bash. In ~/.bashrc: eval "$(latentlab completion bash)"
_latentlab_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }

# Files with one of these extensions, and folders on the way to them.
_latentlab_files() {
  local IFS=$'\\n' extension
  compopt -o filenames 2> /dev/null
  COMPREPLY=($(compgen -d -- "$cur"))
  for extension in "$@"; do COMPREPLY+=($(compgen -f -X "!*.$extension" -- "$cur")); done
}

_latentlab_components() {
  case $first in
${[...components].map(([kind, names]) => `    ${kind}) _latentlab_words "${names.join(' ')}" ;;`).join('\n')}
  esac
}

_latentlab() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command='' first='' at=0 i word
  COMPREPLY=()
  # Bash makes a word of an equals sign.
  [ "$prev" = = ] && prev=\${COMP_WORDS[COMP_CWORD-2]}
  [ "$cur" = = ] && cur=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$command $word" in
      ${taking.join(' | ')}) ((i++)) ;;
      *' =') ((i++)) ;;
      *' '-*) ;;
      ' '*) command=$word ;;
      *) [ "$at" = 0 ] && first=$word; at=$((at + 1)) ;;
    esac
  done
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command $cur" in
    ' '-*) _latentlab_words "${flagsOf(options)}" ; return ;;
${commands.map(({ name, options: own }) => `    '${name} '-*) _latentlab_words "${flagsOf(own)}" ; return ;;`).join('\n')}
  esac
  case "$command $at" in
    ' 0') _latentlab_words "${commands.map(({ name }) => name).join(' ')}" ;;
${commands.flatMap(argumentCases).join('\n')}
  esac
}
complete -F _latentlab latentlab
`;
};
