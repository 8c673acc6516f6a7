/** Mistakes as people make them, each in one component of ours: where, what, and the component that shows it. */

export interface Mutant {
  readonly mistake: string;
  /** Below components/, as the compiler names it. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** `kind name` */
  readonly component: string;
}

const gaussian = 'shared/gaussian.js';
const detached = (expression: string): string =>
  `tf.customGrad((t) => { const { shape } = t; return { value: tf.clone(t), gradFunc: () => tf.zeros(shape) }; })(${expression})`;

export const mutants: readonly Mutant[] = [
  {
    mistake: 'the -1 of the divergence is dropped',
    file: gaussian,
    from: 'tf.sub(tf.add(tf.square(mean), tf.square(scale)), 1)',
    to: 'tf.add(tf.square(mean), tf.square(scale))',
    component: 'prior standard-normal',
  },
  {
    mistake: 'ln scale of the divergence has the wrong sign',
    file: gaussian,
    from: 'tf.sub(tf.mul(tf.sub(tf.add(tf.square(mean), tf.square(scale)), 1), 0.5), logScale)',
    to: 'tf.add(tf.mul(tf.sub(tf.add(tf.square(mean), tf.square(scale)), 1), 0.5), logScale)',
    component: 'prior standard-normal',
  },
  {
    mistake: 'the half of the divergence is dropped',
    file: gaussian,
    from: 'tf.square(scale)), 1), 0.5)',
    to: 'tf.square(scale)), 1), 1)',
    component: 'prior standard-normal',
  },
  {
    mistake: 'the constant of the normal density is twice too large',
    file: gaussian,
    from: '0.5 * numLatents * logTwoPi',
    to: 'numLatents * logTwoPi',
    component: 'prior standard-normal',
  },
  {
    mistake: 'the sample of the posterior is detached',
    file: gaussian,
    from: 'return tf.add(mean, tf.mul(scale, noise_LBZ));',
    to: `return ${detached('tf.add(mean, tf.mul(scale, noise_LBZ))')};`,
    component: 'model vae',
  },
  {
    mistake: 'the scale in the sample of the posterior is detached',
    file: gaussian,
    from: 'tf.mul(scale, noise_LBZ)',
    to: `tf.mul(${detached('scale')}, noise_LBZ)`,
    component: 'model vae',
  },
  {
    mistake: 'the loss kl has the wrong sign',
    file: 'losses/kl.js',
    from: 'tf.mean(tf.sum(kl, -1))',
    to: 'tf.neg(tf.mean(tf.sum(kl, -1)))',
    component: 'loss kl',
  },
  {
    mistake: 'the loss kl is not averaged',
    file: 'losses/kl.js',
    from: 'tf.mean(tf.sum(kl, -1))',
    to: 'tf.sum(kl, -1)',
    component: 'loss kl',
  },
  {
    mistake: 'the loss kl leaves a tensor behind',
    file: 'losses/kl.js',
    from: 'tf.mean(tf.sum(kl, -1))',
    to: 'tf.mean(tf.keep(tf.sum(kl, -1)))',
    component: 'loss kl',
  },
  {
    mistake: 'the loss kl reads a value',
    file: 'losses/kl.js',
    from: 'tf.mean(tf.sum(kl, -1))',
    to: 'tf.add(tf.mean(tf.sum(kl, -1)), 0 * kl.dataSync()[0])',
    component: 'loss kl',
  },
  {
    mistake: 'the reconstruction loss has the wrong sign',
    file: 'losses/reconstruction.js',
    from: 'tf.neg(tf.mean(likelihood.logProb(x)))',
    to: 'tf.mean(likelihood.logProb(x))',
    component: 'loss reconstruction',
  },
  {
    mistake: 'the generator of the hinge loss has the wrong sign',
    file: 'losses/gan-hinge.js',
    from: '(fake) => tf.neg(fake)',
    to: '(fake) => fake',
    component: 'loss gan-hinge',
  },
  {
    mistake: 'the critic of the Wasserstein loss has the wrong sign',
    file: 'losses/gan-wasserstein.js',
    from: 'tf.sub(fake, real)',
    to: 'tf.sub(real, fake)',
    component: 'loss gan-wasserstein',
  },
  {
    mistake: 'the discriminator is trained for the fakes',
    file: 'shared/adversarial.js',
    from: 'export const costOfFake = (logits) => tf.softplus(logits);',
    to: 'export const costOfFake = (logits) => tf.softplus(tf.neg(logits));',
    component: 'loss gan-minimax',
  },
  ...(['cosine', 'cyclic'] as const).map((name) => ({
    mistake: `${name} is one update early`,
    file: `schedules/${name}.js`,
    from: 'fractionOf(progress.step, ',
    to: 'fractionOf(progress.step + 1, ',
    component: `schedule ${name}`,
  })),
  {
    mistake: 'cosine ends one update early',
    file: 'schedules/cosine.js',
    from: '?? progress.totalSteps);',
    to: '?? progress.totalSteps - 1);',
    component: 'schedule cosine',
  },
  {
    mistake: 'cosine takes one update less than it is told',
    file: 'shared/duration.js',
    from: 'step >= numSteps ? 1 : Math.max(0, step / numSteps)',
    to: 'step >= numSteps - 1 ? 1 : Math.max(0, step / (numSteps - 1))',
    component: 'schedule cosine',
  },
  {
    mistake: 'step falls one update early',
    file: 'schedules/step.js',
    from: 'Math.floor(progress.step / ',
    to: 'Math.floor((progress.step + 1) / ',
    component: 'schedule step',
  },
  {
    mistake: 'exponential is one update early',
    file: 'schedules/exponential.js',
    from: '(progress.step / ',
    to: '((progress.step + 1) / ',
    component: 'schedule exponential',
  },
  {
    mistake: 'the warm-up ends one update late',
    file: 'schedules/linear-warmup.js',
    from: 'fractionOf(progress.step, numSteps)',
    to: 'fractionOf(progress.step, numSteps + 1)',
    component: 'schedule linear-warmup',
  },
  {
    mistake: 'sgd goes uphill',
    file: 'optimizers/sgd.js',
    from: 'tf.sub(value, tf.mul(gradient, rate))',
    to: 'tf.add(value, tf.mul(gradient, rate))',
    component: 'optimizer sgd',
  },
  {
    mistake: 'adam forgets a slot',
    file: 'shared/adam.js',
    from: "slots: { 'gradient-sum': gradientSum, 'square-sum': squareSum }",
    to: "slots: { 'gradient-sum': gradientSum }",
    component: 'optimizer adam',
  },
  {
    mistake: 'the Gaussian likelihood has half its constant dropped',
    file: 'likelihoods/gaussian.js',
    from: 'tf.add(tf.log(s), halfLogTwoPi)',
    to: 'tf.log(s)',
    component: 'likelihood gaussian',
  },
  {
    mistake: 'the Bernoulli likelihood has the wrong sign',
    file: 'likelihoods/bernoulli.js',
    from: 'tf.softplus(logits_D)), -1)',
    to: 'tf.softplus(tf.neg(logits_D))), -1)',
    component: 'likelihood bernoulli',
  },
  {
    mistake: 'Bernoulli samples are turned round',
    file: 'likelihoods/bernoulli.js',
    from: 'tf.less(noise',
    to: 'tf.greater(noise',
    component: 'likelihood bernoulli',
  },
  {
    mistake: 'a dense layer forgets its bias',
    file: 'shared/layers.js',
    from: 'tf.add(tf.matMul(x, weights(pass)), offsets)',
    to: 'tf.matMul(x, weights(pass))',
    component: 'decoder mlp',
  },
  {
    mistake: 'a dense layer has a kernel that is no variable of the run',
    file: 'shared/layers.js',
    from: 'tf.matMul(x, weights(pass))',
    to: 'tf.matMul(x, tf.randomNormal(weights(pass).shape))',
    component: 'encoder mlp',
  },
  {
    mistake: 'a dense layer makes its bias beside its scope',
    file: 'shared/layers.js',
    from: "const offsets = scope.variable('bias', [numOutputs], initializers[options.initializer].bias(numInputs));",
    to: 'const offsets = tf.variable(tf.zeros([numOutputs]));',
    component: 'decoder mlp',
  },
  {
    mistake: 'a dense layer compares the examples of a batch',
    file: 'shared/layers.js',
    from: 'tf.add(tf.matMul(x, weights(pass)), offsets)',
    to: 'tf.add(tf.matMul(tf.sub(x, tf.mean(x, 0, true)), weights(pass)), offsets)',
    component: 'generator mlp',
  },
  {
    mistake: 'a mean over examples counts what is left over in a batch',
    file: 'shared/reducers.js',
    from: 'for (let i = 0; i < count * width; i++)\n                sums',
    to: 'for (let i = 0; i < row.length; i++)\n                sums',
    component: 'metric kl',
  },
  {
    mistake: 'a mean over examples forgets all batches but the last',
    file: 'shared/reducers.js',
    from: 'numExamples += count;\n        },\n        result: () => Array.from(sums',
    to: 'numExamples = count;\n        },\n        result: () => Array.from(sums',
    component: 'metric elbo',
  },
  {
    mistake: 'codes are drawn outside of the run’s streams',
    file: 'latents/normal.js',
    from: 'const draws = noise.normal(name, [count, size]);',
    to: 'const draws = tf.randomNormal([count, size]);',
    component: 'latent normal',
  },
  {
    mistake: 'codes take no heed of the name that they are given',
    file: 'latents/normal.js',
    from: 'noise.normal(name, ',
    to: "noise.normal('latent', ",
    component: 'latent normal',
  },
  {
    mistake: 'an image is mirrored where it lies',
    file: 'transforms/flip.js',
    from: 'out[to + c] = example[from + c] ?? 0;',
    to: 'out[to + c] = example[from + c] = (example[from + c] ?? 0) + 1;',
    component: 'transform flip',
  },
  {
    mistake: 'an image is made binary where it lies',
    file: 'transforms/binarize.js',
    from: 'out[i] = Number(',
    to: 'out[i] = example[i] = Number(',
    component: 'transform binarize',
  },
  {
    mistake: 'codes are drawn about zero, wherever the fitted ones lie',
    file: 'shared/code-fits.js',
    from: 'let value = mean[i] ?? 0;',
    to: 'let value = 0;',
    component: 'sampler normal',
  },
  {
    mistake: 'the last of the codes that are asked for is left out',
    file: 'shared/code-fits.js',
    from: 'shares.forEach((share, s) => {',
    to: 'shares.subarray(1).forEach((share, s) => {',
    component: 'sampler neighbours',
  },
  {
    mistake: 'codes are drawn outside of the run’s streams, though they are fitted ones',
    file: 'shared/code-fits.js',
    from: 'const n = draws.integer(count);',
    to: 'const n = Math.floor(Math.random() * count);',
    component: 'sampler neighbours',
  },
];
