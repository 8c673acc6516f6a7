/** events.jsonl: what happened when, one JSON object a line. Times are here and not in metrics.csv, which is the same for the same seed. */
import { AppendFile } from './append-file.js';
import type { Clock } from './clock.js';

export type EventType = 'started' | 'epoch' | 'picture' | 'warning' | 'interrupted' | 'failed' | 'done';

/** What is said about an event; its time and type are the log's to write. */
export type EventFacts = Readonly<Record<string, unknown>> & { readonly time?: never; readonly type?: never };

export interface EventSink {
  /** On disk, whole, when the promise resolves. An event that could not be written does not keep later ones from being tried. */
  emit(type: EventType, facts?: EventFacts): Promise<void>;
}

/** Goes on with the file if there is one; it is made by the first event. `emit` throws RunError. */
export const createEventLog = (file: string, clock: Clock): EventSink => {
  let output: Promise<AppendFile> | null = null;
  const open = async (): Promise<AppendFile> => {
    try {
      return (await AppendFile.openLines(file)).file;
    } catch (error) {
      output = null;
      throw error;
    }
  };
  return {
    emit: async (type, facts) => {
      const line = `${JSON.stringify({ time: clock.now().toISOString(), type, ...facts })}\n`;
      output ??= open();
      await (await output).append(line);
    },
  };
};
