/** Commands around the program: for authors of plug-ins, for this machine, for the shell. */
import { Argument, type Command } from '@commander-js/extra-typings';
import { processIo } from '../io.js';

export const declareVerify = (program: Command): void => {
  program
    .command('verify')
    .summary('Try the components of a plug-in on what their kinds promise.')
    .description(
      'Loads a plug-in and tries each of its components: documentation and schema, the same results for the same seed and on `cpu` and `onnx`, ' +
        'gradients against finite differences, tensors left behind, saved weights, and what holds for its kind.',
    )
    .argument('<plugin>', 'A file such as ./my-components.js, or the name of an installed package.')
    .option('--verbose', 'Print every check, not only those that failed.', false)
    .option('--json', 'Print JSON.', false)
    .addHelpText(
      'after',
      '\nExample:\n  latentlab verify ./my-components.js\n\nExit codes: 0 all hold, 1 a check failed, 2 the plug-in cannot be loaded.',
    )
    .action(async (plugin, options) => {
      const { runVerify } = await import('../commands/verify.js');
      process.exitCode = await runVerify(plugin, options, processIo);
    });
};

export const declareDoctor = (program: Command): void => {
  program
    .command('doctor')
    .summary('Say what works on this machine.')
    .description('Shows versions, which engines work here and why others do not, and where data is looked for.')
    .option('--json', 'Print JSON.', false)
    .addHelpText('after', '\nExample:\n  latentlab doctor')
    .action(async ({ json }) => {
      const { runDoctor } = await import('../commands/doctor.js');
      process.exitCode = await runDoctor(processIo, json);
    });
};

export const declareCompletion = (program: Command): void => {
  program
    .command('completion')
    .summary('Print the script that completes words in a shell.')
    .description('Prints a script that completes commands, options, experiment files, kinds and names of components.')
    .addArgument(new Argument('<shell>', 'Which shell.').choices(['bash', 'zsh', 'fish'] as const))
    .addHelpText(
      'after',
      `
Examples:
  eval "$(latentlab completion bash)"                                     # in ~/.bashrc
  source <(latentlab completion zsh)                                      # in ~/.zshrc, after compinit
  latentlab completion fish > ~/.config/fish/completions/latentlab.fish   # once`,
    )
    .action(async (shell) => {
      const { printCompletion } = await import('../commands/completion.js');
      const { createRegistry } = await import('../../runner/registry.js');
      printCompletion(shell, program, processIo, createRegistry());
    });
};
