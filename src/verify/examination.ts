/** What is found out about one component: a list of checks, each passed, failed with a reason, or left out with one. */

export interface Finding {
  /** `loss beta-kl` */
  readonly component: string;
  /** What was looked at, in a few words: "gradients agree with finite differences". */
  readonly check: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was left out; '' where it passed. */
  readonly message: string;
}

/** Thrown inside a check that cannot be made here. */
export class Skipped extends Error {}

/** Findings of one component, in the order of their checks. */
export class Examination {
  readonly findings: Finding[] = [];
  readonly #component: string;

  constructor(component: string) {
    this.#component = component;
  }

  get hasFailed(): boolean {
    return this.findings.some(({ status }) => status === 'failed');
  }

  /**
   * Tries the component in surroundings that it may or may not have been made for: the first in which nothing fails count, or the first of
   * all where something fails in each.
   */
  async tryEach<T>(surroundings: readonly T[], body: (one: T, trial: Examination) => Promise<void>): Promise<void> {
    const trials: Examination[] = [];
    for (const one of surroundings) {
      const trial = new Examination(this.#component);
      await body(one, trial);
      trials.push(trial);
      if (!trial.hasFailed) break;
    }
    const told = trials.find((trial) => !trial.hasFailed) ?? trials[0];
    this.findings.push(...(told?.findings ?? []));
    if (told === undefined)
      await this.check('is tried in a model', () => {
        throw new Skipped('no model at hand offers all that it reads, with players and data that suit it');
      });
  }

  /** @param body Gives why the check fails, or null; what it throws is a failure as well, save `Skipped`. */
  async check(check: string, body: () => string | null | Promise<string | null>): Promise<void> {
    const add = (status: Finding['status'], message: string): void => {
      this.findings.push({ component: this.#component, check, status, message });
    };
    try {
      const message = await body();
      add(message === null ? 'passed' : 'failed', message ?? '');
    } catch (error) {
      if (error instanceof Skipped) add('skipped', error.message);
      else add('failed', error instanceof Error ? `it throws: ${error.message}` : String(error));
    }
  }
}
