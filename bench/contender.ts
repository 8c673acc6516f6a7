/** A contender of a benchmark: a process that takes training steps when it is told to, and says how long they took. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ContenderSpec {
  /** As the table prints it, without version and threads. */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly threads: number;
  readonly cwd: string;
}

export interface Round {
  readonly stepsPerSecond: number;
  readonly loss: number;
  readonly peakMiB: number;
}

interface Reply {
  readonly ready?: boolean;
  readonly version?: string;
  readonly seconds?: number;
  readonly loss?: number;
  readonly peakMiB?: number;
}

/** Started, first step done. */
export class Contender {
  readonly spec: ContenderSpec;
  readonly version: string;
  /** From starting the process to the end of its first step. */
  readonly secondsToFirstStep: number;
  readonly #child: ChildProcess;
  readonly #replies: AsyncIterator<string>;

  private constructor(
    spec: ContenderSpec,
    version: string,
    secondsToFirstStep: number,
    child: ChildProcess,
    replies: AsyncIterator<string>,
  ) {
    this.spec = spec;
    this.version = version;
    this.secondsToFirstStep = secondsToFirstStep;
    this.#child = child;
    this.#replies = replies;
  }

  /** null, with the reason on standard error, where the contender cannot be started (a package that is not installed). */
  static async start(spec: ContenderSpec): Promise<Contender | null> {
    const started = performance.now();
    const child = spawn(spec.command, [...spec.args], { cwd: spec.cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2000)));
    const failed = new Promise<null>((resolve) => {
      child.once('error', () => {
        resolve(null);
      });
    });
    const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (;;) {
      const line = await Promise.race([replies.next(), failed]);
      if (line === null || line.done) {
        process.stderr.write(`${spec.title}: not here (${complaints.trim().split('\n').at(-1) ?? 'no reason given'})\n`);
        return null;
      }
      const reply = parse(line.value);
      if (reply?.ready) return new Contender(spec, reply.version ?? '', (performance.now() - started) / 1000, child, replies);
    }
  }

  async run(steps: number): Promise<Round> {
    this.#child.stdin?.write(`${String(steps)}\n`);
    for (;;) {
      const line = await this.#replies.next();
      if (line.done) throw new Error(`${this.spec.title} ended in the middle of a round`);
      const reply = parse(line.value);
      if (reply?.seconds !== undefined)
        return { stepsPerSecond: steps / reply.seconds, loss: reply.loss ?? NaN, peakMiB: reply.peakMiB ?? NaN };
    }
  }

  stop(): void {
    this.#child.stdin?.end();
    this.#child.kill();
  }
}

const parse = (line: string): Reply | null => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
};
