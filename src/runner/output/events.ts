/** events.jsonl: what happened when, one JSON object a line. Times are here and not in metrics.csv, which is the same for the same seed. */
import { appendFile } from 'node:fs/promises';
import type { Clock } from './clock.js';
import { guardWrite } from './write-errors.js';

export type EventType = 'started' | 'epoch' | 'picture' | 'interrupted' | 'failed' | 'done';

export interface EventSink {
  emit(type: EventType, facts?: Readonly<Record<string, unknown>>): Promise<void>;
}

export const createEventLog = (file: string, clock: Clock): EventSink => {
  let last: Promise<void> = Promise.resolve();
  return {
    emit: (type, facts = {}) => {
      const line = `${JSON.stringify({ time: clock.now().toISOString(), type, ...facts })}\n`;
      // An event that could not be written does not keep later ones from being tried.
      last = last.catch(() => undefined).then(() => guardWrite(file, () => appendFile(file, line)));
      return last;
    },
  };
};
