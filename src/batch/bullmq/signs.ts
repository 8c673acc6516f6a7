/**
 * What those who queue runs and those who train them tell each other beside the jobs, in keys of Redis next to those of the queue: which
 * runs are to stop, and which of a batch have not come to their end, so that whoever ends the last one knows it.
 */
import { createHash } from 'node:crypto';
import type { RedisClient } from 'bullmq';

/** A queue, or a worker of it. */
export interface Connected {
  readonly toKey: (type: string) => string;
  readonly backend: { readonly client: Promise<RedisClient> };
}

/** A sign that nobody has taken down is forgotten after a day. */
const stopSeconds = 86_400;
const stopKey = ({ toKey }: Connected, id: string): string => toKey(`stop:${id}`);

/** Workers stop these runs with a checkpoint, and do not give them back to the queue. */
export const askToStop = async (queue: Connected, ids: readonly string[]): Promise<void> => {
  const client = await queue.backend.client;
  await Promise.all(ids.map((id) => client.set(stopKey(queue, id), '1', { EX: stopSeconds })));
};

export const isAskedToStop = async (queue: Connected, id: string): Promise<boolean> =>
  (await (await queue.backend.client).get(stopKey(queue, id))) !== null;

const leftKey = ({ toKey }: Connected, batch: string): string => toKey(`left:${createHash('sha256').update(batch).digest('hex')}`);
/** Stands among the runs of a batch while its summary is being written: a worker that is killed then leaves it to another. */
const summary = 'summary';

/** Before these are queued. */
export const expectRuns = async (queue: Connected, batch: string, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  const client = await queue.backend.client;
  await client.hset(leftKey(queue, batch), Object.fromEntries(ids.map((id) => [id, 1])));
  await client.del(...ids.map((id) => stopKey(queue, id)));
};

/** Nobody is to wait for these any more. */
export const forgetRuns = async (queue: Connected, batch: string, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await (await queue.backend.client).hdel(leftKey(queue, batch), ...ids);
};

const endScript = `
local removed = redis.call('HDEL', KEYS[1], ARGV[1])
local left = redis.call('HLEN', KEYS[1])
if left == 0 and removed == 1 then
  redis.call('HSET', KEYS[1], ARGV[2], 1)
  return 1
end
if left == 1 and redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then return 1 end
return 0`;

/** Whether this was the last run of its batch; its summary is to be written then, and `endBatch` to be told. */
export const endRun = async (worker: Connected, batch: string, id: string): Promise<boolean> => {
  const client = await worker.backend.client;
  client.defineCommand('latentlabEndRun', { numberOfKeys: 1, lua: endScript });
  const isLast: unknown = await client.runCommand('latentlabEndRun', [leftKey(worker, batch), id, summary]);
  return isLast === 1;
};

/** The summary is there. */
export const endBatch = (worker: Connected, batch: string): Promise<void> => forgetRuns(worker, batch, [summary]);
