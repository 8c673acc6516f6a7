/**
 * `npm run soak -- --rounds n`: trains, kills and goes on, again and again, and holds what is left against undisturbed runs, byte for byte.
 * Prints rounds, kills survived, rows and bytes compared, and differences; exit code 1 if there is any.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { disturb } from '../test/support/kills.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, kills: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const [rounds, numKills] = [Number(values.rounds), Number(values.kills)];
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(numKills) || numKills < 1) {
  console.error('usage: npm run soak -- [--rounds n] [--kills n] [--seed n]; both counts are whole numbers from 1 on');
  process.exit(2);
}

const configs = join(import.meta.dirname, '../configs/smoke');
const often = 'checkpoints.every.steps=3';
/** A VAE, and an adversarial model with all that has state: dropout, several optimizers, moving averages, frames of an animation. */
const subjects = [
  { config: join(configs, 'vae-conv.yaml'), overrides: ['training.epochs=60', often] },
  {
    config: join(configs, 'gan.yaml'),
    overrides: [
      'classifier=null',
      'metrics=[gan-value]',
      'model.discriminator.dropout=0.3',
      'training.updates=[{ player: discriminator, steps: 2 }, { player: generator, ema: 0.9 }]',
      'plots=[{ type: samples, count: 4, at: [start, half, end] }, { type: animation, at: [start, end], every: { epochs: 5 } }]',
      ...['training.epochs=80', often],
    ],
  },
];

/** Uniform on [0, 1): Park & Miller's minimal standard generator, 1988. */
let state = Number(values.seed) % 2_147_483_647 || 1;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;

const total = { kills: 0, rows: 0, bytes: 0, differences: 0, failures: 0 };
for (let round = 1; round <= rounds; round++) {
  const subject = subjects[round % subjects.length];
  if (subject === undefined) continue;
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-soak-'));
  const { kills, rows, bytes, differences, failures } = await disturb({ ...subject, folder, numKills, random });
  const survived = Object.values(kills).reduce((sum, count) => sum + count, 0);
  total.kills += survived;
  total.rows += rows;
  total.bytes += bytes;
  total.differences += differences.length;
  total.failures += failures.length;
  const bySignal = Object.entries(kills)
    .map(([signal, count]) => `${String(count)} ${signal}`)
    .join(', ');
  console.log(`round ${String(round)}/${String(rounds)}: survived ${bySignal}; ${String(differences.length)} differences`);
  for (const line of [...differences.map((file) => `  differs: ${file}`), ...failures]) console.error(line);
  // What differs is left to be looked at.
  if (differences.length + failures.length === 0) rmSync(folder, { recursive: true, force: true });
  else console.error(`  see ${folder}`);
}
console.log(
  `rounds ${String(rounds)}, kills survived ${String(total.kills)}, rows compared ${String(total.rows)}, bytes compared ${String(total.bytes)}, differences ${String(total.differences)}, failures ${String(total.failures)}`,
);
process.exitCode = total.differences + total.failures > 0 ? 1 : 0;
