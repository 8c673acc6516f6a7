/** Every component that a YAML file can name: one line each. Plugins are added to this list, not into it. */
import type { AnyComponent } from '../registry/define.js';
import idx from './datasets/idx.js';
import mnist from './datasets/mnist.js';
import mnist10k from './datasets/mnist-10k.js';
import linearDecoder from './decoders/linear.js';
import mlpDecoder from './decoders/mlp.js';
import linearEncoder from './encoders/linear.js';
import mlpEncoder from './encoders/mlp.js';
import bernoulli from './likelihoods/bernoulli.js';
import continuousBernoulli from './likelihoods/continuous-bernoulli.js';
import gaussian from './likelihoods/gaussian.js';
import klLoss from './losses/kl.js';
import klMonteCarloLoss from './losses/kl-monte-carlo.js';
import reconstructionLoss from './losses/reconstruction.js';
import activeUnits from './metrics/active-units.js';
import bitsPerDimension from './metrics/bits-per-dimension.js';
import elbo from './metrics/elbo.js';
import klMetric from './metrics/kl.js';
import klPerDimension from './metrics/kl-per-dimension.js';
import reconstructionMetric from './metrics/reconstruction.js';
import vae from './models/vae.js';
import adam from './optimizers/adam.js';
import adamax from './optimizers/adamax.js';
import adamw from './optimizers/adamw.js';
import momentum from './optimizers/momentum.js';
import rmsprop from './optimizers/rmsprop.js';
import sgd from './optimizers/sgd.js';
import curve from './plots/curve.js';
import latentManifold from './plots/latent-manifold.js';
import latentScatter from './plots/latent-scatter.js';
import reconstructions from './plots/reconstructions.js';
import samples from './plots/samples.js';
import traversals from './plots/traversals.js';
import standardNormal from './priors/standard-normal.js';
import constant from './schedules/constant.js';
import cosine from './schedules/cosine.js';
import cyclic from './schedules/cyclic.js';
import exponential from './schedules/exponential.js';
import linearWarmup from './schedules/linear-warmup.js';
import step from './schedules/step.js';

export const components: readonly AnyComponent[] = [
  idx,
  mnist,
  mnist10k,
  linearDecoder,
  mlpDecoder,
  linearEncoder,
  mlpEncoder,
  bernoulli,
  continuousBernoulli,
  gaussian,
  klLoss,
  klMonteCarloLoss,
  reconstructionLoss,
  activeUnits,
  bitsPerDimension,
  elbo,
  klMetric,
  klPerDimension,
  reconstructionMetric,
  vae,
  adam,
  adamax,
  adamw,
  momentum,
  rmsprop,
  sgd,
  curve,
  latentManifold,
  latentScatter,
  reconstructions,
  samples,
  traversals,
  standardNormal,
  constant,
  cosine,
  cyclic,
  exponential,
  linearWarmup,
  step,
];
