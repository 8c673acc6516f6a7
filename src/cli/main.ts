#!/usr/bin/env node
/** The command line: arguments in, exit code out. Each command is declared here and loaded when it is called. */
import { Command } from '@commander-js/extra-typings';
import { packageVersion } from '../runner/version.js';
import {
  declareCheck,
  declareComponents,
  declareConfig,
  declareDiff,
  declareExplain,
  declareInit,
  declarePlan,
  declareSchema,
} from './declarations/experiment-files.js';
import { declareBatch, declareResume, declareRun, declareWorker } from './declarations/training.js';
import { declareCompare, declareEvaluate, declareLogs, declareStatus } from './declarations/reports.js';
import { declareCompletion, declareDoctor, declareVerify } from './declarations/tools.js';
import { usageError } from './declarations/values.js';

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

// In the order of the help.
for (const declare of [
  declareInit,
  declareRun,
  declareResume,
  declareBatch,
  declareWorker,
  declareStatus,
  declareLogs,
  declareCompare,
  declareEvaluate,
  declareCheck,
  declarePlan,
  declareExplain,
  declareConfig,
  declareDiff,
  declareComponents,
  declareSchema,
  declareVerify,
  declareDoctor,
  declareCompletion,
])
  declare(program);

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
