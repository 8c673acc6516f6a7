/** What the end of a process means for its run: run.json says how far it got, the exit code how it ended. */
import { RunError } from '../../runner/errors.js';
import type { RunRecord } from '../../runner/output/record.js';
import { amendRecord } from '../../runner/prepare.js';
import { readRecord } from '../../runner/resume.js';
import type { Verdict } from '../launcher.js';
import type { Ending } from './process.js';

/** `again`: something that another attempt may survive. `goesOn`: it ended in good order, and was not finished. */
export type Judgement =
  | Verdict
  | { readonly status: 'again'; readonly code: string; readonly message: string }
  | { readonly status: 'goesOn'; readonly step: number };

const tryAgain = 75;
const interruptedByUser = 130;

const readOrNull = async (folder: string): Promise<RunRecord | RunError> => {
  try {
    return await readRecord(folder);
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
};

const howItEnded = ({ code, signal, limit }: Ending): { readonly code: string; readonly message: string } => {
  if (limit !== null) return { code: limit.name, message: limit.message };
  // 134: V8 calls abort() when its heap is full.
  if (signal === 'SIGABRT' || code === 134)
    return { code: 'crashed', message: 'its process gave up (SIGABRT): out of memory, or a fault in native code; its log says more' };
  if (signal === 'SIGKILL')
    return { code: 'crashed', message: 'its process was killed (SIGKILL): by hand, or since the machine had no memory left' };
  if (signal !== null) return { code: 'crashed', message: `its process was ended by ${signal}` };
  if (code === null) return { code: 'crashed', message: 'its process could not be started' };
  return { code: 'crashed', message: `its process ended with exit code ${String(code)}; its log says more` };
};

/** `isStopping`: the launcher has asked it to. */
export const judge = async (folder: string, ending: Ending, isStopping: boolean): Promise<Judgement> => {
  const record = await readOrNull(folder);
  if (record instanceof RunError)
    return {
      status: 'failed',
      code: 'folder-gone',
      message: `${folder} is gone, or its run.json cannot be read; the same command begins it anew`,
      record: null,
    };
  if (record.status === 'done') return { status: 'done', record };
  const { code, limit } = ending;
  if (record.status === 'failed' && (code === 1 || code === 2))
    return { status: 'failed', code: record.error?.code ?? 'unknown', message: record.error?.message ?? 'its log says more', record };
  if (isStopping) return { status: 'stopped' };
  if (limit === null && (code === tryAgain || code === interruptedByUser)) return { status: 'goesOn', step: record.step };
  // What was begun and asked to end before it listened has lost nothing.
  if (limit === null && ending.signal === 'SIGTERM') return { status: 'goesOn', step: record.step };
  const how = howItEnded(ending);
  // Another attempt would go the same way.
  if (limit !== null && limit.name !== 'silence') return { status: 'failed', ...how, record };
  return { status: 'again', ...how };
};

/** Writes into run.json what the process itself could not. */
export const recordMishap = async (folder: string, code: string, message: string, isLast: boolean): Promise<RunRecord> => {
  const time = new Date().toISOString();
  return amendRecord(folder, ({ mishaps }) => ({
    mishaps: [...mishaps, { time, code, message }],
    ...(isLast ? { status: 'failed', ended: time, error: { code, message } } : {}),
  }));
};
