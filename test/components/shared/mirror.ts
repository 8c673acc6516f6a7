/** A web server on loopback that behaves as badly as a mirror can. */
import { createServer, type ServerResponse } from 'node:http';
import { afterAll } from 'vitest';

/** May be a promise; where it fails, so does the connection. */
export type Answer = (response: ServerResponse, path: string) => unknown;

export interface Mirror {
  readonly url: string;
  /** Paths in the order in which they were asked for. */
  readonly asked: readonly string[];
}

/** Serves until the last test of the file is over. */
export const startMirror = async (answer: Answer): Promise<Mirror> => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    Promise.resolve(answer(response, request.url ?? '')).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${String(address.port)}`, asked };
};

export const serve =
  (body: Uint8Array): Answer =>
  (response) => {
    response.writeHead(200, { 'content-length': body.length }).end(body);
  };
export const fail =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status).end('an error page');
  };
/** Announces the whole and breaks the connection half way. */
export const serveHalf =
  (body: Uint8Array): Answer =>
  (response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  };
/** Ends orderly half way, with no length announced: only the content can tell. */
export const serveShort =
  (body: Uint8Array): Answer =>
  (response) => {
    response.writeHead(200);
    response.end(body.subarray(0, body.length >> 1));
  };
export const hang: Answer = () => undefined;
/** Sends the beginning and then nothing more. */
export const hangHalfWay =
  (body: Uint8Array): Answer =>
  (response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, body.length >> 1));
  };
