import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../src/runner/output/checkpoint.js';
import { createRunDirectory, type RunDirectory } from '../../../src/runner/output/run-directory.js';
import type { StoredTensor } from '../../../src/runner/output/safetensors.js';
import { checkWeights, createCheckpointFolder, type CheckpointSink, type WeightShapes } from '../../../src/runner/output/weights.js';
import { RunError } from '../../../src/runner/errors.js';
import { checkpointOf } from './checkpoint-of.js';
import { createFakeClock, filesBelow, mountedDisk, runErrorOf, temporaryFolder } from './support.js';

const tensors = new Map<string, StoredTensor>([
  ['encoder/kernel', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['decoder/scale', { shape: [], values: Float32Array.of(0.5) }],
]);
const file = 'checkpoints/20/weights.safetensors';

const begin = async (results = temporaryFolder()): Promise<{ readonly directory: RunDirectory; readonly checkpoints: CheckpointSink }> => {
  const directory = await createRunDirectory(results, 'vae', createFakeClock());
  return { directory, checkpoints: createCheckpointFolder(directory) };
};

describe('the checkpoints of a run', () => {
  it('are in its folder, under the name that `save` gives for their weights', async () => {
    const { directory, checkpoints } = await begin();
    expect(await checkpoints.save(checkpointOf(20, tensors))).toBe(file);
    expect(filesBelow(directory.path)).toContain(file);
    expect(await readCheckpoint(directory.file('checkpoints'), 20)).toEqual(checkpointOf(20, tensors));
  });

  it('are listed and removed by step', async () => {
    const { checkpoints } = await begin();
    for (const step of [10, 20, 30]) await checkpoints.save(checkpointOf(step, tensors));
    await checkpoints.remove([10, 30]);
    expect(await checkpoints.list()).toEqual([20]);
  });

  it('are whole or not there on a full disk', async (context) => {
    const { directory, checkpoints } = await begin(mountedDisk(context, 'size=64k'));
    await checkpoints.save(checkpointOf(20, tensors));
    const large = new Map([['w', { shape: [20_000], values: new Float32Array(20_000) }]]);
    await runErrorOf(checkpoints.save(checkpointOf(30, large)), 'disk-full');
    expect(await checkpoints.list()).toEqual([20]);
    expect(filesBelow(directory.path).filter((each) => each.includes('/30'))).toEqual([]);
  });
});

describe('weights and variables', () => {
  const shapes: WeightShapes = new Map([
    ['encoder/kernel', [2, 3]],
    ['decoder/scale', []],
  ]);
  const reasonOf = (found: ReadonlyMap<string, StoredTensor>, expected: WeightShapes): string => {
    try {
      checkWeights(file, found, expected);
    } catch (error) {
      if (!(error instanceof RunError) || error.code !== 'weights-do-not-fit') throw error;
      expect(error.facts).toMatchObject({ file });
      return (error as RunError<'weights-do-not-fit'>).facts.reason;
    }
    return '';
  };

  it('fit if they have the same names and shapes', () => {
    expect(reasonOf(tensors, shapes)).toBe('');
    expect(reasonOf(new Map(), new Map())).toBe('');
  });

  it.each([
    ['encoder/kernel has the shape [2, 3], expected [3, 2]', [['encoder/kernel', [3, 2]] as const]],
    ['encoder/kernel has the shape [2, 3], expected [6]', [['encoder/kernel', [6]] as const]],
    ['prior/mean is not in the file', [['prior/mean', [2]] as const]],
  ])('do not fit where %s', (reason, changes) => {
    expect(reasonOf(tensors, new Map([...shapes, ...changes]))).toBe(reason);
  });

  it('do not fit where something is left over, or is of another type', () => {
    expect(reasonOf(tensors, new Map([['decoder/scale', []]]))).toBe('encoder/kernel is no variable of the experiment');
    const counts = new Map<string, StoredTensor>([...tensors, ['decoder/scale', { shape: [], values: Int32Array.of(1) }]]);
    expect(reasonOf(counts, shapes)).toBe('decoder/scale is not of type float32');
  });

  it('say every fault at once', () => {
    expect(reasonOf(new Map(), shapes)).toBe('encoder/kernel is not in the file; decoder/scale is not in the file');
  });
});
