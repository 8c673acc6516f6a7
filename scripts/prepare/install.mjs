/** Are the installed packages those of package-lock.json, and if not, `npm ci`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/**
 * Compares contents, never times: a checkout, a copy or a restored cache gives files any time. npm lists what it
 * installed in node_modules/.package-lock.json, last of all, so an interrupted install has no such list.
 * @param {string} root
 * @returns {string | null} null when nothing is to do
 */
export const whyInstall = (root) => {
  const installedList = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return 'the packages are not installed yet (once; half a minute or so)';
  const locked = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(installedList);
  for (const [path, { version, integrity, optional, devOptional }] of Object.entries(locked)) {
    if (path === '') continue;
    const present = installed[path];
    // npm leaves out an optional package that is for another platform, or whose install script failed.
    if (present === undefined && (optional || devOptional)) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (present === undefined) return `package ${name} is missing`;
    if (present.version !== version) return `package ${name} is ${present.version}, package-lock.json has ${version}`;
    if (present.integrity !== integrity) return `package ${name} is not the one of package-lock.json`;
  }
  return null;
};

/** The npm that runs the script, if one does: it need not be the first on the PATH. */
const npm = () => {
  const running = process.env.npm_execpath;
  if (running !== undefined && basename(running).startsWith('npm-cli'))
    return { command: process.execPath, first: [running], shell: false };
  // Windows has npm as a .cmd file, which only a shell starts.
  return { command: 'npm', first: [], shell: process.platform === 'win32' };
};

/**
 * Development packages are asked for by name, because NODE_ENV=production would leave out the compiler.
 * @param {string} root
 * @throws when npm fails, with the way out
 */
export const install = (root) => {
  const { command, first, shell } = npm();
  const { status } = spawnSync(command, [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], {
    cwd: root,
    shell,
    stdio: ['ignore', 2, 2],
    env: {
      ...process.env,
      npm_config_update_notifier: 'false',
      // npm 10 knows no allowScripts and would let onnxruntime-node fetch CUDA files, which fails behind a firewall.
      ONNXRUNTIME_NODE_INSTALL: process.env.ONNXRUNTIME_NODE_INSTALL ?? 'skip',
    },
  });
  if (status === 0) return;
  throw new Error(
    [
      'Installing the packages failed; npm says why above. The way out:',
      '  no network, or a proxy?    npm ping            (npm config set registry https://... for a mirror)',
      '  half an install is left?   rm -rf node_modules, and again',
      '  the lock file is at fault? npm install         (and say so in an issue: it should never be)',
    ].join('\n'),
  );
};
