/**
 * Runs before `npm start`, `npm test` and the other scripts, so that each works as the first command in a fresh clone:
 * installs the packages when they are not those of package-lock.json, builds dist/ when it is not what src/ gives.
 * With nothing to do it takes less than 0.1 s.
 *
 *     node scripts/prepare.mjs [--dry-run] [--root folder]
 *
 * Only this file is read by a Node that is too old, so it keeps to syntax and module names that old ones know.
 */
import { readFileSync } from 'fs';
import { dirname, resolve } from 'path';
import { fileURLToPath } from 'url';

const option = process.argv.indexOf('--root');
const root = option === -1 ? dirname(dirname(fileURLToPath(import.meta.url))) : resolve(process.argv[option + 1]);
const { name, engines } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
const [major, minor] = engines.node.match(/\d+/g).map(Number);
const [runningMajor, runningMinor] = process.versions.node.split('.').map(Number);

if (runningMajor < major || (runningMajor === major && runningMinor < minor)) {
  console.error(`${name} needs Node ${major}.${minor} or later; this is ${process.versions.node}. Get one at https://nodejs.org`);
  process.exitCode = 1;
} else {
  import('./prepare/steps.mjs')
    .then(({ prepare }) => prepare(root, process.argv.includes('--dry-run')))
    .catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
}
