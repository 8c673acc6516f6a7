import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeGit } from '../../../src/runner/output/surroundings.js';
import { temporaryFolder } from './support.js';

const git = (folder: string, ...args: readonly string[]): string => {
  const identity = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.org'];
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
};

const createRepository = (): { readonly folder: string; readonly commit: string } => {
  const folder = temporaryFolder();
  git(folder, 'init', '--quiet');
  writeFileSync(join(folder, 'a.txt'), 'a');
  git(folder, 'add', 'a.txt');
  git(folder, 'commit', '--quiet', '--message', 'first');
  return { folder, commit: git(folder, 'rev-parse', 'HEAD') };
};

describe.skipIf(spawnSync('git', ['--version']).status !== 0)('the state of the checkout', () => {
  it('is its commit, and whether tracked files differ from it', async () => {
    const { folder, commit } = createRepository();
    expect(await describeGit(folder)).toEqual({ commit, modified: false });
    writeFileSync(join(folder, 'untracked.txt'), '');
    expect(await describeGit(folder)).toEqual({ commit, modified: false });
    writeFileSync(join(folder, 'a.txt'), 'b');
    expect(await describeGit(folder)).toEqual({ commit, modified: true });
  });

  it('is null outside a checkout, before the first commit, and in a folder that is not there', async () => {
    const empty = temporaryFolder();
    expect(await describeGit(empty)).toBeNull();
    git(empty, 'init', '--quiet');
    expect(await describeGit(empty)).toBeNull();
    expect(await describeGit(join(empty, 'nowhere'))).toBeNull();
  });

  it('runs no program that the repository names', async () => {
    const { folder, commit } = createRepository();
    const trace = join(folder, 'trace');
    const hook = join(folder, 'hook.sh');
    writeFileSync(hook, `#!/bin/sh\ntouch ${trace}\n`);
    chmodSync(hook, 0o755);
    git(folder, 'config', 'core.fsmonitor', hook);
    expect(await describeGit(folder)).toEqual({ commit, modified: false });
    expect(existsSync(trace)).toBe(false);
    git(folder, 'status');
    expect(existsSync(trace)).toBe(true);
  });

  it('is null when git takes too long', async () => {
    const bin = temporaryFolder();
    writeFileSync(join(bin, 'git'), '#!/bin/sh\nexec sleep 100\n');
    chmodSync(join(bin, 'git'), 0o755);
    const path = process.env['PATH'];
    process.env['PATH'] = `${bin}${delimiter}${path ?? ''}`;
    onTestFinished(() => {
      process.env['PATH'] = path;
    });
    const started = performance.now();
    expect(await describeGit(bin, 200)).toBeNull();
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});
