/**
 * Who is at work: while a component's code runs, its place in the experiment is kept, so that an error that comes up there can be told at
 * the line that named it. The error itself passes unchanged.
 */
import type { Kind } from './kinds.js';
import type { Path } from './path.js';

/** A component as an experiment has it: at `model.decoder`, a decoder of this name. */
export interface Part {
  readonly path: Path;
  readonly kind: Kind;
  readonly name: string;
}

const stack: Part[] = [];
const culprits = new WeakMap<Error, Part>();

/** Carries an error out of a component that is not to blame for it: it was given what it cannot work with. */
class CallersError extends Error {
  override readonly cause: Error;

  constructor(cause: Error) {
    super(cause.message);
    this.cause = cause;
  }
}

/** Runs `body`, code of a component. Parts nest, and an error is the innermost's. `body` must not wait for anything. */
export const onBehalfOf = <T>(part: Part, body: () => T): T => {
  stack.push(part);
  try {
    return body();
  } catch (error) {
    if (error instanceof CallersError) throw error.cause;
    if (error instanceof Error && !culprits.has(error)) culprits.set(error, part);
    throw error;
  } finally {
    stack.pop();
  }
};

/** Runs `body`; what it throws is its caller's fault where `isCallers` says so. */
export const orBlameCaller = <T>(isCallers: () => boolean, body: () => T): T => {
  try {
    return body();
  } catch (error) {
    if (error instanceof Error && !culprits.has(error) && isCallers()) throw new CallersError(error);
    throw error;
  }
};

/** Puts an error that comes to light later to the account of the component whose code runs now. */
export const accuseLater = (): ((error: Error) => void) => {
  const part = partAtWork();
  return (error) => {
    if (part !== null && !culprits.has(error)) culprits.set(error, part);
  };
};

/** The component whose code runs now. */
export const partAtWork = (): Part | null => stack.at(-1) ?? null;

/** The component in whose code an error came up; null where it was in none. */
export const partToBlame = (error: unknown): Part | null => (error instanceof Error ? (culprits.get(error) ?? null) : null);
