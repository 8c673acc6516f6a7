/** Batches through a queue in Redis, a real one: several workers, kills, a Redis that restarts, and jobs that are not to be trusted. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyExperiment, writeExperiments } from '../../support/batch-kills.js';
import { callProgram, findProgram, freePorts, startDaemon, until, type Daemon } from '../../support/daemons.js';
import { mountAt, unmountAt } from '../../support/small-disk.js';

const server = findProgram('redis-server');
if (server === null) console.warn('test/batch/bullmq: skipped, not installed: redis-server');

const openssl = findProgram('openssl');
/** Why TLS cannot be tried; null where it can. A server without it knows none of its options. */
const missingForTls = ((): string | null => {
  if (server === null) return null;
  if (openssl === null) return 'not installed: openssl';
  const { stdout } = spawnSync(server, ['--port', '0', '--tls-port', '1', '--tls-cert-file', '/none'], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return stdout.includes('Failed to configure TLS') ? null : 'this redis-server was built without TLS';
})();
if (missingForTls !== null) console.warn(`test/batch/bullmq: TLS is left out, ${missingForTls}`);

const program = resolve(import.meta.dirname, '../../../dist/cli/main.js');
const password = 'a word that nobody is to see';

interface Process {
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  readonly output: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
}

describe.skipIf(server === null)('a batch through a queue', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-queue-'));
  const results = join(folder, 'results');
  const started: Process[] = [];
  let redis: Daemon | null = null;
  let numStarts = 0;
  let [port, tlsPort] = [0, 0];

  /** An authority of its own, and a certificate by it for both sides. */
  const writeCertificates = (): void => {
    if (openssl === null) return;
    const at = (name: string): string => join(folder, name);
    const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    callProgram(openssl, [...make, '-subj', '/CN=authority', '-keyout', at('ca.key'), '-out', at('ca.pem')]);
    const own = ['-subj', '/CN=own', '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE'];
    callProgram(openssl, [...make, ...own, '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-keyout', at('own.key'), '-out', at('own.pem')]);
  };
  const tls = (): readonly string[] => [
    ...['--tls-port', String(tlsPort), '--tls-cert-file', join(folder, 'own.pem'), '--tls-key-file', join(folder, 'own.key')],
    ...['--tls-ca-cert-file', join(folder, 'ca.pem'), '--tls-auth-clients', 'yes'],
  ];
  const startRedis = async (): Promise<void> => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', join(folder, 'redis'), '--appendonly', 'yes', '--save', ''];
    const sha256 = createHash('sha256').update(password).digest('hex');
    const user = ['--user', 'trainer', 'on', `#${sha256}`, '~bull:latentlab:*', '&*', '+@all'];
    const own = ['--appendfsync', 'always', '--requirepass', password, ...user, ...(missingForTls === null ? tls() : [])];
    // A log of its own: an earlier one has said that it was ready.
    const log = join(folder, `redis-${String(++numStarts)}.log`);
    redis = startDaemon(server ?? '', [...args, ...own], log);
    await until('redis listens', () => readFileSync(log, 'utf8').includes('Ready to accept connections'));
  };
  beforeAll(async () => {
    for (const name of ['redis', 'results']) mkdirSync(join(folder, name));
    [port = 0, tlsPort = 0] = await freePorts(2);
    if (missingForTls === null) writeCertificates();
    await startRedis();
  }, 120_000);
  afterAll(async () => {
    for (const each of started) each.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const start = (args: readonly string[]): Process => {
    const env = {
      ...process.env,
      LATENTLAB_DATA: '',
      LATENTLAB_QUEUE: `redis://127.0.0.1:${String(port)}`,
      LATENTLAB_QUEUE_PASSWORD: password,
    };
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env });
    let output = '';
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    const ended = new Promise<{ readonly code: number | null; readonly output: string }>((done) => {
      child.on('close', (code) => {
        done({ code, output });
      });
    });
    const begun = { ended, output: () => output, kill: (signal: NodeJS.Signals) => child.kill(signal) };
    started.push(begun);
    return begun;
  };
  const worker = (): Process => start(['worker', '--root', results, '--jobs', '1', '--lease', '2']);
  const batch = (...args: readonly string[]): Process => start(['batch', ...args, '--launcher', 'bullmq']);
  const read = (name: string, run: string): Readonly<Record<string, unknown>> => {
    const file = join(results, 'batches', name, run, 'run.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>) : {};
  };
  const sessionsOf = (name: string, run = name): readonly { readonly step: number }[] =>
    (read(name, run)['resumed'] ?? []) as readonly { readonly step: number }[];
  /** Of the jobs that are there. */
  const ids = async (): Promise<readonly (string | undefined)[]> => {
    const queue = new Queue('latentlab', { connection: { host: '127.0.0.1', port, password } });
    const jobs = await queue.getJobs();
    await queue.close();
    return jobs.map(({ id }) => id);
  };
  const writeLong = (name: string, below = '.'): void => {
    const training = { epochs: 400, batchSize: 30, evaluationBatchSize: 30 };
    writeFileSync(join(folder, below, `${name}.yaml`), tinyExperiment(name, 1, { training, checkpoints: { every: { steps: 50 } } }));
  };

  it('is shared out among workers, each run once, whoever looks on; no word of the password is left', async () => {
    writeExperiments(join(folder, 'study'), 4);
    const away = await batch('study', '--detach').ended;
    expect(away).toMatchObject({ code: 0 });
    const workers = [worker(), worker()];
    const { code, output } = await batch('study').ended;
    expect({ code, output }).toMatchObject({ code: 0 });
    for (const run of ['tiny-0', 'tiny-1', 'tiny-2', 'tiny-3'])
      expect(read('study', run)).toMatchObject({ status: 'done', step: 6, resumed: [] });
    for (const each of workers) each.kill('SIGTERM');
    const ended = await Promise.all(workers.map((each) => each.ended));
    expect(ended.map((each) => each.code)).toEqual([0, 0]);
    const taken = ended.map((each) => each.output.match(/: started$/gm)?.length ?? 0);
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(4);
    const texts = [output, ...ended.map((each) => each.output), readFileSync(join(results, 'batches/study/batch.json'), 'utf8')];
    expect(texts.some((text) => text.includes(password) || text.includes(encodeURIComponent(password)))).toBe(false);
  }, 180_000);

  it('goes on from its checkpoint when a worker is killed, when one is asked to end, and when Redis restarts', async () => {
    writeLong('long');
    const first = worker();
    const running = batch('long.yaml');
    await until('it has a checkpoint', () => Number(read('long', 'long')['step'] ?? 0) > 50);
    first.kill('SIGKILL');
    const second = worker();
    await until('another worker has it', () => sessionsOf('long').length === 1);
    expect(sessionsOf('long')[0]?.step).toBeGreaterThan(0);
    second.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(read('long', 'long')).toMatchObject({ status: 'interrupted' });
    await redis?.stop();
    await startRedis();
    const third = worker();
    const { code, output } = await running.ended;
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(read('long', 'long')).toMatchObject({ status: 'done', step: 800 });
    expect(sessionsOf('long')).toHaveLength(2);
    third.kill('SIGTERM');
    await third.ended;
  }, 180_000);

  it('gives a run up that has lost too many workers, says so in its run.json, and ends its batch', async () => {
    writeLong('deadly');
    expect(await batch('deadly.yaml', '--detach').ended).toMatchObject({ code: 0 });
    const first = worker();
    await until('it is at work', () => Number(read('deadly', 'deadly')['step'] ?? 0) > 50);
    const queue = new Queue('latentlab', { connection: { host: '127.0.0.1', port, password } });
    const [job] = await queue.getJobs(['active']);
    // As if ten had been lost before.
    await (await queue.backend.client).hset(queue.toKey(job?.id ?? ''), { stc: '10' });
    await queue.close();
    first.kill('SIGKILL');
    const second = worker();
    await until('the summary is there', () => existsSync(join(results, 'batches/deadly/summary.csv')));
    const message = '11 workers were lost while they had it; it may be what kills them';
    expect(read('deadly', 'deadly')).toMatchObject({ status: 'failed', error: { code: 'crashed', message }, mishaps: [{ message }] });
    expect(readFileSync(join(results, 'batches/deadly/summary.csv'), 'utf8')).toContain(message);
    expect(existsSync(join(results, 'batches/deadly/deadly/run.lock'))).toBe(false);
    // Whoever tries it again begins to count anew.
    const { code, output } = await batch('deadly.yaml', '--only-failed').ended;
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(read('deadly', 'deadly')).toMatchObject({ status: 'done', step: 800 });
    second.kill('SIGTERM');
    expect((await second.ended).output).toContain(`deadly: FAILED: ${message}`);
  }, 180_000);

  it('stops with checkpoints at Ctrl-C, whatever has begun, and writes its summary without anybody who looks on', async () => {
    mkdirSync(join(folder, 'pair'));
    writeLong('one', 'pair');
    writeFileSync(join(folder, 'pair/two.yaml'), tinyExperiment('two', 1));
    const one = worker();
    const running = batch('pair');
    await until('one is at work', () => Number(read('pair', 'one')['step'] ?? 0) > 50);
    running.kill('SIGINT');
    const { code, output } = await running.ended;
    expect({ code, output }).toMatchObject({ code: 130 });
    expect(output).toContain('one: stopped');
    expect(read('pair', 'one')).toMatchObject({ status: 'interrupted' });
    expect(read('pair', 'two')).toMatchObject({ status: 'queued' });
    expect(await ids()).toEqual([]);
    rmSync(join(results, 'batches/pair/summary.csv'));
    expect(await batch('pair', '--detach').ended).toMatchObject({ code: 0 });
    await until('the summary is there', () => existsSync(join(results, 'batches/pair/summary.csv')));
    expect(read('pair', 'one')).toMatchObject({ status: 'done', step: 800 });
    expect(read('pair', 'two')).toMatchObject({ status: 'done', step: 6 });
    expect(sessionsOf('pair', 'one')).toHaveLength(1);
    one.kill('SIGTERM');
    expect((await one.ended).output).toContain('summary.csv is there');
  }, 180_000);

  it.skipIf(missingForTls !== null)(
    'is reached by TLS, by a user of its own with a certificate of its own, and by nobody else',
    async () => {
      writeExperiments(join(folder, 'secret'), 1);
      const files = ['--queue-ca', 'ca.pem', '--queue-cert', 'own.pem', '--queue-key', 'own.key'];
      const queue = ['--queue', `rediss://trainer@127.0.0.1:${String(tlsPort)}`];
      const [unbelieved, unknown, wrong] = await Promise.all([
        batch('secret', ...queue).ended,
        batch('secret', ...queue, '--queue-ca', 'ca.pem', '--out', 'results/batches/secret-2').ended,
        start(['worker', '--root', results, '--queue', `rediss://nobody@127.0.0.1:${String(tlsPort)}`, ...files]).ended,
      ]);
      expect({ ...unbelieved }).toMatchObject({ code: 1, output: expect.stringMatching(/self-signed certificate/) as string });
      expect({ ...unknown }).toMatchObject({ code: 1, output: expect.stringMatching(/certificate required|closed|ECONNRESET/) as string });
      expect({ ...wrong }).toMatchObject({ code: 1, output: expect.stringContaining('WRONGPASS') as string });
      const serving = start(['worker', '--root', results, '--jobs', '1', ...queue, ...files]);
      const { code, output } = await batch('secret', ...queue, ...files).ended;
      expect({ code, output }).toMatchObject({ code: 0 });
      serving.kill('SIGTERM');
      const texts = [output, (await serving.ended).output, unbelieved.output, unknown.output, wrong.output];
      expect(texts.some((text) => text.includes(password) || text.includes(encodeURIComponent(password)))).toBe(false);
    },
    180_000,
  );

  it('takes no more runs when the disk is full, and the same command goes on with all of them', async (context) => {
    writeExperiments(join(folder, 'full'), 3);
    const disk = join(results, 'batches/full');
    mkdirSync(disk, { recursive: true });
    if (!mountAt(disk, 'size=512k')) context.skip('mounting is not permitted here');
    try {
      expect(await batch('full', '--out', disk, '--detach').ended).toMatchObject({ code: 0 });
      // Room for some words and no run.
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize - 24 * 1024));
      const [first, watching] = [worker(), batch('full', '--out', disk)];
      const { code, output } = await first.ended;
      expect({ code, output }).toMatchObject({ code: 75, output: expect.stringContaining('takes no more runs') as string });
      expect(output.match(/: started$/gm)).toHaveLength(1);
      expect(await watching.ended).toMatchObject({ code: 1, output: expect.stringContaining('the disk is full') as string });
      expect(await ids()).toHaveLength(1);
      rmSync(join(disk, 'filler'));
      const second = worker();
      expect(await batch('full', '--out', disk).ended).toMatchObject({ code: 0 });
      for (const run of ['tiny-0', 'tiny-1', 'tiny-2']) expect(read('full', run)).toMatchObject({ status: 'done', step: 6 });
      second.kill('SIGTERM');
      expect(await second.ended).toMatchObject({ code: 0 });
    } finally {
      unmountAt(disk);
    }
  }, 180_000);

  it('refuses jobs that lead elsewhere, or say what they must not', async () => {
    const watching = worker();
    const queue = new Queue('latentlab', { connection: { host: '127.0.0.1', port, password } });
    try {
      const data = { batch: '/etc', run: 'ssh', hash: '0'.repeat(64), memoryMiB: null, minutes: null, silentMinutes: 1, retries: 0 };
      await queue.add('unknown key', { ...data, backoffSeconds: 1, command: 'rm' });
      await queue.add('way out', { ...data, backoffSeconds: 1, run: '../x' });
      await queue.add('other id', { ...data, backoffSeconds: 1 });
      await until('all are refused', async () => (await queue.getFailedCount()) === 3);
    } finally {
      await queue.close();
    }
    expect(watching.output()).toContain('"job" has no parameter "command"');
    expect(watching.output()).toContain('"run" cannot be "../x" (text): it must match');
    expect(watching.output()).toContain('its id is not that of its content');
    watching.kill('SIGTERM');
    await watching.ended;
  }, 180_000);

  it('fails a run that the worker itself cannot begin, says so in its run.json, and ends its batch', async () => {
    writeExperiments(join(folder, 'odd'), 2);
    expect(await batch('odd', '--detach').ended).toMatchObject({ code: 0 });
    mkdirSync(join(results, 'batches/odd/tiny-0/log.txt'));
    const one = worker();
    await until('the summary is there', () => existsSync(join(results, 'batches/odd/summary.csv')));
    expect(read('odd', 'tiny-0')).toMatchObject({ status: 'failed', error: { code: 'output-unwritable' }, mishaps: [{}] });
    expect(read('odd', 'tiny-1')).toMatchObject({ status: 'done' });
    expect(readFileSync(join(results, 'batches/odd/summary.csv'), 'utf8')).toContain('there is a folder of that name');
    one.kill('SIGTERM');
    expect((await one.ended).output).toContain('tiny-0: FAILED: cannot write');
  }, 180_000);
});

describe('--launcher bullmq', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-no-queue-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const run = (args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> =>
    new Promise((done) => {
      const child = spawn(process.execPath, [program, ...args], { cwd: folder });
      let output = '';
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.on('close', (code) => {
        done({ code, output });
      });
    });

  it('says what is wrong with the address, without its secrets', async () => {
    writeExperiments(join(folder, 'study'), 1);
    const [port = 0] = await freePorts(1);
    const batch = ['batch', 'study', '--launcher', 'bullmq'];
    expect(await run(batch)).toMatchObject({ code: 2, output: expect.stringContaining('--queue is missing') as string });
    const { code, output } = await run([...batch, '--queue', `redis://me:secret@127.0.0.1:${String(port)}/2`]);
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain(`redis://127.0.0.1:${String(port)}/2`);
    expect(output).toContain('ECONNREFUSED');
    expect(output).not.toContain('secret');
    expect((await run([...batch, '--queue', 'redis://x', '--queue-ca', 'none.pem'])).output).toContain('none.pem cannot be read');
    expect((await run(['worker', '--queue', 'http://x', '--root', '.'])).output).toContain('is no address such as redis://');
  }, 60_000);
});
