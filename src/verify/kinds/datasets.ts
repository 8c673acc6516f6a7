/** Datasets that need no file: what they said beforehand is true, and an example is the same whenever it is read. */
import { tmpdir } from 'node:os';
import type { Data, Dataset, Examples } from '../../registry/contracts/index.js';
import { splitNames } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { DataError } from '../../components/shared/data-error.js';
import { createRandomStreams } from '../../runner/random/index.js';
import { buildSmall } from '../entries.js';
import { Skipped, type Examination } from '../examination.js';
import { sizeOf } from '../values.js';

const load = async (dataset: Dataset): Promise<Data> => {
  try {
    return await dataset.load({ random: createRandomStreams(1), dataFolder: null, cacheFolder: tmpdir(), log: () => undefined });
  } catch (error) {
    if (error instanceof DataError) throw new Skipped('it needs files that are not here');
    throw error;
  }
};

const readSome = (
  data: Data,
  examples: Examples,
  indices: readonly number[],
): { readonly x: Float32Array; readonly labels: Int32Array } => {
  const x = new Float32Array(indices.length * sizeOf(data.shape)).fill(Number.NaN);
  const labels = new Int32Array(indices.length).fill(-1);
  examples.read(Int32Array.from(indices), 0, x, labels);
  return { x, labels };
};

const untrueFacts = ({ facts }: Dataset, data: Data): string | null => {
  if (facts === null) throw new Skipped('it says nothing before it is loaded');
  if (facts.shape.join() !== data.shape.join()) return `its facts say [${facts.shape.join(', ')}], its data is [${data.shape.join(', ')}]`;
  if (facts.numClasses !== data.numClasses)
    return `its facts say ${String(facts.numClasses)} classes, its data has ${String(data.numClasses)}`;
  return facts.support === data.support ? null : `its facts say that values are ${facts.support}, its data that they are ${data.support}`;
};

const badExample = (data: Data): string | null => {
  for (const name of splitNames) {
    const examples = data.splits[name];
    const indices = Array.from({ length: Math.min(20, examples.count) }, (_, i) => i);
    if (indices.length === 0) continue;
    const { x, labels } = readSome(data, examples, indices);
    const outside = x.find(
      (value) =>
        !Number.isFinite(value) ||
        (data.support !== 'real' && (value < 0 || value > 1)) ||
        (data.support === 'binary' && value !== 0 && value !== 1),
    );
    if (outside !== undefined) return `a value of ${name} is ${String(outside)}, and values are ${data.support}`;
    const { numClasses } = data;
    if (numClasses !== null && labels.some((label) => label < -1 || label >= numClasses))
      return `a label of ${name} is neither from 0 to ${String(numClasses - 1)} nor -1, for hidden`;
    const reversed = readSome(data, examples, indices.toReversed());
    const size = sizeOf(data.shape);
    const isSame = indices.every((index, i) => {
      const at = indices.length - 1 - i;
      return x.subarray(index * size, (index + 1) * size).every((value, j) => value === reversed.x[at * size + j]);
    });
    if (!isSame) return `an example of ${name} is another one when they are read in another order`;
  }
  return null;
};

export const examineDataset = async (examination: Examination, registry: Registry, component: AnyComponent<'dataset'>): Promise<void> => {
  const dataset = buildSmall(registry, 'dataset', component);
  const loaded: Data[] = [];
  await examination.check('loads', async () => {
    loaded.push(await load(dataset));
    return null;
  });
  const [first] = loaded;
  if (first === undefined) return;
  await examination.check('is what it said it would be', () => untrueFacts(dataset, first));
  await examination.check('gives examples within its support, the same in any order', () => badExample(first));
  await examination.check('is deterministic per seed', async () => {
    const again = await load(dataset);
    const [a, b] = [first, again].map((each) => readSome(each, each.splits.train, [0, 1, 2].slice(0, each.splits.train.count)));
    return a?.x.every((value, i) => value === b?.x[i]) === true ? null : 'loaded twice with one seed, its examples differ';
  });
};
