/** Commands that write, read and explain experiment files, without training anything. */
import { Option, type Command } from '@commander-js/extra-typings';
import { setFileOption, setOption, unsetOption } from '../changes.js';
import { processIo } from '../io.js';
import { usageError } from './values.js';

export const declareInit = (program: Command): void => {
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
      const { runInit } = await import('../commands/init.js');
      const { openTerminal } = await import('../terminal.js');
      const { createRegistry } = await import('../../runner/registry.js');
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
};

export const declareCheck = (program: Command): void => {
  program
    .command('check')
    .summary('Find every mistake in experiment files, without running them.')
    .description(
      'Checks experiment files: syntax, names, parameters, and what does not fit together, in every run of a sweep. Loads no data and no engine.',
    )
    .argument('<files...>', 'Experiments, folders of them, or patterns in quotes.')
    .addOption(setOption)
    .addOption(setFileOption)
    .addOption(unsetOption)
    .addOption(
      new Option('-f, --format <format>', 'How mistakes are printed: for people, as a line of JSON a file, or as notes of GitHub Actions.')
        .choices(['text', 'json', 'github'] as const)
        .default('text' as const),
    )
    .addHelpText(
      'after',
      `
Examples:
  latentlab check configs/quickstart.yaml
  latentlab check configs --format github
  latentlab check vae.yaml --set model.latent=2

Exit codes: 0, 2 a file or the arguments are wrong.`,
    )
    .action(async (files, options) => {
      const { runCheck } = await import('../commands/check.js');
      const { createRegistry } = await import('../../runner/registry.js');
      process.exitCode = await runCheck(files, options, processIo, createRegistry());
    });
};

export const declareConfig = (program: Command): void => {
  program
    .command('config')
    .summary('Print an experiment as it is run: composed, with all defaults.')
    .description(
      'Prints the experiment that a file stands for, with what it extends, references and defaults filled in, as YAML that runs identically. ' +
        'Save it beside the file where it names plug-ins by relative paths.',
    )
    .argument('<file>', 'An experiment.')
    .addOption(setOption)
    .addOption(setFileOption)
    .addOption(unsetOption)
    .option('--variant <name>', 'Which run, of a file with `sweep` or `seeds`.')
    .option('--origins', 'Say behind each value who set it.', false)
    .addHelpText(
      'after',
      '\nExamples:\n  latentlab config configs/quickstart.yaml --origins\n  latentlab config vae.yaml --set seed=3 > seed-3.yaml',
    )
    .action(async (file, options) => {
      const { runConfig } = await import('../commands/config.js');
      const { createRegistry } = await import('../../runner/registry.js');
      process.exitCode = await runConfig(file, options, processIo, createRegistry());
    });
};

export const declareExplain = (program: Command): void => {
  program
    .command('explain')
    .summary('Say who set a value, what it took the place of, and what may stand there.')
    .description(
      'Without a path: every value of the resolved experiment, with the line, argument or default that it comes from. ' +
        'With a path: one value, what it overrode, its type, range, default and meaning.',
    )
    .argument('<file>', 'An experiment.')
    .argument('[path]', 'A place in it, such as model.latent or losses[1].weight.')
    .addOption(setOption)
    .addOption(setFileOption)
    .addOption(unsetOption)
    .option('--variant <name>', 'Which run, of a file with `sweep` or `seeds`.')
    .option('--json', 'Print JSON.', false)
    .addHelpText(
      'after',
      '\nExamples:\n  latentlab explain configs/quickstart.yaml\n  latentlab explain configs/quickstart.yaml training.optimizer',
    )
    .action(async (file, path, options) => {
      const { runExplain } = await import('../commands/explain.js');
      const { createRegistry } = await import('../../runner/registry.js');
      process.exitCode = await runExplain(file, path ?? null, options, processIo, createRegistry());
    });
};

export const declareDiff = (program: Command): void => {
  program
    .command('diff')
    .summary('Compare two experiments or runs by what they mean.')
    .description(
      'Resolves both, and prints the values that differ, with who set them. Comments, the order of keys, defaults that are written out, ' +
        'names and descriptions make no difference.',
    )
    .argument('<a>', "An experiment, or a run's folder.")
    .argument('<b>', 'Another one.')
    .option('--json', 'Print JSON: a list of path, a and b.', false)
    .addHelpText(
      'after',
      '\nExamples:\n  latentlab diff configs/seed/vae-2d.yaml configs/seed/vae-20d.yaml\n\nExit codes: 0 they mean the same, 1 they differ, 2 one is wrong.',
    )
    .action(async (a, b, options) => {
      const { runDiff } = await import('../commands/diff.js');
      const { createRegistry } = await import('../../runner/registry.js');
      process.exitCode = await runDiff(a, b, options, processIo, createRegistry());
    });
};

export const declarePlan = (program: Command): void => {
  program
    .command('plan')
    .summary('Say what a run will compute, take and leave, and whether it can.')
    .description(
      'Follows shapes through every component without training anything, and prints parameters, memory, steps, cost, an estimate of the time, ' +
        'and the files that a run will write. A component that gives another shape than is asked for is told at its line.',
    )
    .argument('<files...>', 'Experiments, folders of them, or patterns in quotes.')
    .addOption(setOption)
    .addOption(setFileOption)
    .addOption(unsetOption)
    .option('--variant <name>', 'Which run, of a file with `sweep` or `seeds`; all of them if absent.')
    .option('--verbose', 'Print every variable.', false)
    .option('--json', 'Print JSON: a list with one plan a run.', false)
    .addHelpText(
      'after',
      `
Examples:
  latentlab plan configs/quickstart.yaml
  latentlab plan vae.yaml --set model.latent=2 --verbose
  latentlab plan configs/gans
  latentlab plan configs/sweeps/encoders.yaml

Exit codes: 0, 1 data cannot be read, 2 an experiment or the arguments are wrong.`,
    )
    .action(async (files, options) => {
      const { runPlan } = await import('../commands/plan.js');
      const { createRegistry } = await import('../../runner/registry.js');
      process.exitCode = await runPlan(files, options, processIo, createRegistry());
    });
};

export const declareComponents = (program: Command): void => {
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
      const { runComponents } = await import('../commands/components.js');
      const { withPlugins } = await import('../plugins.js');
      const { createRegistry } = await import('../../runner/registry.js');
      const registry = await withPlugins(createRegistry(), plugins === undefined ? {} : { plugins }, processIo);
      process.exitCode =
        registry === null
          ? usageError
          : runComponents({ ...(kind === undefined ? {} : { kind }), ...(name === undefined ? {} : { name }), json }, processIo, registry);
    });
};

export const declareSchema = (program: Command): void => {
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
      const { runSchema } = await import('../commands/schema.js');
      const { createRegistry } = await import('../../runner/registry.js');
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
};
