/**
 * `npm run bench:diagnostics -- [--rounds n] [--seed n] [--show n]`: spoils every shipped config in many ways and says how well the mistakes
 * are told. Exit code 1 below what is promised; `--show` prints mutants that fall short.
 */
import { parseArgs } from 'node:util';
import { createRegistry } from '../src/runner/registry.js';
import { readConfigs, tryMutants } from './diagnostics/corpus.js';
import { shortfalls, tabulate, type Verdict } from './diagnostics/judge.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '2' }, seed: { type: 'string', default: '1' }, show: { type: 'string', default: '0' } },
});
const [rounds, seed, show] = [Number(values.rounds), Number(values.seed), Number(values.show)];
if (![rounds, seed, show].every((count) => Number.isInteger(count) && count >= 0)) {
  console.error('usage: npm run bench:diagnostics -- [--rounds n] [--seed n] [--show n]; all are whole numbers');
  process.exit(2);
}

const configs = readConfigs();
const verdicts = await tryMutants({ configs, registry: createRegistry(), rounds, seed });

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`.padStart(8);
console.log(`${String(verdicts.length)} mutants of ${String(configs.length)} configs, seed ${String(seed)}`);
console.log(`\n${'mistake'.padEnd(42)} mutants same accepted  right line  fix first  faults  ms`);
for (const { kind, mutants, same, accepted, placed, fixed, faults, ms } of tabulate(verdicts))
  console.log(
    `${kind.padEnd(42)} ${String(mutants).padStart(7)} ${String(same).padStart(4)} ${String(accepted).padStart(8)}    ${percent(placed)}   ${percent(fixed)} ${faults.toFixed(1).padStart(7)} ${ms.toFixed(1).padStart(4)}`,
  );
console.log('\nsame: what was written still means the same experiment. Shares are of those refused, and of those whose fix is known.');

const isShort = ({ outcome, isPlaceNamed, isFixNamed }: Verdict): boolean =>
  outcome === 'accepted' || (outcome === 'refused' && (!isPlaceNamed || isFixNamed === false));
for (const { mutant, said } of verdicts.filter(isShort).slice(0, show)) {
  const place = mutant.place === 'override' ? mutant.overrides.join() : `${mutant.place.file}:${mutant.place.lines.join('|')}`;
  console.log(`\n=== ${mutant.kind}, configs/${mutant.config}: ${place}; ${mutant.fix ?? 'no known fix'}\n${said}`);
}
for (const text of shortfalls(verdicts)) {
  console.error(text);
  process.exitCode = 1;
}
