/** Time, behind an interface: everything else of a run follows from its config. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment; never goes back. */
  elapsedMs(): number;
}

export const systemClock: Clock = { now: () => new Date(), elapsedMs: () => performance.now() };
