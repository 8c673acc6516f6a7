/** The smoke configs as tests run them: data that nobody has to fetch, runs that leave nothing behind. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from 'inversify';
import { loadExperiment } from '../../src/index.js';
import type { EngineName } from '../../src/engine/index.js';
import { createContainer, partsOf } from '../../src/runner/assemble/container.js';
import type { Parts } from '../../src/runner/assemble/tokens.js';
import type { LoadedExperiment } from '../../src/runner/config/load.js';
import { silentProgress, type ProgressSink } from '../../src/runner/output/progress.js';
import { zipSync } from 'fflate';
import { idxBytes } from '../components/shared/idx-bytes.js';
import { fill, png } from '../components/shared/image-bytes.js';
import { npyBytes } from '../components/shared/npy-bytes.js';
import { writeInto } from '../components/shared/temporary.js';

export const configFolder = join(import.meta.dirname, '../../configs');
/** All of configs/smoke, without `.yaml`. */
export const smokeNames: readonly string[] = readdirSync(join(configFolder, 'smoke'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))
  .toSorted();

/** 200 images of 8 x 8 grey values: a blob whose place goes with the label. Gives back what `--set` would say. */
const writeBlobs = (folder: string): readonly string[] => {
  const [count, size] = [200, 8];
  const label = (i: number): number => (i * 7) % 4;
  const pixel = (i: number, y: number, x: number): number => {
    const [centerX, centerY] = [label(i) % 2 === 0 ? 2 : 5, label(i) < 2 ? 2 : 5];
    return Math.round(255 * Math.exp(-((x - centerX) ** 2 + (y - centerY) ** 2) / (2 + (i % 5))));
  };
  const pixels = Array.from({ length: count * size * size }, (_, at) =>
    pixel(Math.floor(at / (size * size)), Math.floor(at / size) % size, at % size),
  );
  const images = writeInto(folder, 'blobs-images', idxBytes([count, size, size], pixels));
  const labels = writeInto(
    folder,
    'blobs-labels',
    idxBytes(
      [count],
      Array.from({ length: count }, (_, i) => label(i)),
    ),
  );
  return [`data.images=${images}`, `data.labels=${labels}`];
};

/** 60 examples of two kinds of numbers, as the text of a table. */
const writeTable = (folder: string): readonly string[] => {
  const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i) + (i % 2), i % 2 === 0 ? 'rose' : 'aster'].join(','));
  return [`data.file=${writeInto(folder, 'flowers.csv', ['width,length,kind', ...rows, ''].join('\n'))}`];
};

const greys = (count: number, size: number): readonly number[] =>
  Array.from({ length: count * size }, (_, i) => Math.round(127 + 127 * Math.sin(0.37 * i)));

const writeArrays = (folder: string): readonly string[] => {
  const images = writeInto(folder, 'images.npy', npyBytes([60, 6, 6], greys(60, 36)));
  const labels = writeInto(
    folder,
    'labels.npy',
    npyBytes(
      [60],
      Array.from({ length: 60 }, (_, i) => i % 3),
    ),
  );
  return [`data.file=${images}`, `data.labels=${labels}`];
};

const writeArchive = (folder: string): readonly string[] => [
  `data.file=${writeInto(folder, 'images.npz', zipSync({ 'images.npy': npyBytes([60, 6, 6], greys(60, 36)) }))}`,
];

const writeImages = (folder: string): readonly string[] => {
  const files = Array.from({ length: 60 }, (_, i) => [
    `${i % 2 === 0 ? 'rose' : 'aster'}/${String(i)}.png`,
    png(9, 9, 3, greys(i + 1, 243).slice(-243)),
  ]);
  return [`data.folder=${fill(join(folder, 'flowers'), Object.fromEntries(files) as Readonly<Record<string, Uint8Array>>)}`];
};

/** By data set: how it is replaced where it needs files. MNIST's own are known by their MD5, so that no others can stand for them. */
const replacements: Readonly<Record<string, (folder: string) => readonly string[]>> = {
  idx: writeBlobs,
  csv: writeTable,
  npy: writeArrays,
  npz: writeArchive,
  'image-folder': writeImages,
  mnist: () => ['data.type=mnist-10k'],
};

/** Loads configs/smoke/<name>.yaml; files that its data needs are written into `folder`. */
export const loadSmoke = async (name: string, folder: string, overrides: readonly string[] = []): Promise<LoadedExperiment> => {
  const file = join(configFolder, 'smoke', `${name}.yaml`);
  const { experiment } = await loadExperiment(file);
  const data = replacements[experiment.data.type]?.(folder) ?? [];
  return loadExperiment(file, { overrides: [...data, ...overrides] });
};

export const createSmokeContainer = (experiment: LoadedExperiment, folder: string, progress: ProgressSink = silentProgress): Container =>
  createContainer({ experiment, results: join(folder, 'results'), progress });

export interface Trained {
  /** Loss terms and their total by name, update after update. */
  readonly losses: readonly Readonly<Record<string, number>>[];
  /** Every variable by path, optimizer state included. */
  readonly variables: ReadonlyMap<string, readonly number[]>;
  readonly validation: Readonly<Record<string, number | null>>;
}

/** The first updates of an experiment on an engine, without a run around them. */
export const trainSteps = async (
  name: string,
  folder: string,
  engine: EngineName,
  numSteps: number,
  overrides: readonly string[] = [],
): Promise<Trained> => {
  const parts = partsOf(createSmokeContainer(await loadSmoke(name, folder, [`engine=${engine}`, ...overrides]), folder));
  try {
    const { batches } = await parts.get('batches');
    const { round } = await parts.get('round');
    const losses: Readonly<Record<string, number>>[] = [];
    for (let step = 0; step < numSteps; step++) losses.push(await round.run(batches.read(step), step));
    const validation = await (await parts.get('evaluator')).evaluator.measure('validation');
    return { losses, variables: await readVariables(parts), validation };
  } finally {
    (await parts.get('variables')).variables.dispose();
    await (await parts.get('engine')).engine.dispose();
  }
};

const readVariables = async (parts: Parts): Promise<ReadonlyMap<string, readonly number[]>> => {
  const { engine, variables } = await parts.get('engine', 'variables');
  return new Map(variables.all.map(({ path, variable }) => [path, [...engine.read(variable)]]));
};
