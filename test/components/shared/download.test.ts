import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { downloadInto, type Download } from '../../../src/components/shared/download.js';
import { fail, hang, hangHalfWay, serve, serveHalf, serveShort, startMirror, type Answer } from './mirror.js';
import { dataErrorOf, problem } from './rejection.js';
import { temporaryFolder, writeInto } from './temporary.js';

const content = Uint8Array.from({ length: 2_000_000 }, (_, i) => (i * i) % 251);
const folder = temporaryFolder();
let numCaches = 0;
const newCache = (): string => join(folder, `cache-${String(numCaches++)}`, 'inner');

const createDownload = (urls: readonly string[], changes: Partial<Download> = {}): Download => ({
  name: 'file.gz',
  urls,
  maxBytes: content.length,
  stallMs: 1500,
  open: (bytes) => {
    if (Buffer.compare(bytes, content) !== 0) throw new Error('not the content');
    return Promise.resolve(bytes);
  },
  help: 'Get it yourself.',
  log: () => undefined,
  ...changes,
});

describe('a download', () => {
  it('is opened, kept whole in a folder that is made for it, and leaves nothing else there', async () => {
    const { url } = await startMirror(serve(content));
    const cache = newCache();
    const opened = await downloadInto(cache, createDownload([url], { open: (bytes) => Promise.resolve(bytes.subarray(0, 3)) }));
    expect([...opened]).toEqual([...content.subarray(0, 3)]);
    expect(readdirSync(cache)).toEqual(['file.gz']);
    expect(readFileSync(join(cache, 'file.gz')).equals(content)).toBe(true);
  });

  it('replaces what was there under its name', async () => {
    const { url } = await startMirror(serve(content));
    const cache = newCache();
    mkdirSync(cache, { recursive: true });
    writeInto(cache, 'file.gz', 'damaged');
    await downloadInto(cache, createDownload([url]));
    expect(readFileSync(join(cache, 'file.gz')).length).toBe(content.length);
  });

  it('says where it comes from, how large it is, and each quarter', async () => {
    const { url } = await startMirror(serve(content));
    const said: string[] = [];
    await downloadInto(newCache(), createDownload([url], { log: (line) => said.push(line) }));
    expect(said[0]).toBe(`downloading ${url} (2.0 MB)`);
    expect(said.length).toBeGreaterThan(1);
    expect(said.length).toBeLessThanOrEqual(4);
  });

  const misbehaviours: readonly { readonly what: string; readonly answer: Answer; readonly reason: RegExp }[] = [
    { what: 'answers 404', answer: fail(404), reason: /404/ },
    { what: 'answers 503', answer: fail(503), reason: /503/ },
    { what: 'never answers', answer: hang, reason: /nothing came for 1\.5 s/ },
    { what: 'stops sending half way', answer: hangHalfWay(content), reason: /nothing came for 1\.5 s/ },
    { what: 'breaks off half way', answer: serveHalf(content), reason: /./ },
    { what: 'sends half of it as if it were all', answer: serveShort(content), reason: /not the content/ },
    { what: 'sends something else', answer: serve(Buffer.from('<html>')), reason: /not the content/ },
    { what: 'sends too much', answer: serve(new Uint8Array(content.length + 1)), reason: /more than 2000000 bytes/ },
    { what: 'closes the connection', answer: (response) => response.destroy(), reason: /./ },
  ];

  it.each(misbehaviours)('comes from the next mirror when one $what', async ({ answer, reason }) => {
    const [bad, good] = [await startMirror(answer), await startMirror(serve(content))];
    const said: string[] = [];
    const cache = newCache();
    await downloadInto(cache, createDownload([bad.url, good.url], { log: (line) => said.push(line) }));
    expect(readdirSync(cache)).toEqual(['file.gz']);
    expect(good.asked.length).toBe(1);
    expect(said.some((line) => line.startsWith(`${bad.url}: `) && reason.test(line))).toBe(true);
  });

  it.each(misbehaviours)('fails, and leaves no file, when the only mirror $what', async ({ answer, reason }) => {
    const { url } = await startMirror(answer);
    const cache = newCache();
    const error = await dataErrorOf(() => downloadInto(cache, createDownload([url])));
    expect(error).toMatchObject(problem('download-failed', { file: 'file.gz', help: 'Get it yourself.' }));
    expect(error.message).toContain(url);
    expect(error.message).toMatch(reason);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('may take longer than the time in which something must come', async () => {
    const slow: Answer = async (response) => {
      response.writeHead(200, { 'content-length': content.length });
      for (let at = 0; at < content.length; at += 250_000) {
        response.write(content.subarray(at, at + 250_000));
        await sleep(250);
      }
      response.end();
    };
    const { url } = await startMirror(slow);
    expect((await downloadInto(newCache(), createDownload([url]))).length).toBe(content.length);
  });

  it('fails with every mirror’s reason when no server is there, or none is given', async () => {
    // Port 9 (discard) is closed on any machine of today.
    const urls = ['http://127.0.0.1:9/a', 'no url at all', 'http://name.invalid/a'];
    const error = await dataErrorOf(() => downloadInto(newCache(), createDownload(urls)));
    expect(error.code).toBe('download-failed');
    for (const url of urls) expect(error.message).toContain(`  ${url}: `);
    expect(await dataErrorOf(() => downloadInto(newCache(), createDownload([])))).toMatchObject(
      problem('download-failed', { attempts: [] }),
    );
  });
});

describe('a cache folder that cannot be written', () => {
  it('is found out before anything is downloaded', async () => {
    const { url, asked } = await startMirror(serve(content));
    const cache = join(writeInto(folder, 'a-file', ''), 'cache');
    const error = await dataErrorOf(() => downloadInto(cache, createDownload([url])));
    expect(error).toMatchObject(problem('unwritable-cache', { folder: cache }));
    expect(asked).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('is found out by its permissions (skipped for root, who has all)', async () => {
    const { url } = await startMirror(serve(content));
    const cache = newCache();
    mkdirSync(cache, { recursive: true });
    chmodSync(cache, 0o555);
    expect(await dataErrorOf(() => downloadInto(cache, createDownload([url])))).toMatchObject(
      problem('unwritable-cache', { folder: cache }),
    );
    chmodSync(cache, 0o755);
  });

  it('is found out when the file cannot take its place', async () => {
    const { url } = await startMirror(serve(content));
    const cache = newCache();
    mkdirSync(join(cache, 'file.gz'), { recursive: true });
    writeFileSync(join(cache, 'file.gz', 'occupied'), '');
    expect(await dataErrorOf(() => downloadInto(cache, createDownload([url])))).toMatchObject(
      problem('unwritable-cache', { folder: cache }),
    );
    expect(readdirSync(cache)).toEqual(['file.gz']);
  });
});
