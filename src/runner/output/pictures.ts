/** Pictures of a run: images/<plot>-<epoch>.png and plots/<plot>-<epoch>.png, with SVG beside charts. */
import type { Moment, Picture } from '../../registry/contracts/index.js';
import type { RunDirectory } from './run-directory.js';

export interface SavedPicture {
  /** Inside the run's folder. */
  readonly file: string;
  readonly caption: string;
  readonly plot: string;
  readonly epoch: number;
}

export interface PictureSink {
  save(plot: string, picture: Picture, moment: Moment): Promise<SavedPicture>;
}

/** `save` throws RunError, and Error if two pictures would be one file. */
export const createPictureFolder = (directory: RunDirectory, lastEpoch: number): PictureSink => {
  const taken = new Set<string>();
  return {
    save: async (plot, picture, { epoch }) => {
      // Padded, so that names sort by epoch.
      const name = `${plot}${picture.suffix === '' ? '' : `-${picture.suffix}`}-${String(epoch).padStart(String(lastEpoch).length, '0')}`;
      const stem = `${picture.folder}/${name}`;
      if (taken.has(stem)) throw new Error(`two pictures of a run would be ${stem}.png`);
      taken.add(stem);
      // The PNG last: a picture that is listed has its SVG.
      if (picture.svg !== null) await directory.write(`${stem}.svg`, picture.svg);
      await directory.write(`${stem}.png`, picture.png);
      return { file: `${stem}.png`, caption: picture.caption, plot, epoch };
    },
  };
};
