/** Downloads of files whose content is known beforehand: from the first mirror that delivers it, into a cache folder. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, reasonOf, type DownloadAttempt } from './data-error.js';

export interface Download {
  /** The file's name in the cache. */
  readonly name: string;
  /** Tried in this order. */
  readonly urls: readonly string[];
  /** More than this is never the file. */
  readonly maxBytes: number;
  /** A mirror that sends nothing for so long has failed. */
  readonly stallMs: number;
  /** Throws where the bytes are not the file, saying why; gives back what is wanted of them. */
  readonly open: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** What to do where no mirror helps, a sentence. */
  readonly help: string;
  readonly log: (line: string) => void;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Says how far a large download is, at every quarter. */
const createProgress = (name: string, totalBytes: number, log: (line: string) => void): ((bytes: number) => void) => {
  let quarters = 0;
  return (bytes) => {
    const reached = Math.floor((4 * bytes) / totalBytes);
    if (totalBytes > 1e6 && reached > quarters && reached < 4) log(`${name}: ${megabytes(bytes)} of ${megabytes(totalBytes)}`);
    quarters = Math.max(quarters, reached);
  };
};

const fetchBytes = async (url: string, { name, maxBytes, stallMs, log }: Download): Promise<Uint8Array> => {
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort(new Error(`nothing came for ${String(stallMs / 1000)} s`));
  }, stallMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    const { body, ok, status, statusText, headers } = response;
    if (!ok || body === null) {
      await body?.cancel();
      throw new Error(`the server answered ${String(status)} ${statusText}`.trimEnd());
    }
    const totalBytes = Number(headers.get('content-length') ?? 0);
    log(`downloading ${url}${totalBytes > 0 ? ` (${megabytes(totalBytes)})` : ''}`);
    const progress = createProgress(name, totalBytes, log);
    const chunks: Uint8Array[] = [];
    let numBytes = 0;
    const parts: AsyncIterable<Uint8Array> = body;
    for await (const chunk of parts) {
      timer.refresh();
      chunks.push(chunk);
      numBytes += chunk.length;
      if (numBytes > maxBytes) throw new Error(`it sends more than ${String(maxBytes)} bytes`);
      progress(numBytes);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
};

const keep = async (folder: string, action: () => Promise<unknown>): Promise<void> => {
  try {
    await action();
  } catch (error) {
    const help = 'Make room or allow writing there, or put the files elsewhere and set LATENTLAB_DATA to that folder.';
    throw new DataError('unwritable-cache', { folder, reason: reasonOf(error), help });
  }
};

/**
 * Downloads a file and keeps it in `folder`, where it appears whole or not at all; gives back what `open` makes of it.
 * @throws DataError unwritable-cache (before anything is downloaded, where it can be known), download-failed
 */
export const downloadInto = async (folder: string, download: Download): Promise<Uint8Array> => {
  const { name, urls, open, help, log } = download;
  const attempts: DownloadAttempt[] = [];
  let temporary = '';
  await keep(folder, async () => {
    await mkdir(folder, { recursive: true });
    temporary = await mkdtemp(join(folder, '.download-'));
  });
  try {
    for (const url of urls) {
      let bytes: Uint8Array;
      let opened: Uint8Array;
      try {
        bytes = await fetchBytes(url, download);
        opened = await open(bytes);
      } catch (error) {
        // A DataError's first line says what was wrong, the rest what a user could do about a file of his own.
        const [reason = ''] = reasonOf(error).split('\n');
        attempts.push({ url, reason });
        log(`${url}: ${reason}`);
        continue;
      }
      await keep(folder, async () => {
        await writeFile(join(temporary, name), bytes);
        await rename(join(temporary, name), join(folder, name));
      });
      return opened;
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  throw new DataError('download-failed', { file: name, attempts, help });
};
