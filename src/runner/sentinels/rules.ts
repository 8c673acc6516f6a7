/**
 * What sentinels look for. Thresholds are wide: a healthy run must never be told that it is ill, and an illness that is missed for an epoch
 * is seen in the next.
 */

/** What there is to say: what was seen, what it usually means, and what to do. */
export interface Finding {
  readonly what: string;
  readonly help: string;
}

const show = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Norms of the gradients of one update, step by step; or sizes of its loss, where no norm is measured. */
export class GradientWatch {
  /** So many steps tell what is usual. */
  static readonly window = 200;
  static readonly factor = 100;
  /** So many large steps among the last `window` are no accident. */
  static readonly count = 3;
  readonly #usual: number[] = [];
  /** The largest of the first steps: what falls fast at first may come back to it. */
  #first = 0;
  #numSteps = 0;
  #large: number[] = [];

  /** The norm of a finished step; says something in the step that is one too many. */
  add(column: string, norm: number, step: number): Finding | null {
    const { window, factor, count } = GradientWatch;
    const median = this.#usual.toSorted((a, b) => a - b)[Math.floor(this.#usual.length / 2)] ?? 0;
    const isKnown = this.#usual.length >= window / 4;
    if (this.#numSteps++ < window / 10) this.#first = Math.max(this.#first, norm);
    if (!isKnown || norm <= factor * median || norm <= 10 * this.#first) {
      // What is too large does not become usual.
      this.#usual.push(norm);
      if (this.#usual.length > window) this.#usual.shift();
      return null;
    }
    this.#large = [...this.#large.filter((at) => at > step - window), step];
    if (this.#large.length < count) return null;
    return {
      what: `${column} was above ${show(factor * median)} in ${String(count)} steps, ${show(norm)} in the last; half of the steps before had less than ${show(median)}`,
      help: 'Try a smaller learning rate, or training.clipping: { norm: 1 } (Pascanu et al. 2013).',
    };
  }
}

/**
 * The loss of one update, step by step. A hundred times what a first loss is, where weights have not moved, is the measure; ten thousand at
 * least, since losses that begin close to zero may rise far.
 */
export class DivergenceWatch {
  static readonly factor = 100;
  static readonly least = 1e4;
  /** So many steps in a row: single batches may be far off. */
  static readonly count = 5;
  #first: number | null = null;
  #numLarge = 0;

  /** The size of the loss in a finished step. */
  add(column: string, loss: number): Finding | null {
    const { factor, least, count } = DivergenceWatch;
    this.#first ??= loss;
    const limit = Math.max(least, factor * this.#first);
    this.#numLarge = loss > limit ? this.#numLarge + 1 : 0;
    if (this.#numLarge !== count) return null;
    return {
      what: `${column} was above ${show(limit)} in ${String(count)} steps in a row, ${show(loss)} in the last; it began at ${show(this.#first)}`,
      help: 'Try a smaller learning rate, a warm-up of it (learningRate: { type: linear-warmup, epochs: 1, to: 0.001 }), or training.clipping: { norm: 1 }.',
    };
  }
}

/**
 * Whether a discriminator of log odds has nothing left to say: it is right of nearly all, and its logits are beyond 5, where the sigmoid's
 * slope is below 0.007. Source: Arjovsky & Bottou 2017, "Towards Principled Methods for Training Generative Adversarial Networks", theorem 2.4.
 */
export const findSaturation = (real: ArrayLike<number>, fake: ArrayLike<number>): Finding | null => {
  const [right, wrong] = [Array.from(real), Array.from(fake)];
  const accuracy = (right.filter((logit) => logit > 0).length + wrong.filter((logit) => logit < 0).length) / (right.length + wrong.length);
  const margins = [...right, ...wrong.map((logit) => -logit)].toSorted((a, b) => a - b);
  const tenth = margins[Math.floor(margins.length / 10)] ?? 0;
  if (accuracy < 0.995 || tenth < 5) return null;
  return {
    what: `the discriminator is right about ${percent(accuracy)} of real and fake, nine tenths of them with logits beyond ${show(tenth)}`,
    help:
      'The generator learns nothing from a discriminator that is sure. Give the discriminator a smaller learning rate, dropout, instance noise ' +
      'or label smoothing, or take gan-wasserstein with a gradient-penalty.',
  };
};

/** Mean Euclidean distance of the pairs of `count` rows. */
export const meanDistance = (values: ArrayLike<number>, count: number): number => {
  const width = values.length / count;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      let square = 0;
      for (let d = 0; d < width; d++) square += ((values[i * width + d] ?? 0) - (values[j * width + d] ?? 0)) ** 2;
      sum += Math.sqrt(square);
    }
  }
  return (2 * sum) / (count * (count - 1));
};

/** Samples whose distances are less than a fifth of those of examples. One mode of eight is far below, all modes are near 1. */
export const findModeCollapse = (samples: ArrayLike<number>, examples: ArrayLike<number>, count: number): Finding | null => {
  const [ofSamples, ofExamples] = [meanDistance(samples, count), meanDistance(examples, count)];
  if (ofSamples >= 0.2 * ofExamples) return null;
  return {
    what: `${String(count)} samples lie ${show(ofSamples)} apart on average, and as many examples ${show(ofExamples)}`,
    help:
      'The generator makes nearly one and the same. Try minibatchDeviation in the discriminator, a gradient penalty or spectral norm, ' +
      'or smaller learning rates.',
  };
};

/**
 * Units whose posterior mean varies by more than 0.01 over `count` examples are active. Source: Burda, Grosse & Salakhutdinov 2016, "Importance
 * Weighted Autoencoders", section 5.2.
 */
export const findPosteriorCollapse = (means: ArrayLike<number>, count: number): Finding | null => {
  const latent = means.length / count;
  let active = 0;
  for (let d = 0; d < latent; d++) {
    const column = Array.from({ length: count }, (_, i) => means[i * latent + d] ?? 0);
    const mean = column.reduce((sum, value) => sum + value, 0) / count;
    if (column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count > 0.01) active++;
  }
  if (active > 0.1 * latent) return null;
  return {
    what: `of ${String(latent)} latents ${active === 0 ? 'none' : String(active)} ${active === 1 ? 'says' : 'say'} anything of the examples`,
    help:
      'The decoder does without its codes. Let the weight of kl grow from 0 (weight: { type: linear-warmup, epochs: 10 }), or take a weaker ' +
      'decoder or a smaller observation noise.',
  };
};
