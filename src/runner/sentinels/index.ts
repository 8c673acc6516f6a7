/** Sentinels: they watch over training, and warn, stop the run, or are ignored, as the experiment says. */
import type { Moment } from '../../registry/contracts/index.js';
import type { SentinelActions, SentinelName } from '../config/sentinel-params.js';
import { RunError } from '../errors.js';
import type { UpdateColumns } from '../train/losses.js';
import type { RoundFigures } from '../train/round.js';
import type { Observed } from './probe.js';
import { DivergenceWatch, findModeCollapse, findPosteriorCollapse, findSaturation, GradientWatch, type Finding } from './rules.js';

/** What a sentinel has said. */
export interface Warning {
  readonly sentinel: SentinelName;
  readonly epoch: number;
  readonly step: number;
  readonly message: string;
}

export interface SentinelParts {
  readonly actions: SentinelActions;
  readonly updates: readonly UpdateColumns[];
  readonly stepsPerEpoch: number;
  /** Whether the discriminator's output is a log odds. */
  readonly isLogistic: boolean;
  readonly look: (() => Promise<Observed>) | null;
  /** Told of each warning; every sentinel warns once. */
  readonly warn: (warning: Warning) => Promise<void>;
}

/** So many epochs in a row, and so many steps, before something of an epoch's end is believed. */
const patience: Readonly<Partial<Record<SentinelName, { readonly epochs: number; readonly steps: number }>>> = {
  saturatedDiscriminator: { epochs: 3, steps: 500 },
  modeCollapse: { epochs: 2, steps: 300 },
  posteriorCollapse: { epochs: 3, steps: 1000 },
};

export const isWatched = (actions: SentinelActions, name: SentinelName): boolean => actions[name] !== 'ignore';

/** Sentinels that need a look at the model after an epoch. */
export const probing = ['saturatedDiscriminator', 'modeCollapse', 'posteriorCollapse'] as const satisfies readonly SentinelName[];

export type NonFinite = RunError<'non-finite-loss'> | RunError<'non-finite-metric'>;

const isOfStep = (error: NonFinite): error is RunError<'non-finite-loss'> => error.code === 'non-finite-loss';

const withOrigin = async (error: NonFinite, explain: () => Promise<string | null>): Promise<NonFinite> =>
  isOfStep(error) ? new RunError('non-finite-loss', { ...error.facts, origin: await explain() }) : error;

/** For a run that goes on. */
const describe = (error: NonFinite): string => {
  if (!isOfStep(error)) return `${error.facts.metric} is ${String(error.facts.value)}; such figures stay empty`;
  const { term, value, origin } = error.facts;
  return `${term} became ${String(value)}${origin === null ? '' : `; it began with ${origin}`}; such steps are left out`;
};

export class Sentinels {
  readonly #parts: SentinelParts;
  readonly #gradients: ReadonlyMap<string, GradientWatch>;
  readonly #losses: ReadonlyMap<string, DivergenceWatch>;
  readonly #seen = new Map<SentinelName, number>();
  readonly #told = new Set<SentinelName>();

  constructor(parts: SentinelParts) {
    this.#parts = parts;
    this.#losses = new Map(isWatched(parts.actions, 'divergence') ? parts.updates.map(({ total }) => [total, new DivergenceWatch()]) : []);
    const columns = parts.updates.map(({ gradientNorm, total }) => gradientNorm ?? total);
    this.#gradients = new Map(isWatched(parts.actions, 'explodingGradients') ? columns.map((column) => [column, new GradientWatch()]) : []);
  }

  /** After a step, with its figures. Throws RunError (`sentinel`) where one is to stop the run. */
  async inspectStep(figures: RoundFigures, step: number): Promise<void> {
    for (const [column, watch] of this.#losses) {
      const finding = watch.add(column, Math.abs(figures[column] ?? 0));
      if (finding) await this.#report('divergence', finding, step);
    }
    for (const [column, watch] of this.#gradients) {
      const finding = watch.add(column, Math.abs(figures[column] ?? 0), step);
      if (finding) await this.#report('explodingGradients', finding, step);
    }
  }

  /** After an epoch. Throws RunError (`sentinel`). */
  async inspectEpoch({ epoch, step }: Moment): Promise<void> {
    const { look, isLogistic } = this.#parts;
    if (look === null || epoch === 0 || !probing.some((name) => this.#canBeTold(name, step))) return;
    const { count, examples, means, samples, real, fake } = await look();
    if (real && fake && isLogistic) await this.#weigh('saturatedDiscriminator', () => findSaturation(real, fake), step);
    if (samples?.length === examples.length) await this.#weigh('modeCollapse', () => findModeCollapse(samples, examples, count), step);
    if (means) await this.#weigh('posteriorCollapse', () => findPosteriorCollapse(means, count), step);
  }

  /**
   * A step that gave something that is no number, or a figure of an epoch. `explain` says where it began, and is asked only where somebody is
   * told. Throws the error, with that, where the run is to stop; otherwise the step or the figure is left out.
   */
  async inspectNonFinite(error: NonFinite, explain: () => Promise<string | null>): Promise<void> {
    const { actions, warn } = this.#parts;
    if (actions.nonFinite === 'ignore' || (actions.nonFinite === 'warn' && this.#told.has('nonFinite'))) return;
    const told = await withOrigin(error, explain);
    if (actions.nonFinite === 'stop') throw told;
    this.#told.add('nonFinite');
    const { step } = error.facts;
    await warn({ sentinel: 'nonFinite', epoch: this.#epochOf(step), step, message: describe(told) });
  }

  #epochOf(step: number): number {
    return Math.ceil(step / this.#parts.stepsPerEpoch);
  }

  /** Whether what an epoch's end shows can count: in a short run, and where all is told, there is no need to look. */
  #canBeTold(sentinel: (typeof probing)[number], step: number): boolean {
    const { epochs = 1, steps = 0 } = patience[sentinel] ?? {};
    const { actions, stepsPerEpoch } = this.#parts;
    return isWatched(actions, sentinel) && !this.#told.has(sentinel) && step + (epochs - 1) * stepsPerEpoch >= steps;
  }

  async #weigh(sentinel: (typeof probing)[number], find: () => Finding | null, step: number): Promise<void> {
    if (!this.#canBeTold(sentinel, step)) return;
    const finding = find();
    const { epochs = 1, steps = 0 } = patience[sentinel] ?? {};
    const count = finding === null ? 0 : (this.#seen.get(sentinel) ?? 0) + 1;
    this.#seen.set(sentinel, count);
    if (finding && count >= epochs && step >= steps) await this.#report(sentinel, finding, step);
  }

  async #report(sentinel: SentinelName, { what, help }: Finding, step: number): Promise<void> {
    const action = this.#parts.actions[sentinel];
    if (action === 'ignore' || this.#told.has(sentinel)) return;
    const epoch = this.#epochOf(step);
    if (action === 'stop') throw new RunError('sentinel', { sentinel, epoch, step, what, help });
    this.#told.add(sentinel);
    await this.#parts.warn({ sentinel, epoch, step, message: `${what}\n  ${help}` });
  }
}
