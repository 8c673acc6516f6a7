/** Every component that a YAML file can name: one line each. Plugins are added to this list, not into it. */
import type { AnyComponent } from '../registry/define.js';
import csv from './datasets/csv.js';
import gaussian1d from './datasets/gaussian-1d.js';
import gaussianGrid from './datasets/gaussian-grid.js';
import gaussianRing from './datasets/gaussian-ring.js';
import idx from './datasets/idx.js';
import imageFolder from './datasets/image-folder.js';
import linearGaussian from './datasets/linear-gaussian.js';
import mnist10k from './datasets/mnist-10k.js';
import mnist from './datasets/mnist.js';
import npy from './datasets/npy.js';
import npz from './datasets/npz.js';
import partlyLabelled from './datasets/partly-labelled.js';
import sprites from './datasets/sprites.js';
import swissRoll from './datasets/swiss-roll.js';
import binarize from './transforms/binarize.js';
import brightness from './transforms/brightness.js';
import contrast from './transforms/contrast.js';
import crop from './transforms/crop.js';
import flip from './transforms/flip.js';
import grayscale from './transforms/grayscale.js';
import invert from './transforms/invert.js';
import noise from './transforms/noise.js';
import normalize from './transforms/normalize.js';
import pad from './transforms/pad.js';
import randomCrop from './transforms/random-crop.js';
import resize from './transforms/resize.js';
import rotate from './transforms/rotate.js';
import shift from './transforms/shift.js';
import convEncoder from './encoders/conv.js';
import linearEncoder from './encoders/linear.js';
import mlpEncoder from './encoders/mlp.js';
import convDecoder from './decoders/conv.js';
import linearDecoder from './decoders/linear.js';
import mlpDecoder from './decoders/mlp.js';
import dcganGenerator from './generators/dcgan.js';
import mlpGenerator from './generators/mlp.js';
import dcganDiscriminator from './discriminators/dcgan.js';
import mlpDiscriminator from './discriminators/mlp.js';
import categorical from './latents/categorical.js';
import joint from './latents/joint.js';
import mixture from './latents/mixture.js';
import normal from './latents/normal.js';
import uniform from './latents/uniform.js';
import convClassifier from './classifiers/conv.js';
import mlpClassifier from './classifiers/mlp.js';
import mixtureSampler from './samplers/mixture.js';
import neighbours from './samplers/neighbours.js';
import normalSampler from './samplers/normal.js';
import twoStage from './samplers/two-stage.js';
import gaussianPosterior from './posteriors/gaussian.js';
import gumbelSoftmax from './posteriors/gumbel-softmax.js';
import inverseAutoregressiveFlow from './posteriors/inverse-autoregressive-flow.js';
import planarFlow from './posteriors/planar-flow.js';
import point from './posteriors/point.js';
import categoricalPrior from './priors/categorical.js';
import mixturePrior from './priors/mixture.js';
import standardNormal from './priors/standard-normal.js';
import vamp from './priors/vamp.js';
import bernoulli from './likelihoods/bernoulli.js';
import categoricalLikelihood from './likelihoods/categorical.js';
import continuousBernoulli from './likelihoods/continuous-bernoulli.js';
import discretizedLogistic from './likelihoods/discretized-logistic.js';
import gaussian from './likelihoods/gaussian.js';
import laplace from './likelihoods/laplace.js';
import aae from './models/aae.js';
import autoencoder from './models/autoencoder.js';
import biganModel from './models/bigan.js';
import classifier from './models/classifier.js';
import cvae from './models/cvae.js';
import factorAnalysis from './models/factor-analysis.js';
import factorVae from './models/factor-vae.js';
import gan from './models/gan.js';
import hierarchicalVae from './models/hierarchical-vae.js';
import m2 from './models/m2.js';
import ppca from './models/ppca.js';
import vaeGan from './models/vae-gan.js';
import vae from './models/vae.js';
import vqVae from './models/vq-vae.js';
import auxiliaryClassifier from './losses/auxiliary-classifier.js';
import betaTcvae from './losses/beta-tcvae.js';
import biganLoss from './losses/bigan.js';
import ciwae from './losses/ciwae.js';
import codeNorm from './losses/code-norm.js';
import consistency from './losses/consistency.js';
import crossEntropy from './losses/cross-entropy.js';
import decoderSlope from './losses/decoder-slope.js';
import dip from './losses/dip.js';
import dragan from './losses/dragan.js';
import featureMatching from './losses/feature-matching.js';
import featureReconstruction from './losses/feature-reconstruction.js';
import freeBits from './losses/free-bits.js';
import ganHinge from './losses/gan-hinge.js';
import ganLeastSquares from './losses/gan-least-squares.js';
import ganMinimax from './losses/gan-minimax.js';
import ganNonSaturating from './losses/gan-non-saturating.js';
import ganRelativistic from './losses/gan-relativistic.js';
import ganWasserstein from './losses/gan-wasserstein.js';
import gradientPenalty from './losses/gradient-penalty.js';
import iwae from './losses/iwae.js';
import klCapacity from './losses/kl-capacity.js';
import klMonteCarlo from './losses/kl-monte-carlo.js';
import klLoss from './losses/kl.js';
import miwae from './losses/miwae.js';
import mmd from './losses/mmd.js';
import mutualInformation from './losses/mutual-information.js';
import perceptual from './losses/perceptual.js';
import piwae from './losses/piwae.js';
import r1 from './losses/r1.js';
import r2 from './losses/r2.js';
import reconstructionLoss from './losses/reconstruction.js';
import semiSupervised from './losses/semi-supervised.js';
import ssim from './losses/ssim.js';
import totalCorrelation from './losses/total-correlation.js';
import vectorQuantization from './losses/vector-quantization.js';
import adam from './optimizers/adam.js';
import adamax from './optimizers/adamax.js';
import adamw from './optimizers/adamw.js';
import momentum from './optimizers/momentum.js';
import rmsprop from './optimizers/rmsprop.js';
import sgd from './optimizers/sgd.js';
import constant from './schedules/constant.js';
import cosine from './schedules/cosine.js';
import cyclic from './schedules/cyclic.js';
import exponential from './schedules/exponential.js';
import linearWarmup from './schedules/linear-warmup.js';
import step from './schedules/step.js';
import classifierFeatures from './features/classifier.js';
import pca from './features/pca.js';
import pixels from './features/pixels.js';
import accuracy from './metrics/accuracy.js';
import activeUnits from './metrics/active-units.js';
import annealedImportance from './metrics/annealed-importance.js';
import auxiliaryAccuracy from './metrics/auxiliary-accuracy.js';
import bidirectionalMonteCarlo from './metrics/bidirectional-monte-carlo.js';
import bitsPerDimension from './metrics/bits-per-dimension.js';
import dci from './metrics/dci.js';
import densityCoverage from './metrics/density-coverage.js';
import discriminatorAccuracy from './metrics/discriminator-accuracy.js';
import elbo from './metrics/elbo.js';
import factorVaeScore from './metrics/factor-vae-score.js';
import frechetDistance from './metrics/frechet-distance.js';
import ganValue from './metrics/gan-value.js';
import importanceBound from './metrics/importance-bound.js';
import inceptionScore from './metrics/inception-score.js';
import kid from './metrics/kid.js';
import klPerDimension from './metrics/kl-per-dimension.js';
import klMetric from './metrics/kl.js';
import lipschitz from './metrics/lipschitz.js';
import logLikelihood from './metrics/log-likelihood.js';
import mig from './metrics/mig.js';
import modes from './metrics/modes.js';
import msSsim from './metrics/ms-ssim.js';
import nearestTraining from './metrics/nearest-training.js';
import parzenWindow from './metrics/parzen-window.js';
import precisionRecall from './metrics/precision-recall.js';
import priorMonteCarlo from './metrics/prior-monte-carlo.js';
import reconstructionMetric from './metrics/reconstruction.js';
import sampleClasses from './metrics/sample-classes.js';
import sap from './metrics/sap.js';
import sharpness from './metrics/sharpness.js';
import slicedWasserstein from './metrics/sliced-wasserstein.js';
import animation from './plots/animation.js';
import classGrid from './plots/class-grid.js';
import curve from './plots/curve.js';
import density from './plots/density.js';
import fittedSamples from './plots/fitted-samples.js';
import interpolation from './plots/interpolation.js';
import latentManifold from './plots/latent-manifold.js';
import latentScatter from './plots/latent-scatter.js';
import likelihoodEstimators from './plots/likelihood-estimators.js';
import nearestTrainingPlot from './plots/nearest-training.js';
import pushforward from './plots/pushforward.js';
import reconstructions from './plots/reconstructions.js';
import samples from './plots/samples.js';
import scores from './plots/scores.js';
import traversals from './plots/traversals.js';

export const components: readonly AnyComponent[] = [
  csv,
  gaussian1d,
  gaussianGrid,
  gaussianRing,
  idx,
  imageFolder,
  linearGaussian,
  mnist10k,
  mnist,
  npy,
  npz,
  partlyLabelled,
  sprites,
  swissRoll,
  binarize,
  brightness,
  contrast,
  crop,
  flip,
  grayscale,
  invert,
  noise,
  normalize,
  pad,
  randomCrop,
  resize,
  rotate,
  shift,
  convEncoder,
  linearEncoder,
  mlpEncoder,
  convDecoder,
  linearDecoder,
  mlpDecoder,
  dcganGenerator,
  mlpGenerator,
  dcganDiscriminator,
  mlpDiscriminator,
  categorical,
  joint,
  mixture,
  normal,
  uniform,
  convClassifier,
  mlpClassifier,
  mixtureSampler,
  neighbours,
  normalSampler,
  twoStage,
  gaussianPosterior,
  gumbelSoftmax,
  inverseAutoregressiveFlow,
  planarFlow,
  point,
  categoricalPrior,
  mixturePrior,
  standardNormal,
  vamp,
  bernoulli,
  categoricalLikelihood,
  continuousBernoulli,
  discretizedLogistic,
  gaussian,
  laplace,
  aae,
  autoencoder,
  biganModel,
  classifier,
  cvae,
  factorAnalysis,
  factorVae,
  gan,
  hierarchicalVae,
  m2,
  ppca,
  vaeGan,
  vae,
  vqVae,
  auxiliaryClassifier,
  betaTcvae,
  biganLoss,
  ciwae,
  codeNorm,
  consistency,
  crossEntropy,
  decoderSlope,
  dip,
  dragan,
  featureMatching,
  featureReconstruction,
  freeBits,
  ganHinge,
  ganLeastSquares,
  ganMinimax,
  ganNonSaturating,
  ganRelativistic,
  ganWasserstein,
  gradientPenalty,
  iwae,
  klCapacity,
  klMonteCarlo,
  klLoss,
  miwae,
  mmd,
  mutualInformation,
  perceptual,
  piwae,
  r1,
  r2,
  reconstructionLoss,
  semiSupervised,
  ssim,
  totalCorrelation,
  vectorQuantization,
  adam,
  adamax,
  adamw,
  momentum,
  rmsprop,
  sgd,
  constant,
  cosine,
  cyclic,
  exponential,
  linearWarmup,
  step,
  classifierFeatures,
  pca,
  pixels,
  accuracy,
  activeUnits,
  annealedImportance,
  auxiliaryAccuracy,
  bidirectionalMonteCarlo,
  bitsPerDimension,
  dci,
  densityCoverage,
  discriminatorAccuracy,
  elbo,
  factorVaeScore,
  frechetDistance,
  ganValue,
  importanceBound,
  inceptionScore,
  kid,
  klPerDimension,
  klMetric,
  lipschitz,
  logLikelihood,
  mig,
  modes,
  msSsim,
  nearestTraining,
  parzenWindow,
  precisionRecall,
  priorMonteCarlo,
  reconstructionMetric,
  sampleClasses,
  sap,
  sharpness,
  slicedWasserstein,
  animation,
  classGrid,
  curve,
  density,
  fittedSamples,
  interpolation,
  latentManifold,
  latentScatter,
  likelihoodEstimators,
  nearestTrainingPlot,
  pushforward,
  reconstructions,
  samples,
  scores,
  traversals,
];
