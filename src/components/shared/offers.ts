/** What a model offers, computed when first read. */
import { offerDescriptions, type OfferName, type Offers } from '../../registry/contracts/index.js';

/** How each thing is computed that a model offers. */
export type OfferMakers = { readonly [N in OfferName]?: () => Offers[N] };

/** `compute`, run at the first call alone. */
export const memoize = <T>(compute: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: compute() }).value;
};

const maker = <N extends OfferName>(makers: OfferMakers, name: N): (() => Offers[N]) => {
  const make: OfferMakers[N] = makers[name];
  if (make !== undefined) return memoize(make);
  return () => {
    const known = Object.keys(makers).join(', ');
    throw new Error(`the model does not offer "${name}" (${offerDescriptions[name]}); it offers ${known}`);
  };
};

/**
 * The offers of one pass. Each is computed at most once, when it is first read.
 * @throws Error when something is read that has no maker.
 */
export const createOffers = (makers: OfferMakers): Offers => {
  const x = maker(makers, 'x');
  const labels = maker(makers, 'labels');
  const posterior = maker(makers, 'posterior');
  const z = maker(makers, 'z');
  const likelihood = maker(makers, 'likelihood');
  const prior = maker(makers, 'prior');
  const kl = maker(makers, 'kl');
  const encode = maker(makers, 'encode');
  const decode = maker(makers, 'decode');
  return {
    get x() {
      return x();
    },
    get labels() {
      return labels();
    },
    get posterior() {
      return posterior();
    },
    get z() {
      return z();
    },
    get likelihood() {
      return likelihood();
    },
    get prior() {
      return prior();
    },
    get kl() {
      return kl();
    },
    get encode() {
      return encode();
    },
    get decode() {
      return decode();
    },
  };
};
