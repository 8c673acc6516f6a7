/** Runs the built command line as a user does. */
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../../dist/cli/main.js');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const cli = (args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): CliResult => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    // A schema of all components is longer than what is usual.
    maxBuffer: 1 << 26,
    env: { ...process.env, LATENTLAB_DATA: '', ...env },
  });
  return { code: status, stdout, stderr };
};

/** Starts a command and sends a signal as soon as its output matches. */
export const interruptedCli = (args: readonly string[], cwd: string, when: RegExp, signal: NodeJS.Signals): Promise<CliResult> =>
  new Promise((resolvePromise, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd });
    let stdout = '';
    let stderr = '';
    let isSent = false;
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (isSent || !when.test(stdout)) return;
      isSent = true;
      child.kill(signal);
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolvePromise({ code, stdout, stderr });
    });
  });
