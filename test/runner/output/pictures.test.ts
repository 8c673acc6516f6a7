import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createPictureFolder, type PictureSink } from '../../../src/runner/output/pictures.js';
import { createRunDirectory, type RunDirectory } from '../../../src/runner/output/run-directory.js';
import { createFakeClock, filesBelow, rejectionOf, temporaryFolder } from './support.js';

const tiles = { suffix: '', folder: 'images', png: Uint8Array.of(1, 2), svg: null, caption: 'Samples.' } as const;
const at = (epoch: number) => ({ epoch, step: epoch * 10, isLast: false });

const begin = async (lastEpoch: number): Promise<{ readonly directory: RunDirectory; readonly pictures: PictureSink }> => {
  const directory = await createRunDirectory(temporaryFolder(), 'vae', createFakeClock());
  return { directory, pictures: createPictureFolder(directory, lastEpoch) };
};

describe('the pictures of a run', () => {
  it('are named by plot, suffix and epoch, so that names sort by epoch', async () => {
    const { directory, pictures } = await begin(100);
    const saved = await pictures.save('samples', tiles, at(5));
    expect(saved).toEqual({ file: 'images/samples-005.png', caption: 'Samples.', plot: 'samples', epoch: 5 });
    await pictures.save('samples', { ...tiles, suffix: 'draws' }, at(100));
    await pictures.save('curve', { ...tiles, folder: 'plots', svg: '<svg/>' }, at(100));
    expect(filesBelow(directory.path)).toEqual([
      'images/samples-005.png',
      'images/samples-draws-100.png',
      'plots/curve-100.png',
      'plots/curve-100.svg',
    ]);
    expect([...readFileSync(directory.file('images/samples-005.png'))]).toEqual([1, 2]);
    expect(readFileSync(directory.file('plots/curve-100.svg'), 'utf8')).toBe('<svg/>');
  });

  it('do not overwrite each other', async () => {
    const { pictures } = await begin(9);
    await pictures.save('samples', tiles, at(1));
    expect(await rejectionOf(pictures.save('samples', tiles, at(1)))).toBeInstanceOf(Error);
  });
});
