/** Runs that are killed again and again, each time gone on with, and what they leave, held against an undisturbed run. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../dist/cli/main.js');

export const signals = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;
export type Signal = (typeof signals)[number];

interface Session {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  /** From the start of the process to the end of its first epoch, and to its own end. */
  readonly firstEpochMs: number;
  readonly endMs: number;
}

/** One session of `latentlab`; `kill` comes so many milliseconds after its start. */
const runSession = (args: readonly string[], kill: { readonly signal: Signal; readonly afterMs: number } | null): Promise<Session> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let firstEpochMs = Infinity;
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      if (firstEpochMs === Infinity && /^epoch \d+\/\d+ {2}\w/m.test(output)) firstEpochMs = performance.now() - started;
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    const timer = kill === null ? null : setTimeout(() => child.kill(kill.signal), kill.afterMs);
    child.on('error', reject);
    child.on('close', (code) => {
      if (timer !== null) clearTimeout(timer);
      resolve({ code, output, firstEpochMs, endMs: performance.now() - started });
    });
  });

/** The folder of the only run below `results`; null where none has begun. */
const runFolder = (results: string): string | null => {
  try {
    const found = readdirSync(results).flatMap((experiment) =>
      readdirSync(join(results, experiment)).map((run) => join(results, experiment, run)),
    );
    if (found.length > 1) throw new Error(`there is more than one run: ${found.join(', ')}`);
    const [folder] = found;
    return folder !== undefined && readdirSync(folder).includes('run.json') ? folder : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
};

/** Bytes by file of all that must be equal: figures, pictures, weights and optimizer state. Times are elsewhere. */
const lasting = (folder: string): ReadonlyMap<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter((file) => /^metrics\.csv$|\.(png|svg|safetensors)$/.test(file))
      .toSorted()
      .map((file) => [file, readFileSync(join(folder, file))]),
  );

export interface Disturbed {
  /** By signal, those that came while the run was at work. */
  readonly kills: Readonly<Record<Signal, number>>;
  readonly rows: number;
  readonly bytes: number;
  /** Files that are not as the undisturbed run left them. */
  readonly differences: readonly string[];
  /** What sessions said that ended as they should not have. */
  readonly failures: readonly string[];
}

export interface KillSetting {
  /** An experiment file, with what `--set` adds. */
  readonly config: string;
  readonly overrides: readonly string[];
  /** An empty folder. */
  readonly folder: string;
  readonly numKills: number;
  /** Uniform on [0, 1). */
  readonly random: () => number;
}

/** How a session ends that was sent a signal: by it, by an exit code, or because it was done already. */
const expectedCodes: Readonly<Record<Signal, readonly (number | null)[]>> = {
  SIGKILL: [null, 0],
  // Before Node listens, a signal ends the process.
  SIGTERM: [75, null, 0],
  SIGINT: [130, null, 0],
};

/** Trains once undisturbed, and once with kills at random moments until so many were survived; then lets it come to its end. */
export const disturb = async ({ config, overrides, folder, numKills, random }: KillSetting): Promise<Disturbed> => {
  const set = overrides.flatMap((override) => ['--set', override]);
  const runArgs = (results: string): readonly string[] => ['run', config, ...set, '--out', results];
  const calm = join(folder, 'calm');
  const whole = await runSession(runArgs(calm), null);
  const calmFolder = runFolder(calm);
  if (whole.code !== 0 || calmFolder === null) throw new Error(`the undisturbed run failed:\n${whole.output}`);

  const disturbed = join(folder, 'disturbed');
  const kills = { SIGKILL: 0, SIGTERM: 0, SIGINT: 0 };
  const failures: string[] = [];
  const count = (): number => kills.SIGKILL + kills.SIGTERM + kills.SIGINT;
  let isDone = false;
  while (!isDone && failures.length === 0) {
    const begun = runFolder(disturbed);
    const args = begun === null ? runArgs(disturbed) : ['resume', begun];
    const signal = signals[Math.floor(random() * signals.length)] ?? 'SIGKILL';
    // Most fall into training; some into the start, and some behind the end.
    const afterMs = whole.firstEpochMs * 0.7 + random() * (whole.endMs - whole.firstEpochMs) * 0.5;
    const kill = count() < numKills ? { signal, afterMs } : null;
    const { code, output } = await runSession(args, kill);
    if (kill === null ? code !== 0 : !expectedCodes[signal].includes(code))
      failures.push(`${args.join(' ')} (${signal}) ended with ${String(code)}:\n${output}`);
    if (kill !== null && code !== 0) kills[signal]++;
    isDone = code === 0;
  }
  const left = runFolder(disturbed);
  const [expected, found] = [lasting(calmFolder), left === null ? new Map<string, Buffer>() : lasting(left)];
  const differences = [...new Set([...expected.keys(), ...found.keys()])].filter((file) => {
    const [a, b] = [expected.get(file), found.get(file)];
    return a === undefined || b === undefined || !a.equals(b);
  });
  return {
    kills,
    failures,
    differences,
    rows: (expected.get('metrics.csv')?.toString().trimEnd().split('\n').length ?? 1) - 1,
    bytes: [...expected.values()].reduce((sum, { length }) => sum + length, 0),
  };
};
