/** What a run ran on: machine, versions, state of the checkout. Facts for the record; none of them can make a run fail. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

export interface Machine {
  /** `linux-x64` */
  readonly platform: string;
  /** Of the operating system. */
  readonly release: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
}

export interface GitState {
  readonly commit: string;
  /** Whether tracked files differ from the commit. */
  readonly modified: boolean;
}

export const describeMachine = (): Machine => ({
  platform: `${process.platform}-${process.arch}`,
  release: release(),
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
});

/** Packages whose version may change a result. */
const computing = { onnxruntime: 'onnxruntime-node', tfjs: '@tensorflow/tfjs-core' };

const installedVersion = (name: string): string | null => {
  try {
    const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`);
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : null;
  } catch {
    return null;
  }
};

/** Versions by name; read from manifests, so that nothing is loaded for it. Packages that are not installed are left out. */
export const describeVersions = (latentlab: string): Readonly<Record<string, string>> => {
  const versions: Record<string, string> = { latentlab, node: process.versions.node };
  for (const [name, packageName] of Object.entries(computing)) {
    const version = installedVersion(packageName);
    if (version !== null) versions[name] = version;
  }
  return versions;
};

/** The checkout that `folder` is in; null outside one, without git, or if git takes longer than `timeoutMs`. */
export const describeGit = async (folder: string, timeoutMs = 2000): Promise<GitState | null> => {
  // A repository's own settings can name a program to run as file system monitor; a lock would disturb the user's git.
  const options = { cwd: folder, timeout: timeoutMs, killSignal: 'SIGKILL', env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' } } as const;
  const status = ['status', '--porcelain=v2', '--branch', '--no-ahead-behind', '--untracked-files=no'];
  try {
    const { stdout } = await promisify(execFile)('git', ['-c', 'core.fsmonitor=false', ...status], { ...options, maxBuffer: 1 << 26 });
    const lines = stdout.trimEnd().split('\n');
    const commit = lines.map((line) => /^# branch\.oid ([0-9a-f]+)$/.exec(line)?.[1]).find((found) => found !== undefined);
    return commit === undefined ? null : { commit, modified: lines.some((line) => !line.startsWith('#')) };
  } catch {
    return null;
  }
};
