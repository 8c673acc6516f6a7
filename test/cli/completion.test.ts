/** The scripts, run by the shells that they are for. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/runner/registry.js';
import { cli } from './cli.js';

const registry = createRegistry();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latentlab-shell-'));
  mkdirSync(join(folder, 'some runs'));
  for (const file of ['vae.yaml', 'my gan.yml', 'notes.txt', 'losses.js']) writeFileSync(join(folder, file), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = cli(['completion', shell], folder);
    expect(code).toBe(0);
    writeFileSync(join(folder, `script.${shell}`), stdout);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const isHere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;
const run = (shell: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(shell, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: folder } });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
};

/** Words behind `latentlab`, the last one unfinished, and what completes it. */
const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['r'], ['resume', 'run']],
  [['components', 'enc'], ['encoder']],
  [['components', 'encoder', ''], registry.names('encoder')],
  [['components', '--json', 'loss', 'gan-'], registry.names('loss').filter((name) => name.startsWith('gan-'))],
  [
    ['run', '--engine', ''],
    ['auto', 'cpu', 'onnx', 'tensorflow', 'wasm'],
  ],
  [
    ['run', '--se'],
    ['--set', '--set-file'],
  ],
  [
    ['init', '--model', 'vae'],
    ['vae', 'vae-gan'],
  ],
  [
    ['init', '--data', 'mnist'],
    ['mnist', 'mnist-10k'],
  ],
  [
    ['completion', ''],
    ['bash', 'fish', 'zsh'],
  ],
  [['help', 'compl'], ['completion']],
  [['run', 'v'], ['vae.yaml']],
  [['check', 'vae.yaml', 'm'], ['my gan.yml']],
  [['run', '--set', 'training.epochs=2', 'v'], ['vae.yaml']],
  [['verify', 'l'], ['losses.js']],
];

describe.skipIf(!isHere('bash'))('in bash (left out where there is none)', () => {
  const complete = (words: readonly string[]): readonly string[] => {
    // As readline splits them.
    const split = ['latentlab', ...words].flatMap((word) => word.split(/(?==)|(?<==)/));
    const quoted = split.map((word) => `'${word}'`).join(' ');
    const script = `source script.bash; COMP_WORDS=(${quoted}); COMP_CWORD=${String(split.length - 1)}; _latentlab; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return run('bash', ['--norc', '--noprofile', '-c', script])
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  };

  it.each(cases)('completes %j', (words, expected) => {
    expect(complete(words)).toEqual([...expected].sort());
  });

  it('offers folders on the way to files, and no other file', () => {
    expect(complete(['run', ''])).toEqual(['my gan.yml', 'some runs', 'vae.yaml']);
    expect(complete(['resume', ''])).toEqual(['some runs']);
  });

  it('offers every command and every flag of the help', () => {
    const commands = complete(['']);
    expect(commands).toContain('schema');
    for (const command of commands.filter((name) => name !== 'help')) {
      const flags = [...cli([command, '--help'], folder).stdout.matchAll(/(?<=^ {2}(?:-\w, )?)--[a-z-]+/gm)].map(([flag]) => flag);
      expect(complete([command, '--'])).toEqual(flags.sort());
    }
  });

  it('offers nothing where nothing is known', () => {
    expect(complete(['run', '--set', ''])).toEqual([]);
    expect(complete(['components', 'encoder', 'mlp', ''])).toEqual([]);
    expect(complete(['nothing', ''])).toEqual([]);
  });
});

describe.skipIf(!isHere('fish'))('in fish (left out where there is none)', () => {
  it.each(cases)('completes %j', (words, expected) => {
    const line = ['latentlab', ...words].join(' ');
    const found = run('fish', ['--no-config', '-c', `source script.fish; complete -C '${line}'`])
      .split('\n')
      .map((proposal) => proposal.split('\t')[0] ?? '');
    expect(found).toEqual(expect.arrayContaining([...expected]));
  });
});

it.skipIf(!isHere('zsh'))('is read by zsh without a complaint (left out where there is none)', () => {
  expect(run('zsh', ['-f', '-n', 'script.zsh'])).toBe('');
});

it('refuses other shells', () => {
  expect(cli(['completion', 'tcsh'], folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('bash, zsh, fish') as string });
});
