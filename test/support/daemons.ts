/** Daemons of other programs, in folders of their own: started with their process ids known, and surely stopped. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const searchPath = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;

/** Full path of a program; null where it is not installed. */
export const findProgram = (name: string): string | null =>
  searchPath
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file)) ?? null;

/** Ports that are free at this moment. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      servers.map(
        (server) =>
          new Promise<number>((resolve, reject) => {
            server.on('error', reject);
            server.listen(0, '127.0.0.1', () => {
              const address = server.address();
              if (address === null || typeof address === 'string') reject(new Error('no port'));
              else resolve(address.port);
            });
          }),
      ),
    );
  } finally {
    for (const server of servers) server.close();
  }
};

/** Resolves when `test` holds; throws with `what` after `seconds`. */
export const until = async (what: string, test: () => boolean | Promise<boolean>, seconds = 60): Promise<void> => {
  const end = performance.now() + seconds * 1000;
  while (!(await test())) {
    if (performance.now() > end) throw new Error(`waited ${String(seconds)} s in vain: ${what}`);
    await sleep(100);
  }
};

export interface Daemon {
  readonly pid: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** In the foreground, its output in `log`. It dies with SIGKILL where it does not end within 10 seconds. */
export const startDaemon = (program: string, args: readonly string[], log: string, env: NodeJS.ProcessEnv = process.env): Daemon => {
  const file = openSync(log, 'a');
  const child: ChildProcess = spawn(program, [...args], { stdio: ['ignore', file, file], env });
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => {
      resolve();
    });
    child.on('error', () => {
      resolve();
    });
  });
  const last = (): void => void child.kill('SIGKILL');
  process.on('exit', last);
  return {
    pid: child.pid ?? -1,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const timer = setTimeout(last, 10_000);
      await ended;
      clearTimeout(timer);
      process.off('exit', last);
    },
  };
};

/** Standard output; throws with what it says where it fails. */
export const callProgram = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string => {
  const { status, stdout, stderr } = spawnSync(program, [...args], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
};
