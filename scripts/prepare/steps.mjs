/** What has to be done before a script can run, in order, each with the reason for it. */
import { build, whyBuild } from './build.mjs';
import { install, whyInstall } from './install.mjs';

/**
 * @param {string} root the project's folder
 * @param {boolean} isDryRun say what would be done, and do nothing
 */
export const prepare = async (root, isDryRun) => {
  for (const { name, why, run } of [
    { name: 'install', why: whyInstall, run: install },
    { name: 'build', why: whyBuild, run: build },
  ]) {
    const reason = why(root);
    if (reason === null) continue;
    console.error(`${name}: ${reason}`);
    if (!isDryRun) await run(root);
  }
};
