/** How fast a run goes: recent steps per second, and the time left at the speed of the whole run, pictures and evaluation included. */

/** How much of the shown speed is the latest interval's. */
const smoothing = 0.3;

export class Pace {
  readonly #totalSteps: number;
  readonly #startMs: number;
  readonly #firstStep: number;
  #lastStep: number;
  #lastMs: number;
  /** Null before the first interval. */
  stepsPerSecond: number | null = null;
  secondsLeft: number | null = null;

  /** `firstStep` steps were finished before, by an earlier session. */
  constructor(totalSteps: number, startMs: number, firstStep = 0) {
    this.#firstStep = firstStep;
    this.#lastStep = firstStep;
    this.#totalSteps = totalSteps;
    this.#startMs = startMs;
    this.#lastMs = startMs;
  }

  /** `step` steps are finished at `nowMs`. */
  update(step: number, nowMs: number): void {
    const interval = (nowMs - this.#lastMs) / 1000;
    if (interval <= 0 || step <= this.#lastStep) return;
    const latest = (step - this.#lastStep) / interval;
    this.stepsPerSecond = this.stepsPerSecond === null ? latest : smoothing * latest + (1 - smoothing) * this.stepsPerSecond;
    this.secondsLeft = ((nowMs - this.#startMs) / 1000 / (step - this.#firstStep)) * (this.#totalSteps - step);
    this.#lastStep = step;
    this.#lastMs = nowMs;
  }
}
