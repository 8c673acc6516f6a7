/**
 * How a queue's Redis is reached. Its address may come from LATENTLAB_QUEUE and the password from LATENTLAB_QUEUE_PASSWORD, so that neither
 * is in the list of processes; both are taken out of the environment, and no message has them.
 */
import { readFileSync } from 'node:fs';
import type { QueueOptions } from 'bullmq';
import { BatchError } from '../errors.js';

export interface QueueAddress {
  /** redis://user:password@host:port/database, or rediss:// for TLS. */
  readonly url: string;
  /** Files in PEM: certificates of authorities to believe, own certificate and key. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

export const queueName = 'latentlab';
const defaultPort = 6379;

const parse = (url: string): URL => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol))
    throw new BatchError('bad-option', { option: '--queue', reason: 'is no address such as redis://host:6379 or rediss://host:6379' });
  return parsed;
};

/** The address for people, without what is secret. */
export const describeAddress = ({ url }: Pick<QueueAddress, 'url'>): string => {
  const { protocol, hostname, port, pathname } = parse(url);
  return `${protocol}//${hostname}:${port === '' ? String(defaultPort) : port}${pathname === '/' ? '' : pathname}`;
};

const takeOut = (name: string): string | undefined => {
  const value = process.env[name];
  // Workers give their environment to the processes that they start.
  Reflect.deleteProperty(process.env, name);
  return value === '' ? undefined : value;
};

/** Throws BatchError (`bad-option`) where nothing says which queue. */
export const findAddress = (given: {
  readonly queue?: string;
  readonly queueCa?: string;
  readonly queueCert?: string;
  readonly queueKey?: string;
}): QueueAddress => {
  const url = given.queue ?? takeOut('LATENTLAB_QUEUE');
  if (url === undefined)
    throw new BatchError('bad-option', { option: '--queue', reason: 'is missing: give it, or the variable LATENTLAB_QUEUE' });
  const parsed = parse(url);
  const password = takeOut('LATENTLAB_QUEUE_PASSWORD');
  if (password !== undefined) parsed.password = encodeURIComponent(password);
  return { url: parsed.href, ca: given.queueCa ?? null, cert: given.queueCert ?? null, key: given.queueKey ?? null };
};

const readPem = (option: string, file: string | null): { readonly text?: string } => {
  if (file === null) return {};
  try {
    return { text: readFileSync(file, 'utf8') };
  } catch {
    throw new BatchError('bad-option', { option: `${option} ${file}`, reason: 'cannot be read' });
  }
};

/** Throws BatchError (`bad-option`). */
export const connectionOf = (address: QueueAddress): QueueOptions['connection'] => {
  const { protocol, hostname, port, username, password, pathname } = parse(address.url);
  const [ca, cert, key] = [readPem('--queue-ca', address.ca), readPem('--queue-cert', address.cert), readPem('--queue-key', address.key)];
  const tls = {
    ...(ca.text === undefined ? {} : { ca: ca.text }),
    ...(cert.text === undefined ? {} : { cert: cert.text }),
    ...(key.text === undefined ? {} : { key: key.text }),
  };
  if (protocol === 'redis:' && Object.keys(tls).length > 0)
    throw new BatchError('bad-option', { option: '--queue-ca, --queue-cert and --queue-key', reason: 'need an address rediss://' });
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    db: Number(pathname.slice(1)) || 0,
    ...(protocol === 'rediss:' ? { tls } : {}),
    // A Redis that restarts is waited for.
    maxRetriesPerRequest: null,
  };
};

const connectMs = 5000;
/** One that refuses may be about to start. */
const refusedMs = 1000;

/** Resolves when Redis answers. Throws BatchError (`no-scheduler`) with the reason where it refuses, or does not within 5 seconds. */
export const waitUntilReady = async (
  address: QueueAddress,
  queue: {
    waitUntilReady(): Promise<unknown>;
    on(event: 'error', listener: (error: Error) => void): unknown;
  },
): Promise<void> => {
  const reasons: string[] = [];
  const timers: NodeJS.Timeout[] = [];
  const late = new Promise<'late'>((resolve) => {
    timers.push(setTimeout(resolve, connectMs, 'late'));
    queue.on('error', (error) => {
      if (reasons.length === 0) timers.push(setTimeout(resolve, refusedMs, 'late'));
      reasons.push(error.message);
    });
  });
  const outcome = await Promise.race([late, queue.waitUntilReady().catch((error: unknown) => String(error))]);
  timers.forEach(clearTimeout);
  if (typeof outcome !== 'string') return;
  throw new BatchError('no-scheduler', {
    command: describeAddress(address),
    reason: outcome === 'late' ? (reasons.at(-1) ?? 'it does not answer') : outcome,
  });
};
