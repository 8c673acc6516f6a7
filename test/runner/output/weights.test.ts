import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../src/runner/output/checkpoint.js';
import { createRunDirectory, type RunDirectory } from '../../../src/runner/output/run-directory.js';
import type { StoredTensor } from '../../../src/runner/output/safetensors.js';
import { checkWeights, createWeightFolder, type WeightShapes, type WeightSink } from '../../../src/runner/output/weights.js';
import { RunError } from '../../../src/runner/errors.js';
import { createFakeClock, filesBelow, mountedDisk, rejectionOf, runErrorOf, temporaryFolder } from './support.js';

const tensors = new Map<string, StoredTensor>([
  ['encoder/kernel', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['decoder/scale', { shape: [], values: Float32Array.of(0.5) }],
]);
const file = 'checkpoints/20/weights.safetensors';

const begin = async (results = temporaryFolder()): Promise<{ readonly directory: RunDirectory; readonly weights: WeightSink }> => {
  const directory = await createRunDirectory(results, 'vae', createFakeClock());
  return { directory, weights: createWeightFolder(directory) };
};

describe('the weights of a run', () => {
  it('are a checkpoint in its folder, and are read back by the name they got', async () => {
    const { directory, weights } = await begin();
    expect(await weights.save(20, 2, tensors)).toBe(file);
    expect(filesBelow(directory.path)).toEqual(['checkpoints/20/state.json', file]);
    expect(await weights.load(file)).toEqual({ step: 20, epoch: 2, tensors });
    expect(await readCheckpoint(directory.file('checkpoints'), 20)).toEqual({ step: 20, epoch: 2, tensors });
  });

  it('are missing under the name of another step, which says what there is', async () => {
    const { directory, weights } = await begin();
    await weights.save(20, 2, tensors);
    const { facts } = await runErrorOf(weights.load('checkpoints/30/weights.safetensors'), 'checkpoint-missing');
    expect(facts).toEqual({ folder: directory.file('checkpoints'), step: 30, available: [20] });
  });

  it.each(['', 'weights.safetensors', 'checkpoints/20', 'checkpoints/../20/weights.safetensors', 'checkpoints/x/weights.safetensors'])(
    'are not looked for under the name %j',
    async (name) => {
      const error = await rejectionOf((await begin()).weights.load(name));
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(RunError);
    },
  );

  it('are whole or not there on a full disk', async (context) => {
    const { directory, weights } = await begin(mountedDisk(context, 'size=64k'));
    await weights.save(20, 2, tensors);
    const large = new Map([['w', { shape: [20_000], values: new Float32Array(20_000) }]]);
    await runErrorOf(weights.save(30, 3, large), 'disk-full');
    expect(filesBelow(directory.path)).toEqual(['checkpoints/20/state.json', file]);
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
