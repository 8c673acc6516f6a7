#!/usr/bin/env node
/** The command line: arguments in, exit code out. Each command is loaded when it is called. */
import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { packageVersion } from '../runner/version.js';
import { processIo } from './io.js';

/** The config or the arguments are wrong. */
const usageError = 2;

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It is a whole number from ${String(least)} on.`);
    return value;
  };

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It is a number above 0.');
  return value;
};

const program = new Command('latentlab')
  .description('Experiments with deep generative models: a YAML file in; a trained model, CSV and pictures out.')
  .version(packageVersion, '-v, --version', 'Print the version.')
  .helpOption('-h, --help', 'Print this help.')
  .helpCommand('help [command]', 'Print the help of a command.')
  .showHelpAfterError('(--help says what there is)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  latentlab run configs/quickstart.yaml
  latentlab run vae.yaml --set model.latent=2 --set training.epochs=5
  latentlab check configs/*.yaml
  latentlab plan configs/quickstart.yaml
  latentlab components encoder mlp`,
  );

program
  .command('init')
  .summary('Write an experiment to begin with.')
  .description(
    'Writes a commented experiment file. On a terminal it asks for what no option says; elsewhere, and with --yes, it takes what is usual. ' +
      'A file that is there is left as it is.',
  )
  .argument('[experiment]', 'Its name, or its file; my-<model> if absent.')
  .option('--model <model>', 'What is trained, such as vae or gan.')
  .option('--data <dataset>', 'What it learns from, such as mnist-10k or gaussian-ring.')
  .option('--latent <size>', 'Dimensions of a code.')
  .option('-y, --yes', 'Ask nothing.', false)
  .option('--force', 'Replace a file that is there.', false)
  .addHelpText('after', '\nExamples:\n  latentlab init\n  latentlab init ring.yaml --model gan --data gaussian-ring --yes')
  .action(async (experiment, { model, data, latent, yes, force }) => {
    const { runInit } = await import('./commands/init.js');
    const { openTerminal } = await import('./terminal.js');
    const { createRegistry } = await import('../runner/registry.js');
    const terminal = yes ? null : openTerminal();
    const request = {
      ...(experiment === undefined ? {} : { target: experiment }),
      ...(model === undefined ? {} : { model }),
      ...(data === undefined ? {} : { data }),
      ...(latent === undefined ? {} : { latent }),
      force,
    };
    try {
      process.exitCode = await runInit(request, processIo, createRegistry(), terminal?.ask ?? null);
    } finally {
      terminal?.close();
    }
  });

program
  .command('run')
  .summary('Train an experiment.')
  .description('Trains the experiment of a YAML file. The run leaves its figures, pictures and weights in a folder of its own.')
  .argument('<file>', 'The experiment.')
  .option('-s, --set <path=value>', 'Override a value of the file; may be given several times.', collect, [])
  .addOption(new Option('-e, --engine <name>', 'What executes the steps.').choices(['auto', 'onnx', 'tensorflow', 'wasm', 'cpu'] as const))
  .option('-o, --out <folder>', 'Where run folders are made.', 'results')
  .option('--resume', 'Go on with the newest run of this very experiment, if there is one.', false)
  .option('-q, --quiet', 'Print errors and the result only.', false)
  .option('--json', 'Print one JSON object a line instead of text.', false)
  .addHelpText(
    'after',
    `
Examples:
  latentlab run configs/quickstart.yaml
  latentlab run vae.yaml --set model.encoder.hidden=[256,256] --set training.optimizer.learningRate=3e-4
  latentlab run vae.yaml --engine cpu --out /tmp/runs --quiet

Exit codes: 0 done, 1 the run failed, 2 the file or the arguments are wrong, 130 interrupted by Ctrl-C,
75 ended by SIGTERM or training.maxMinutes: try again with --resume.`,
  )
  .action(async (file, options) => {
    const { runCommand } = await import('./commands/run.js');
    process.exitCode = await runCommand(file, options, processIo);
  });

program
  .command('resume')
  .summary('Go on with a run that was ended before its time.')
  .description(
    'Goes on from the newest whole checkpoint of a run that was interrupted, killed or failed, with the experiment as it was. On the same ' +
      'machine and engine it leaves what the run would have left undisturbed, byte for byte: figures, weights, pictures.',
  )
  .argument('<run>', 'The folder of the run, as `run` has printed it.')
  .option('-q, --quiet', 'Print errors and the result only.', false)
  .option('--json', 'Print one JSON object a line instead of text.', false)
  .addHelpText(
    'after',
    `
Example:
  latentlab resume results/vae-20d/20261123-061902-a1b2

Exit codes: as of run.`,
  )
  .action(async (run, options) => {
    const { resumeCommand } = await import('./commands/resume.js');
    process.exitCode = await resumeCommand(run, options, processIo);
  });

program
  .command('batch')
  .summary('Train every experiment of a folder.')
  .description(
    'Trains experiments side by side, each in a process of its own: a run that crashes, hangs or takes too much ends alone. What is to be ' +
      'run is written down first, so that files may be edited meanwhile; the same command again goes on where it was ended.',
  )
  .argument('<inputs...>', 'Folders, files, or patterns in quotes.')
  .option('-j, --jobs <n>', 'Runs at a time; one for each core if absent.', wholeNumber(1))
  .option('-o, --out <folder>', 'The folder of the batch; results/batches/<name of the inputs> if absent.')
  .addOption(new Option('--launcher <name>', 'What starts the runs.').choices(['local'] as const).default('local' as const))
  .option('--memory <GiB>', 'What a run may take at most; its share of the machine if absent.', positive)
  .option('--time-limit <minutes>', 'How long a run may take.', positive)
  .option('--hang-after <minutes>', 'A run that gives no sign of life for so long is ended, and tried again.', positive, 15)
  .option('--retries <n>', 'How often a run that crashes is tried again.', wholeNumber(0), 2)
  .option('--backoff <seconds>', 'Time before such an attempt, doubled for each further one.', positive, 2)
  .option('--keep-going', 'Go on with the others when a run fails; this is what it does if nothing else is said.', false)
  .option('--fail-fast', 'Stop all runs when one fails.', false)
  .option('--only-failed', 'Try again what has failed, and nothing else.', false)
  .option('--needed', 'Read the files again, and run what they declare now and is not done.', false)
  .option('--restart', 'Move what is there aside, and begin anew.', false)
  .option('--dry-run', 'Say what would be done.', false)
  .option('-p, --priority <pattern=number>', 'Runs to start earlier (higher numbers) or later; may be given several times.', collect, [])
  .option('-m, --metric <name>', 'A figure for the table at the end; may be given several times.', collect, [])
  .option('-q, --quiet', 'Print failures only.', false)
  .option('--json', 'Print one JSON object a line instead of text.', false)
  .addHelpText(
    'after',
    `
Examples:
  latentlab batch configs/seed
  latentlab batch configs/seed --jobs 2 --time-limit 60
  latentlab batch 'configs/**/vae-*.yaml' --out results/vaes --dry-run
  latentlab batch configs/seed --only-failed

Exit codes: 0 all runs are done, 1 a run failed, 2 files or arguments are wrong (nothing was started), 130 stopped by Ctrl-C,
75 stopped by SIGTERM, or another process is at work on the batch: the same command goes on.`,
  )
  .action(async (inputs, options) => {
    const { batchCommand } = await import('./commands/batch.js');
    process.exitCode = await batchCommand(inputs, options, processIo);
  });

program
  .command('worker')
  .summary('Train the run of a prepared folder; launchers start this.')
  .description('Trains one run of a batch, from its beginning or from its newest checkpoint. A batch starts this for each of its runs.')
  .requiredOption('--run <folder>', "The run's folder.")
  .addHelpText('after', '\nExample:\n  latentlab worker --run results/batches/seed/vae-2d\n\nExit codes: as of run.')
  .action(async ({ run }) => {
    const { workerCommand } = await import('./commands/worker.js');
    process.exitCode = await workerCommand(run, processIo);
  });

program
  .command('status')
  .summary('Say how far runs are.')
  .description('Shows every run below a folder: what it is doing, how far it is, why it failed. At any time, from any shell.')
  .argument('[folder]', 'Of a run, of a batch, or above them.', 'results')
  .option('-a, --all', 'Show all runs, however many.', false)
  .option('--json', 'Print JSON.', false)
  .addHelpText('after', '\nExamples:\n  latentlab status\n  latentlab status results/batches/seed --json')
  .action(async (folder, options) => {
    const { statusCommand } = await import('./commands/status.js');
    process.exitCode = await statusCommand(folder, options, processIo);
  });

program
  .command('logs')
  .summary('Print what a run of a batch has printed.')
  .description("Prints the log of a batch's run: its progress, its errors, and why it was ended.")
  .argument('<run>', "The run's folder.")
  .option('-f, --follow', 'Go on printing until the run has come to its end.', false)
  .addHelpText('after', '\nExample:\n  latentlab logs results/batches/seed/vae-2d -f')
  .action(async (run, options) => {
    const { logsCommand } = await import('./commands/logs.js');
    process.exitCode = await logsCommand(run, options, processIo, (bytes) => process.stdout.write(bytes));
  });

program
  .command('compare')
  .summary('Hold runs against each other.')
  .description(
    'Lists runs with their figures, and for each variant the mean, standard deviation and count over seeds. Variants are held against ' +
      'the first one, or that of --against, by a paired t-test over the seeds that both have.',
  )
  .argument('<folders...>', 'Of runs, of batches, or above them.')
  .option('-m, --metric <name>', 'A column such as test.elbo, or elbo; may be given several times.', collect, [])
  .option('--by <path>', 'Group by a value of the experiment, such as model.latent; may be given several times.', collect, [])
  .option('-w, --where <path=value>', 'Only runs with this value, such as status=done; may be given several times.', collect, [])
  .option('--sort <column>', 'Sort runs by a column; column:desc turns the order round.')
  .option('--against <variant>', 'The variant that others are held against.')
  .addOption(
    new Option('--format <name>', 'How it is written; csv has the runs alone.')
      .choices(['table', 'csv', 'json', 'markdown'] as const)
      .default('table' as const),
  )
  .addHelpText(
    'after',
    `
Examples:
  latentlab compare results/batches/seed
  latentlab compare results --metric elbo --by model.latent --where status=done
  latentlab compare results --sort elbo:desc --format markdown`,
  )
  .action(async (folders, options) => {
    const { compareCommand } = await import('./commands/compare.js');
    process.exitCode = await compareCommand(folders, options, processIo);
  });

program
  .command('check')
  .summary('Find every mistake in experiment files, without running them.')
  .description('Checks experiment files: syntax, names, parameters, and what does not fit together. Loads no data and no engine.')
  .argument('<files...>', 'Experiments.')
  .addHelpText('after', '\nExamples:\n  latentlab check configs/quickstart.yaml\n  latentlab check configs/*/*.yaml')
  .action(async (files) => {
    const { runCheck } = await import('./commands/check.js');
    const { createRegistry } = await import('../runner/registry.js');
    process.exitCode = await runCheck(files, processIo, createRegistry());
  });

program
  .command('plan')
  .summary('Say what a run will compute, take and leave, and whether it can.')
  .description(
    'Follows shapes through every component without training anything, and prints parameters, memory, steps, cost, an estimate of the time, ' +
      'and the files that a run will write. A component that gives another shape than is asked for is told at its line.',
  )
  .argument('<files...>', 'Experiments, or folders of them.')
  .option('-s, --set <path=value>', 'Override a value of the files; may be given several times.', collect, [])
  .option('--verbose', 'Print every variable.', false)
  .option('--json', 'Print JSON: a list with one plan a run.', false)
  .addHelpText(
    'after',
    `
Examples:
  latentlab plan configs/quickstart.yaml
  latentlab plan vae.yaml --set model.latent=2 --verbose
  latentlab plan configs/gans

Exit codes: 0, 1 data cannot be read, 2 an experiment or the arguments are wrong.`,
  )
  .action(async (files, options) => {
    const { runPlan } = await import('./commands/plan.js');
    const { createRegistry } = await import('../runner/registry.js');
    process.exitCode = await runPlan(files, options, processIo, createRegistry());
  });

program
  .command('components')
  .summary('List what an experiment can name, or explain one component.')
  .description(
    'Without arguments: every kind and its components. With a kind: its components. With a kind and a name: parameters, defaults, an example.',
  )
  .argument('[kind]', 'Such as encoder, loss or plot.')
  .argument('[component]', 'Its name, such as mlp.')
  .option('--plugins <modules...>', 'Plug-ins whose components are listed, too.')
  .option('--json', 'Print JSON: descriptions, and params as JSON Schema with types, ranges and defaults.', false)
  .addHelpText(
    'after',
    '\nExamples:\n  latentlab components\n  latentlab components likelihood\n  latentlab components encoder mlp\n' +
      '  latentlab components loss --json --plugins ./my-components.js',
  )
  .action(async (kind, name, { json, plugins }) => {
    const { runComponents } = await import('./commands/components.js');
    const { withPlugins } = await import('./plugins.js');
    const { createRegistry } = await import('../runner/registry.js');
    const registry = await withPlugins(createRegistry(), plugins === undefined ? {} : { plugins }, processIo);
    process.exitCode =
      registry === null
        ? usageError
        : runComponents({ ...(kind === undefined ? {} : { kind }), ...(name === undefined ? {} : { name }), json }, processIo, registry);
  });

program
  .command('schema')
  .summary('Write the JSON Schema of experiment files, for editors.')
  .description(
    'Prints the JSON Schema (draft-07) of everything that an experiment file can say, for completion, documentation and checks in editors. ' +
      'With an experiment: that of its plug-ins, too.',
  )
  .argument('[file]', 'An experiment whose plug-ins are included.')
  .option('-o, --output <json>', 'Write it to this .json file.')
  .option('--plugins <modules...>', 'Plug-ins that are included.')
  .addHelpText(
    'after',
    '\nExamples:\n  latentlab schema --output experiment.schema.json\n  latentlab schema vae.yaml --output vae.schema.json\n' +
      '  latentlab schema --plugins ./my-components.js --output my.schema.json',
  )
  .action(async (file, { output, plugins }) => {
    const { runSchema } = await import('./commands/schema.js');
    const { createRegistry } = await import('../runner/registry.js');
    process.exitCode = await runSchema(
      {
        ...(file === undefined ? {} : { file }),
        ...(output === undefined ? {} : { output }),
        ...(plugins === undefined ? {} : { plugins }),
      },
      processIo,
      createRegistry(),
    );
  });

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
    const { runVerify } = await import('./commands/verify.js');
    process.exitCode = await runVerify(plugin, options, processIo);
  });

program
  .command('doctor')
  .summary('Say what works on this machine.')
  .description('Shows versions, which engines work here and why others do not, and where data is looked for.')
  .option('--json', 'Print JSON.', false)
  .addHelpText('after', '\nExample:\n  latentlab doctor')
  .action(async ({ json }) => {
    const { runDoctor } = await import('./commands/doctor.js');
    process.exitCode = await runDoctor(processIo, json);
  });

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
    const { printCompletion } = await import('./commands/completion.js');
    const { createRegistry } = await import('../runner/registry.js');
    printCompletion(shell, program, processIo, createRegistry());
  });

// `latentlab schema | head`: whoever reads has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  // commander has printed what is wrong with the arguments; help and version end here too, with their code 0.
  const isUsage = error instanceof Error && 'exitCode' in error && 'code' in error && String(error.code).startsWith('commander.');
  if (!isUsage) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : usageError;
}
