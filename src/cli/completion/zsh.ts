/** A completion script for zsh. */
import type { CommandWords, OptionWords, Source, Words } from './words.js';

/** In single quotes; `:` and brackets have a meaning for _arguments. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const escape = (text: string): string => text.replaceAll(/[\\:[\]]/g, '\\$&');

const action = (source: Source): string => {
  switch (source.kind) {
    case 'words':
      return `(${source.words.join(' ')})`;
    case 'files':
      return `_files -g "*.(${source.extensions.join('|')})"`;
    case 'folders':
      return '_files -/';
    case 'components':
      return '_latentlab_components';
    case 'nothing':
      return ' ';
  }
};

const option = ({ flags, description, value }: OptionWords): string => {
  const rest = quote(`[${escape(description)}]${value === null ? '' : `:value:${action(value)}`}`);
  return flags.length === 1 ? `${flags.join('')}${rest}` : `{${flags.join(',')}}${rest}`;
};

const commandCase = ({ name, options, args }: CommandWords): string => {
  const specs = [
    ...options.map(option),
    ...args.map(({ name: word, source, variadic }, at) => quote(`${variadic ? '*' : String(at + 1)}:${escape(word)}:${action(source)}`)),
  ];
  return `        ${name}) _arguments ${specs.join(' \\\n          ')} ;;`;
};

export const zshScript = ({ options, commands, components }: Words): string => `#compdef latentlab
# Completion of latentlab for zsh. In ~/.zshrc, after compinit: source <(latentlab completion zsh)
_latentlab_components() {
  case \${words[(r)(${[...components.keys()].join('|')})]} in
${[...components].map(([kind, names]) => `    ${kind}) compadd -- ${names.join(' ')} ;;`).join('\n')}
  esac
}

_latentlab() {
  local curcontext=$curcontext state line
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${escape(summary)}`)}`).join('\n')}
  )
  _arguments -C ${options.map(option).join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
}

# Read as a function from $fpath it completes, sourced it announces itself.
if [[ $funcstack[1] = _latentlab ]]; then _latentlab "$@"; else compdef _latentlab latentlab; fi
`;
