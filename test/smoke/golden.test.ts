/**
 * Each smoke config, run from start to end, against checked-in files: the experiment as resolved, the compiled update, the header of
 * metrics.csv, and the first losses. `npm run golden` rewrites them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadExperiment } from '../../src/index.js';
import { partsOf } from '../../src/runner/assemble/container.js';
import { silentProgress } from '../../src/runner/output/progress.js';
import { runExperiment, type RunResult } from '../../src/runner/run.js';
import { temporaryFolder } from '../components/shared/temporary.js';
import { expectGoldenNumbers } from '../support/golden-numbers.js';
import { expectGolden } from '../support/golden.js';
import { configFolder, createSmokeContainer, loadSmoke, smokeNames } from '../support/smoke.js';

/** Of the losses: processors with other vector units round in another order, and ten updates carry it on. */
const tolerance = 1e-4;
const folder = temporaryFolder();

interface Finished {
  readonly result: RunResult;
  readonly losses: readonly number[];
  readonly graph: string | null;
}

const finish = async (name: string): Promise<Finished> => {
  const losses: number[] = [];
  const progress = { ...silentProgress, step: (_: number, loss: number) => losses.push(loss) };
  const parts = partsOf(createSmokeContainer(await loadSmoke(name, folder), folder, progress));
  const graph = (await parts.get('round')).round.describe();
  return { result: await runExperiment(parts), losses, graph };
};

describe.each(smokeNames)('%s', (name) => {
  let finished: Promise<Finished> | null = null;
  const run = (): Promise<Finished> => (finished ??= finish(name));

  it('resolves to the same experiment', async () => {
    const { yaml } = await loadExperiment(join(configFolder, 'smoke', `${name}.yaml`));
    await expectGolden(`resolved/${name}.yaml`, yaml());
  });

  it('compiles its update into the same graph', async () => {
    await expectGolden(`graphs/${name}.txt`, (await run()).graph ?? 'not compiled');
  });

  it('has the same header in metrics.csv, and a full row for each epoch', async () => {
    const { result } = await run();
    const [header = '', ...rows] = (await readFile(join(result.folder, 'metrics.csv'), 'utf8')).trimEnd().split('\n');
    await expectGolden(`csv/${name}.txt`, `${header.replaceAll(',', '\n')}\n`);
    expect(result.record.status).toBe('done');
    expect(rows).toHaveLength(result.record.epoch + 1);
    for (const row of rows.slice(1)) expect(row.split(',').map(Number)).toSatisfy((cells: number[]) => cells.every(Number.isFinite));
  });

  it('gives no sentinel a reason to warn', async () => {
    expect((await run()).result.record.warnings).toEqual([]);
  });

  it('has the same first losses, or the same figures where nothing is trained', async () => {
    const { losses, result } = await run();
    const figures = losses.length === 0 ? Object.values(result.record.metrics).map((value) => value ?? NaN) : losses.slice(0, 10);
    await expectGoldenNumbers(`losses/${name}.txt`, figures, tolerance);
  });
});
