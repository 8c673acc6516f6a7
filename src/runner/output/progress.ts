/** What a run tells while it runs. */
import type { HistoryRow } from '../../registry/contracts/index.js';
import type { SavedPicture } from './pictures.js';
import type { RunRecord } from './record.js';

export interface ProgressStart {
  readonly experiment: string;
  readonly folder: string;
  readonly engine: string;
  readonly parameters: number;
  readonly data: string;
  /** Steps that earlier sessions have finished. */
  readonly firstStep: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  readonly lastEpoch: number;
}

/** Whoever is told how a run goes: a display, a log, a test. */
export interface ProgressSink {
  note(line: string): void;
  start(facts: ProgressStart): void;
  step(step: number, loss: number): void;
  epoch(row: HistoryRow): void;
  picture(picture: SavedPicture): void;
  /** The last thing: the state that the run ended in. */
  end(record: RunRecord, folder: string): void;
}

/** For runs that nobody watches. */
export const silentProgress: ProgressSink = {
  note: () => undefined,
  start: () => undefined,
  step: () => undefined,
  epoch: () => undefined,
  picture: () => undefined,
  end: () => undefined,
};
