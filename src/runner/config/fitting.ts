/** Which losses, metrics and plots a model has everything for: what may be written in the place of one that asks for more. */
import type { Model, OfferName } from '../../registry/contracts/index.js';
import { exampleEntry } from '../../registry/example.js';
import { instantiate } from '../../registry/instantiate.js';
import type { Registry } from '../../registry/registry.js';
import { resolveEntry } from '../../registry/resolve.js';
import { playersOf } from '../train/losses.js';

interface Wants {
  readonly name: string;
  readonly needs: readonly OfferName[];
  readonly component: object;
  /** Of each term of a loss: who minimises it. */
  readonly players: readonly (readonly string[])[];
}

/** Kinds of which a model must have what they need. */
type NeedyKind = 'loss' | 'metric' | 'plot';

/** Whether its samples are of the experiment's sampler, where there is one. */
export const drawsBySampler = (kind: NeedyKind, component: object): boolean =>
  kind === 'metric' || ('drawsFittedCodes' in component && component.drawsFittedCodes === true);

/** What is given beside what the model offers: labels by the data, to metrics, and codes by the sampler. */
export const givenTo = (kind: NeedyKind, component: object, hasSampler: boolean): readonly OfferName[] => [
  ...(kind === 'metric' ? (['labels'] as const) : []),
  ...(hasSampler && drawsBySampler(kind, component) ? (['sampleLatent'] as const) : []),
];

/** Runs of a sweep ask for the same again and again. */
const known = new WeakMap<Registry, Map<NeedyKind, readonly Wants[]>>();

const wantsOf = (registry: Registry, kind: NeedyKind): readonly Wants[] => {
  const ofRegistry = known.get(registry) ?? new Map<NeedyKind, readonly Wants[]>();
  known.set(registry, ofRegistry);
  const before = ofRegistry.get(kind);
  if (before !== undefined) return before;
  const found = registry.list(kind).flatMap((component): readonly Wants[] => {
    const { value, faults } = resolveEntry(registry, kind, exampleEntry(registry, component));
    // Of a plug-in whose example is no entry of it, nothing can be said.
    if (faults.length > 0) return [];
    const built = instantiate(registry, kind, value);
    const terms = 'terms' in built ? built.terms : [];
    const needs = 'needs' in built ? built.needs : terms.flatMap((term) => term.needs);
    return [{ name: component.name, component: built, needs, players: terms.map(({ players }) => players) }];
  });
  ofRegistry.set(kind, found);
  return found;
};

/** Names of a kind, in the registry's order, that may be written beside this model. */
export const fittingNames = (registry: Registry, kind: NeedyKind, model: Model, hasSampler: boolean): readonly string[] =>
  wantsOf(registry, kind)
    .filter(({ needs, component }) => {
      const there: readonly OfferName[] = [...model.offers, ...givenTo(kind, component, hasSampler), 'classify'];
      return needs.every((need) => there.includes(need));
    })
    .filter(({ players }) => players.every((names) => playersOf(model, names).length > 0))
    .map(({ name }) => name);
