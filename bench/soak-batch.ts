/**
 * `npm run soak:batch -- --runs n --kills n`: kills the controller of a batch at random moments, starts it again each time, and holds what is
 * left against an undisturbed batch. Exit code 1 if anything differs, was lost, or was done twice.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { disturbBatch } from '../test/support/batch-kills.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    kills: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
  },
});
const [numRuns, numKills, jobs] = [Number(values.runs), Number(values.kills), Number(values.jobs)];
if (![numRuns, numKills, jobs].every((count) => Number.isInteger(count) && count > 0)) {
  console.error('usage: npm run soak:batch -- [--runs n] [--kills n] [--jobs n] [--seed n]; all are whole numbers from 1 on');
  process.exit(2);
}

/** Uniform on [0, 1): Park & Miller's minimal standard generator, 1988. */
let state = Number(values.seed) % 2_147_483_647 || 1;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;

const folder = mkdtempSync(join(tmpdir(), 'latentlab-soak-batch-'));
const { kills, runs, differences, failures } = await disturbBatch({ folder, numRuns, numKills, jobs, random });
for (const line of [...differences, ...failures]) console.error(line);
console.log(
  `runs ${String(runs)}, kills of the controller ${String(kills)}, differences ${String(differences.length)}, failures ${String(failures.length)}`,
);
if (differences.length + failures.length > 0) {
  console.error(`see ${folder}`);
  process.exitCode = 1;
} else rmSync(folder, { recursive: true, force: true });
