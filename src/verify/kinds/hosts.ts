/** Models that losses, metrics and plots are tried on: those of the registry, in all their variants, on a small batch of binary images. */
import * as tf from '@tensorflow/tfjs-core';
import type { DataFacts, Model, OfferName, Offers, Pass, Scope } from '../../registry/contracts/index.js';
import { instantiate } from '../../registry/instantiate.js';
import type { Registry } from '../../registry/registry.js';
import type { Feeds, Tensors } from '../bench.js';
import { shrink, variantsOf } from '../entries.js';
import { binaryFeed, labelFeed } from '../values.js';

export const numClasses = 3;
export const batch = 4;
export const hostData: DataFacts = { shape: [8, 8, 1], numClasses, support: 'binary' };

export const hostFeeds: Feeds = { x: binaryFeed('examples', [batch, ...hostData.shape]), labels: labelFeed(batch, numClasses) };

export interface Host {
  readonly type: string;
  readonly model: Model;
}

const fits = ({ model }: Host): boolean =>
  (model.check?.({
    data: hostData,
    counts: null,
    latent: model.latent,
    offers: model.offers,
    players: model.players,
    metricColumns: [],
    trainingColumns: [],
  }) ?? null) === null;

export const hostOf = (registry: Registry, entry: Readonly<Record<string, unknown>>): Host => {
  return { type: String(entry['type']), model: instantiate(registry, 'model', shrink(registry, 'model', entry)) };
};

/** Made when they are first looked for, and kept for all components that are verified with this registry. */
const hosts = new WeakMap<Registry, readonly Host[]>();

const allHosts = (registry: Registry): readonly Host[] => {
  const known = hosts.get(registry);
  if (known !== undefined) return known;
  const found = registry.list('model').flatMap((component) => variantsOf(registry, component).map((entry) => hostOf(registry, entry)));
  const fitting = found.filter(fits);
  hosts.set(registry, fitting);
  return fitting;
};

export const playersOf = ({ model }: Host, wanted: readonly string[]): readonly string[] => [
  ...new Set(wanted.flatMap((player) => model.roles?.[player] ?? (model.players.includes(player) ? [player] : []))),
];

export interface Wanted {
  readonly needs: readonly OfferName[];
  /** Each of them is taken by a player. */
  readonly parts?: readonly (readonly string[])[];
  readonly suits?: (host: Host) => boolean;
}

/** Models that offer all of this, one of each type. */
export const findHosts = (registry: Registry, { needs, parts = [], suits = () => true }: Wanted): readonly Host[] => {
  const found = allHosts(registry).filter(
    (host) =>
      needs.every((need) => need === 'classify' || need === 'labels' || host.model.offers.includes(need)) &&
      parts.every((wanted) => playersOf(host, wanted).length > 0) &&
      suits(host),
  );
  return found.filter(({ type }, i) => found.findIndex((other) => other.type === type) === i);
};

/** What names classes where the experiment has a classifier: any fixed function of the examples will do. */
const fixedLogits = (x: tf.Tensor): tf.Tensor => {
  const flat = tf.reshape(x, [x.shape[0], -1]);
  const size = flat.shape[1] ?? 1;
  const weights = Float32Array.from({ length: size * numClasses }, (_, i) => Math.sin(i));
  return tf.matMul(flat, tf.tensor2d(weights, [size, numClasses]));
};

const classifyFixed: Offers['classify'] = Object.assign(fixedLogits, { features: (x: tf.Tensor) => tf.tanh(fixedLogits(x)) });

/** The model in a scope, as a function of the host's feeds. */
export const forwardOf = ({ model }: Host, scope: Scope): ((inputs: Tensors, pass: Pass) => Offers) => {
  const forward = model.build(scope, hostData);
  return ({ x, labels }, pass) => {
    const offers = forward({ ...(x === undefined ? {} : { x }), ...(labels === undefined ? {} : { labels }) }, pass);
    const given = { classify: { value: classifyFixed }, ...(labels === undefined ? {} : { labels: { value: labels } }) };
    return Object.create(offers, given) as Offers;
  };
};
