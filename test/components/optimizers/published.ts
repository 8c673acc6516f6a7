/** The published algorithms, one weight at a time in float64: what the optimizers are held against. Written from the papers, not from src/. */

/** Keeps its own state; called with each gradient and its learning rate in turn, gives back the weight. */
export type Rule = (weight: number, gradient: number, learningRate: number) => number;

export const sgd = (): Rule => (w, g, lr) => w - lr * g;

/** PyTorch's SGD with momentum, dampening 0. */
export const momentum = (mu: number, nesterov: boolean): Rule => {
  let buffer = 0;
  return (w, g, lr) => {
    buffer = mu * buffer + g;
    return w - lr * (nesterov ? g + mu * buffer : buffer);
  };
};

/** PyTorch's RMSprop. */
export const rmsprop = (alpha: number, epsilon: number, mu: number, centered: boolean): Rule => {
  let squareAverage = 0;
  let average = 0;
  let buffer = 0;
  return (w, g, lr) => {
    squareAverage = alpha * squareAverage + (1 - alpha) * g * g;
    average = alpha * average + (1 - alpha) * g;
    const root = Math.sqrt(centered ? squareAverage - average * average : squareAverage) + epsilon;
    buffer = mu * buffer + g / root;
    return w - lr * buffer;
  };
};

/** Kingma & Ba 2015, algorithm 1; with `decay`, Loshchilov & Hutter 2019, algorithm 2, the decay scaled by the learning rate. */
export const adam = (beta1: number, beta2: number, epsilon: number, decay = 0): Rule => {
  let m = 0;
  let v = 0;
  let t = 0;
  return (w, g, lr) => {
    t += 1;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const mHat = m / (1 - beta1 ** t);
    const vHat = v / (1 - beta2 ** t);
    return w - lr * decay * w - (lr * mHat) / (Math.sqrt(vHat) + epsilon);
  };
};

/** Kingma & Ba 2015, algorithm 2, with PyTorch's epsilon. */
export const adamax = (beta1: number, beta2: number, epsilon: number): Rule => {
  let m = 0;
  let u = 0;
  let t = 0;
  return (w, g, lr) => {
    t += 1;
    m = beta1 * m + (1 - beta1) * g;
    u = Math.max(beta2 * u, Math.abs(g) + epsilon);
    return w - ((lr / (1 - beta1 ** t)) * m) / u;
  };
};
