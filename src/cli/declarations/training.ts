/** Commands that train. */
import { type Command, Option } from '@commander-js/extra-typings';
import { setFileOption, setOption, unsetOption } from '../changes.js';
import { processIo } from '../io.js';
import { collect, positive, wholeNumber } from './values.js';

export const declareRun = (program: Command): void => {
  program
    .command('run')
    .summary('Train an experiment.')
    .description('Trains the experiment of a YAML file. The run leaves its figures, pictures and weights in a folder of its own.')
    .argument('<file>', 'The experiment.')
    .addOption(setOption)
    .addOption(setFileOption)
    .addOption(unsetOption)
    .addOption(
      new Option('-e, --engine <name>', 'What executes the steps.').choices(['auto', 'onnx', 'tensorflow', 'wasm', 'cpu'] as const),
    )
    .option('--variant <name>', 'Which run, of a file with `sweep` or `seeds`.')
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
  latentlab run sweep.yaml --variant sweep-latent-2-seed-1

Exit codes: 0 done, 1 the run failed, 2 the file or the arguments are wrong, 130 interrupted by Ctrl-C,
75 ended by SIGTERM or training.maxMinutes: try again with --resume.`,
    )
    .action(async (file, options) => {
      const { runCommand } = await import('../commands/run.js');
      process.exitCode = await runCommand(file, options, processIo);
    });
};

export const declareResume = (program: Command): void => {
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
      const { resumeCommand } = await import('../commands/resume.js');
      process.exitCode = await resumeCommand(run, options, processIo);
    });
};

export const declareBatch = (program: Command): void => {
  program
    .command('batch')
    .summary('Train every experiment of a folder, or every run of a sweep.')
    .description(
      'Trains experiments side by side, each in a process of its own: a run that crashes, hangs or takes too much ends alone. What is to be ' +
        'run is written down first, so that files may be edited meanwhile; the same command again goes on where it was ended.',
    )
    .argument('<inputs...>', 'Folders, files, or patterns in quotes.')
    .addOption(setOption)
    .addOption(setFileOption)
    .addOption(unsetOption)
    .option('-j, --jobs <n>', 'Runs at a time; one for each core if absent.', wholeNumber(1))
    .option('-o, --out <folder>', 'The folder of the batch; results/batches/<name of the inputs> if absent.')
    .addOption(
      new Option('--launcher <name>', 'What starts the runs.').choices(['local', 'slurm', 'bullmq'] as const).default('local' as const),
    )
    .option('--cpus <n>', 'Slurm: processors, and threads, of a run; 1 if absent.', wholeNumber(1))
    .option('--gpus <what>', 'Slurm: GPUs of a run, such as 1 or a100:1.')
    .option('--partition <name>', 'Slurm: where the runs are queued.')
    .option(
      '--sbatch <option=value>',
      'Slurm: a further option of sbatch, such as account=vision; may be given several times.',
      collect,
      [],
    )
    .option('--detach', 'Slurm, BullMQ: submit, and do not wait; a job, or the last worker, writes the summary.', false)
    .option('--queue <url>', 'BullMQ: the queue, redis:// or rediss://; the variable LATENTLAB_QUEUE if absent.')
    .option('--queue-ca <file>', 'Certificates of the authorities that the queue is believed by, in PEM.')
    .option('--queue-cert <file>', 'Own certificate for the queue, in PEM.')
    .option('--queue-key <file>', 'Its key, in PEM.')
    .option('--memory <GiB>', 'What a run may take at most; its share of the machine if absent.', positive)
    .option('--time-limit <minutes>', 'How long a run may take, counted from when this command begins it or goes on with it.', positive)
    .option('--hang-after <minutes>', 'A run that gives no sign of life for so long is ended, and tried again; 15 if absent.', positive)
    .option('--retries <n>', 'How often a run that crashes is tried again.', wholeNumber(0), 2)
    .option('--backoff <seconds>', 'Time before such an attempt, doubled for each further one; 2 if absent.', positive)
    .option('--keep-going', 'Go on with the others when a run fails; this is what it does if nothing else is said.', false)
    .option('--fail-fast', 'Stop all runs when one fails.', false)
    .option('--only <pattern>', 'Start these runs alone, such as vae-*-seed-1; may be given several times.', collect, [])
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
  latentlab batch configs/seed --jobs 2 --time-limit 60 --set training.epochs=5
  latentlab batch 'configs/**/vae-*.yaml' --out results/vaes --dry-run
  latentlab batch configs/seed --only-failed
  latentlab batch configs/sweeps/encoders.yaml --only '*-conv-*'
  latentlab batch configs/seed --launcher slurm --partition gpu --gpus 1 --memory 8 --time-limit 240

Exit codes: 0 all runs are done, 1 a run failed, 2 files or arguments are wrong (nothing was started), 130 stopped by Ctrl-C,
75 stopped by SIGTERM, or another process is at work on the batch: the same command goes on.`,
    )
    .action(async (inputs, options) => {
      const { batchCommand } = await import('../commands/batch.js');
      process.exitCode = await batchCommand(inputs, options, processIo);
    });
};

export const declareWorker = (program: Command): void => {
  program
    .command('worker')
    .summary('Train the run of a prepared folder, or those of a queue.')
    .description(
      'Trains one run of a batch, from its beginning or from its newest checkpoint; a batch starts this for each of its runs. With --root it ' +
        'takes runs from a queue until it is asked to end (SIGTERM): those at work leave a checkpoint, and go back to the queue.',
    )
    .option('--run <folder>', "The run's folder.")
    .option('--summary <folder>', 'Write summary.csv of a batch, and end.')
    .option('--queue <url>', 'Take runs from this queue, redis:// or rediss://; the variable LATENTLAB_QUEUE if absent.')
    .option('--queue-ca <file>', 'Certificates of the authorities that the queue is believed by, in PEM.')
    .option('--queue-cert <file>', 'Own certificate for the queue, in PEM.')
    .option('--queue-key <file>', 'Its key, in PEM.')
    .option('--root <folder>', 'With a queue: the shared folder that batches lie in; runs outside are refused.')
    .option('-j, --jobs <n>', 'With a queue: runs at a time; one for each core if absent.', wholeNumber(1))
    .option('--lease <seconds>', 'With a queue: a worker that is not heard of for so long counts as dead.', wholeNumber(1), 30)
    .addHelpText(
      'after',
      '\nExamples:\n  latentlab worker --run results/batches/seed/vae-2d\n  latentlab worker --queue redis://queue.example:6379 --root /shared/results --jobs 2\n\nExit codes: as of run; 0 when a worker of a queue was asked to end.',
    )
    .action(async (options) => {
      const { workerCommand } = await import('../commands/worker.js');
      process.exitCode = await workerCommand(options, processIo);
    });
};
