/** Models: every tensor that they offer, its gradients by all variables, and players who own them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Offers, OfferName, Pass } from '../../registry/contracts/index.js';
import { offerDescriptions } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import { exampleEntry } from '../../registry/example.js';
import type { Registry } from '../../registry/registry.js';
import { prefixNoise } from '../../runner/train/noise.js';
import { withBench, type Tensors } from '../bench.js';
import type { Examination } from '../examination.js';
import { examine } from '../probe.js';
import { normalValues, sizeOf } from '../values.js';
import { batch, forwardOf, hostData, hostFeeds, hostOf, type Host } from './hosts.js';

const numCodes = 3;
const codesOf = (size: number): tf.Tensor => tf.tensor(normalValues('codes', numCodes * size), [numCodes, size]);

/** The tensors behind each offer; functions are called. */
const readers: { readonly [N in OfferName]?: (offers: Offers, host: Host, pass: Pass) => Tensors } = {
  posterior: ({ posterior: { mean, scale, logScale } }) => ({ mean, scale, logScale }),
  z: ({ z }) => ({ z }),
  likelihood: ({ likelihood, x }) => ({ mean: likelihood.mean, logProb: likelihood.logProb(x) }),
  kl: ({ kl }) => ({ kl }),
  encode: ({ encode, x }) => ({ mean: encode(x).mean }),
  decode: ({ decode }, { model }) => ({ mean: decode(codesOf(model.latent)).mean }),
  reconstruction: ({ reconstruction }) => ({ reconstruction }),
  quantization: ({ quantization: { encoded, quantized } }) => ({ encoded, quantized }),
  fake: ({ fake }) => ({ fake }),
  'discriminator.real': (offers) => ({ logits: offers['discriminator.real'].logits, features: offers['discriminator.real'].features }),
  'discriminator.fake': (offers) => ({ logits: offers['discriminator.fake'].logits, features: offers['discriminator.fake'].features }),
  'discriminator.reconstruction': (offers) => ({ logits: offers['discriminator.reconstruction'].logits }),
  discriminate: ({ discriminate, real }) => ({ logits: discriminate(real).logits }),
  'classes.real': (offers) => ({ logits: offers['classes.real'] }),
  'classes.fake': (offers) => ({ logits: offers['classes.fake'] }),
  'code.logProb': (offers) => ({ logProb: offers['code.logProb'] }),
  sampleLatent: ({ sampleLatent }, _, { noise }) => ({ codes: sampleLatent(prefixNoise(noise, 'plot'), numCodes) }),
  generate: ({ generate }, { model }) => ({ examples: generate(codesOf(model.latent)) }),
  'class.elbo': (offers) => ({ elbo: offers['class.elbo'] }),
  'class.logits': (offers) => ({ logits: offers['class.logits'] }),
};

/** How many numbers the offers are, where the contract says so for any model. */
const expectedSizes = ({ model }: Host): Readonly<Record<string, number>> => ({
  'reconstruction.reconstruction': batch * sizeOf(hostData.shape),
  'generate.examples': numCodes * sizeOf(hostData.shape),
  'discriminator.real.logits': batch,
  'discriminator.fake.logits': batch,
  'discriminate.logits': batch,
  'code.logProb.logProb': batch,
  'kl.kl': batch * model.latent,
  'posterior.mean': batch * model.latent,
  'sampleLatent.codes': numCodes * model.latent,
  'class.elbo.elbo': batch * (hostData.numClasses ?? 0),
  'class.logits.logits': batch * (hostData.numClasses ?? 0),
});

const isOfferName = (name: string): name is OfferName => Object.hasOwn(offerDescriptions, name);

/** All offered tensors, as `posterior.mean`. */
const readAll = (offers: Offers, host: Host, pass: Pass): Tensors =>
  Object.fromEntries(
    host.model.offers.flatMap((name) =>
      Object.entries(readers[name]?.(offers, host, pass) ?? {}).map(([part, tensor]) => [`${name}.${part}`, tensor] as const),
    ),
  );

/** An offer that is not declared and can be read, or the other way round: both mislead what is checked before a run. */
const undeclared = (host: Host): Promise<string | null> =>
  withBench('cpu', 1, async (bench) => {
    const forward = forwardOf(host, bench.variables.scope(''));
    let fault: string | null = null;
    await bench.run(hostFeeds, true, (inputs, pass) => {
      const offers = forward(inputs, pass);
      for (const name of Object.keys(offerDescriptions).filter(isOfferName)) {
        // Labels come from the data, and classes from the experiment's classifier, whatever the model is.
        if (host.model.offers.includes(name) || name === 'classify' || name === 'labels') continue;
        try {
          Reflect.get(offers, name);
          fault ??= `it gives "${name}", and does not list it among its offers`;
        } catch {
          // As it should be.
        }
      }
      return {};
    });
    return fault;
  });

const strayVariable = ({ model }: Host, paths: readonly string[]): string | null => {
  const stray = paths.find((path) => !model.players.includes(path.split('/')[0] ?? ''));
  if (stray !== undefined)
    return `the variable ${stray} belongs to none of its players (${model.players.join(', ')}): nobody would train it`;
  const idle = model.players.find((player) => !paths.some((path) => path.startsWith(`${player}/`)));
  return idle === undefined ? null : `the player "${idle}" has no variables`;
};

export const examineModel = async (examination: Examination, registry: Registry, component: AnyComponent<'model'>): Promise<void> => {
  const host = hostOf(registry, exampleEntry(registry, component));
  const { model } = host;
  await examination.check('accepts small binary images with labels', () => {
    const { latent, offers, players } = model;
    const misfit = model.check?.({ data: hostData, counts: null, latent, offers, players, metricColumns: [], trainingColumns: [] }) ?? null;
    return misfit === null ? null : `${misfit.message}. ${misfit.help}`;
  });
  if (examination.hasFailed) return;
  await examination.check('its variables belong to its players', () =>
    withBench('cpu', 1, (bench) => {
      forwardOf(host, bench.variables.scope(''));
      return Promise.resolve(
        strayVariable(
          host,
          bench.variables.all.filter(({ trainable }) => trainable).map(({ path }) => path),
        ),
      );
    }),
  );
  await examination.check('offers what it says, and nothing else', () => undeclared(host));
  for (const training of [true, false]) {
    const what = training ? 'training' : 'evaluating';
    const outputs = await examine(examination, {
      what,
      feeds: hostFeeds,
      training,
      prepare: (scope) => {
        const forward = forwardOf(host, scope);
        return (inputs, pass) => readAll(forward(inputs, pass), host, pass);
      },
      differentiates: model.estimatesGradients === true ? null : () => true,
      reachesAll: true,
    });
    if (outputs === null) return;
    await examination.check(`${what}: its offers have the sizes of their contract`, () => {
      const bad = Object.entries(expectedSizes(host)).find(([name, size]) => outputs[name] !== undefined && outputs[name].length !== size);
      return bad === undefined ? null : `${bad[0]} has ${String(outputs[bad[0]]?.length)} numbers, not ${String(bad[1])}`;
    });
  }
};
