/** Is dist/ what src/ gives, and if not: types by the compiler, which also checks them, and JavaScript by the bundler. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundle } from './bundle.mjs';

const cacheFolder = (root) => join(root, 'node_modules', '.cache');
const stampFile = (root) => join(cacheFolder(root), 'latentlab', 'build.json');

/** Names and contents, so that a checkout's times do not matter. */
const digest = (root, paths) => {
  const hash = createHash('sha256');
  for (const path of paths) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
};

const list = (root, folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .sort()
    : [];

const state = (root) => ({
  // How it is built counts as well, and which packages are taken in.
  sources: digest(
    root,
    ['tsconfig.json', 'package-lock.json', ...list(root, 'scripts/prepare'), ...list(root, 'src')].filter((path) =>
      existsSync(join(root, path)),
    ),
  ),
  outputs: digest(root, list(root, 'dist')),
});

const readStamp = (root) => {
  try {
    return JSON.parse(readFileSync(stampFile(root), 'utf8'));
  } catch {
    return null; // absent after an install, or cut off: both mean that nothing is known of dist/
  }
};

/**
 * @param {string} root
 * @returns {string | null} null when nothing is to do
 */
export const whyBuild = (root) => {
  if (!existsSync(join(root, 'dist'))) return 'there is no dist/ yet';
  const stamp = readStamp(root);
  if (stamp === null) return 'dist/ is not from a finished build';
  const { sources, outputs } = state(root);
  if (stamp.outputs !== outputs) return 'files in dist/ were changed or removed';
  return stamp.sources === sources ? null : 'src/, or how it is built, has changed';
};

/** The compiler never removes what it wrote for a file that is gone; all JavaScript is written anew. */
const removeStale = (root) => {
  const sources = new Set(list(root, 'src').map((path) => path.slice('src'.length).replace(/\.ts$/, '')));
  for (const path of list(root, 'dist')) {
    const isDeclaration = path.endsWith('.d.ts');
    if (!isDeclaration || !sources.has(path.slice('dist'.length).replace(/\.d\.ts$/, ''))) rmSync(join(root, path));
  }
};

/**
 * @param {string} root
 * @throws when the compiler reports errors (it has printed them by then)
 */
export const build = async (root) => {
  // The compiler's own record says what it wrote, not what is still there: without this, a removed dist/ stays away.
  if (readStamp(root)?.outputs !== state(root).outputs) {
    rmSync(join(cacheFolder(root), 'tsc'), { recursive: true, force: true });
    rmSync(join(root, 'dist'), { recursive: true, force: true });
  }
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', '.', '--emitDeclarationOnly'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('The build failed; the compiler says why above.');
  removeStale(root);
  await bundle(root);
  mkdirSync(join(cacheFolder(root), 'latentlab'), { recursive: true });
  writeFileSync(stampFile(root), JSON.stringify(state(root)));
};
