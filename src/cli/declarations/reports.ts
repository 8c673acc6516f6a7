/** Commands that read what runs have left. */
import { type Command, Option } from '@commander-js/extra-typings';
import { processIo } from '../io.js';
import { checkpointChoice, collect, wholeNumber } from './values.js';

export const declareStatus = (program: Command): void => {
  program
    .command('status')
    .summary('Say how far runs are.')
    .description('Shows every run below a folder: what it is doing, how far it is, why it failed. At any time, from any shell.')
    .argument('[folder]', 'Of a run, of a batch, or above them.', 'results')
    .option('-a, --all', 'Show all runs, however many.', false)
    .option('--json', 'Print JSON.', false)
    .addHelpText('after', '\nExamples:\n  latentlab status\n  latentlab status results/batches/seed --json')
    .action(async (folder, options) => {
      const { statusCommand } = await import('../commands/status.js');
      process.exitCode = await statusCommand(folder, options, processIo);
    });
};

export const declareLogs = (program: Command): void => {
  program
    .command('logs')
    .summary('Print what a run of a batch has printed.')
    .description("Prints the log of a batch's run: its progress, its errors, and why it was ended.")
    .argument('<run>', "The run's folder.")
    .option('-f, --follow', 'Go on printing until the run has come to its end.', false)
    .addHelpText('after', '\nExample:\n  latentlab logs results/batches/seed/vae-2d -f')
    .action(async (run, options) => {
      const { logsCommand } = await import('../commands/logs.js');
      process.exitCode = await logsCommand(run, options, processIo, (bytes) => process.stdout.write(bytes));
    });
};

export const declareCompare = (program: Command): void => {
  program
    .command('compare')
    .summary('Hold runs against each other.')
    .description(
      'Lists runs with their figures, and for each variant the mean, standard deviation and count over seeds. Variants are held against ' +
        'the first one, or that of --against, by a paired t-test over the seeds that both have. With --picture and --x the figures are also ' +
        'drawn against a number that varies between the runs.',
    )
    .argument('<folders...>', 'Of runs, of batches, or above them.')
    .option('-m, --metric <name>', 'A column such as test.elbo, or elbo; may be given several times.', collect, [])
    .option('--by <path>', 'Group by a value of the experiment, such as model.latent; may be given several times.', collect, [])
    .option('-w, --where <path=value>', 'Only runs with this value, such as status=done; may be given several times.', collect, [])
    .option('--sort <column>', 'Sort runs by a column; column:desc turns the order round.')
    .option('--against <variant>', 'The variant that others are held against.')
    .option('--picture <file>', 'Draws the figures against --x, as a .png or .svg file; --by gives each value a line.')
    .option('--x <path>', 'What the picture stands against: a number of the experiments, such as model.latent.')
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
  latentlab compare results --sort elbo:desc --format markdown
  latentlab compare results/batches/seed --metric elbo --metric kl --picture latents.png --x model.latent`,
    )
    .action(async (folders, options) => {
      const { compareCommand } = await import('../commands/compare.js');
      process.exitCode = await compareCommand(folders, options, processIo);
    });
};

export const declareEvaluate = (program: Command): void => {
  program
    .command('evaluate')
    .summary('Measure runs after their end, or two folders of images.')
    .description(
      'Measures checkpoints of runs with the metrics of their experiments, or with others; what has been measured of the same weights is not ' +
        'measured again. With --real and --generated, images are held against images, without any model.',
    )
    .argument('[folders...]', 'Of runs, of batches, or above them.')
    .option(
      '-m, --metric <name>',
      "A metric's name, or an entry such as '{ type: kid, features: pca }'; may be given several times.",
      collect,
      [],
    )
    .option('-c, --checkpoint <step>', 'A step, `last` or `all`.', checkpointChoice, 'last' as const)
    .addOption(
      new Option('--split <name>', 'The split that is measured.')
        .choices(['train', 'validation', 'test'] as const)
        .default('test' as const),
    )
    .option('--classifier <name>', 'What names classes where the experiment has no classifier: mlp or conv.')
    .option(
      '--sampler <name>',
      "What samples are drawn from in place of the experiment's: a name, an entry such as '{ type: mixture, components: 20 }', or null for the prior.",
    )
    .option('--real <folder>', 'Images to hold generated ones against.')
    .option('--generated <folder>', 'Generated images.')
    .option('--size <pixels>', 'Height and width that images of folders are brought to.', wholeNumber(1))
    .option('-o, --out <folder>', 'Where eval.csv and eval.json of two folders are written; nowhere if absent.')
    .option('--json', 'Print JSON.', false)
    .addHelpText(
      'after',
      `
Examples:
  latentlab evaluate results/vae-20d/20261123-061902-a1b2
  latentlab evaluate results --metric frechet-distance --metric '{ type: kid, features: pca }' --checkpoint all
  latentlab evaluate results --metric frechet-distance --sampler mixture
  latentlab evaluate --real digits --generated samples --metric precision-recall

Exit codes: 0 done, 1 something could not be measured, 2 the arguments are wrong, 75 a process is at work on a run.`,
    )
    .action(async (folders, options) => {
      const { evaluateCommand } = await import('../commands/evaluate.js');
      process.exitCode = await evaluateCommand(folders, options, processIo);
    });
};
