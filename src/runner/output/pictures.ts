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

export const createPictureFolder = (directory: RunDirectory, lastEpoch: number): PictureSink => ({
  save: async (plot, picture, { epoch }) => {
    // Padded, so that names sort by epoch.
    const stem = `${picture.folder}/${plot}${picture.suffix === '' ? '' : `-${picture.suffix}`}-${String(epoch).padStart(String(lastEpoch).length, '0')}`;
    await directory.write(`${stem}.png`, picture.png);
    if (picture.svg !== null) await directory.write(`${stem}.svg`, picture.svg);
    return { file: `${stem}.png`, caption: picture.caption, plot, epoch };
  },
});
