/** What a model offers, computed when first read. */
import { offerDescriptions, type OfferName, type Offers } from '../../registry/contracts/index.js';

/** How each thing is computed that a model offers. */
export type OfferMakers = { readonly [N in OfferName]?: () => Offers[N] };

/** `compute`, run at the first call alone. */
export const memoize = <T>(compute: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: compute() }).value;
};

const refuse = (makers: OfferMakers, name: OfferName) => (): never => {
  const known = Object.keys(makers).join(', ');
  throw new Error(`the model does not offer "${name}" (${offerDescriptions[name]}); it offers ${known}`);
};

const isOfferName = (name: string): name is OfferName => Object.hasOwn(offerDescriptions, name);

/**
 * The offers of one pass. Each is computed at most once, when it is first read.
 * @throws Error when something is read that has no maker.
 */
export const createOffers = (makers: OfferMakers): Offers => {
  const offers = {};
  for (const name of Object.keys(offerDescriptions).filter(isOfferName)) {
    const make: (() => unknown) | undefined = makers[name];
    Object.defineProperty(offers, name, {
      get: make === undefined ? refuse(makers, name) : memoize(make),
      enumerable: true,
      configurable: true,
    });
  }
  // The loop gives each name of Offers its getter; that makers fit their names is what OfferMakers says.
  return offers as Offers;
};
