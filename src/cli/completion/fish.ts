/** A completion script for fish. */
import type { CommandWords, Source, Words } from './words.js';

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const proposals = (source: Source): string | null => {
  switch (source.kind) {
    case 'words':
      return source.words.join(' ');
    case 'files':
      return source.extensions.map((extension) => `(__fish_complete_suffix .${extension})`).join(' ');
    case 'folders':
      return '(__fish_complete_directories)';
    case 'components':
    case 'nothing':
      return null;
  }
};

const commandLines = ({ name, options, args }: CommandWords, components: Words['components']): readonly string[] => {
  const line = (condition: string, rest: string): string => `complete -c latentlab -n ${quote(condition)} ${rest}`;
  const inCommand = `__fish_seen_subcommand_from ${name}`;
  const flags = options.map(({ flags: forms, description, value }) => {
    const spelt = forms.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
    const words = value === null ? null : proposals(value);
    const taken = value === null ? '' : ` -x${words === null ? '' : ` -a ${quote(words)}`}`;
    return line(inCommand, `${spelt} -d ${quote(description)}${taken}`);
  });
  const values = args.flatMap(({ source, variadic }, at): readonly string[] => {
    // Files are offered anywhere: the values of options cannot be told from arguments here.
    const isAnywhere = variadic || source.kind === 'files' || source.kind === 'folders';
    const here = isAnywhere ? inCommand : `${inCommand}; and __latentlab_argument ${String(at)}`;
    if (source.kind === 'components')
      return [...components].map(([kind, names]) =>
        line(`${here}; and __fish_seen_subcommand_from ${kind}`, `-a ${quote(names.join(' '))}`),
      );
    const words = proposals(source);
    return words === null ? [] : [line(here, `-k -a ${quote(words)}`)];
  });
  return [...flags, ...values];
};

export const fishScript = ({ commands, components }: Words): string => `# Completion of latentlab for fish:
# latentlab completion fish > ~/.config/fish/completions/latentlab.fish

# Whether so many arguments stand between the command and the cursor, options apart.
function __latentlab_argument
  set -l words (commandline -opc | string match -v -- '-*')
  test (math (count $words) - 2) -eq $argv[1]
end

complete -c latentlab -f
${commands.map(({ name, summary }) => `complete -c latentlab -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`).join('\n')}
${commands.flatMap((command) => commandLines(command, components)).join('\n')}
`;
