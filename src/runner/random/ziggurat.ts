/**
 * Standard normal draws by the ziggurat: 256 layers of equal area, of which 98.5 % of the draws need one word, one product
 * and one comparison. Layer, sign and magnitude come from different bits of the word (Doornik 2005).
 *
 * The layers' widths are rounded to float32, so that a last-digit difference in a machine's `Math.exp` cannot show in a draw:
 * an odd 25-bit integer times a 24-bit width is exact in double precision, and is rounded once, when it is stored.
 *
 * Source: Marsaglia & Tsang 2000, "The Ziggurat Method for Generating Random Variables".
 */
import type { Xoshiro } from './xoshiro.js';

const NUM_LAYERS = 256;
/** Where the tail begins, and the area of each layer (the lowest with its tail), for 256 layers. */
const TAIL_START = 3.6541528853610088;
const AREA = 0.00492867323399;
const UNIT = 2 ** 24;

const density = (x: number): number => Math.exp(-0.5 * x * x);
const inverseDensity = (y: number): number => Math.sqrt(-2 * Math.log(y));

const makeTables = () => {
  // edges[i] is the right edge of layer i; layer 0 is the lowest, as wide as a box of its area would be.
  const edges = new Float64Array(NUM_LAYERS + 1);
  edges[0] = AREA / density(TAIL_START);
  edges[1] = TAIL_START;
  let edge = TAIL_START;
  for (let i = 2; i < NUM_LAYERS; i++) {
    edge = inverseDensity(density(edge) + AREA / edge);
    edges[i] = edge;
  }
  edges[NUM_LAYERS] = 0;
  const widths = Float64Array.from({ length: NUM_LAYERS }, (_, i) => Math.fround(edges[i] ?? 0) / UNIT);
  /** Magnitudes below this lie under the curve whatever their height in the layer. */
  const inside = Int32Array.from({ length: NUM_LAYERS }, (_, i) => Math.floor(((edges[i + 1] ?? 0) / (edges[i] ?? 1)) * UNIT));
  return { widths, inside, heights: edges.map(density) };
};
const { widths, inside, heights } = makeTables();

/** Uniform on (0, 1): never 0, whose logarithm would be infinite. */
const open = (words: Xoshiro): number => ((words.next() >>> 8) + 0.5) / UNIT;

/** The part of the curve beyond TAIL_START (Marsaglia 1964). */
const tail = (words: Xoshiro): number => {
  for (;;) {
    const x = -Math.log(open(words)) / TAIL_START;
    const y = -Math.log(open(words));
    if (2 * y > x * x) return TAIL_START + x;
  }
};

/** The draw that `word` begins, when it falls outside the sure part of its layer. */
const slowNormal = (words: Xoshiro, first: number): number => {
  for (let word = first; ; word = words.next()) {
    const layer = word & 255;
    const odd = (word >> 7) | 1;
    const x = odd * (widths[layer] ?? 0);
    if (Math.abs(odd) < (inside[layer] ?? 0)) return x;
    if (layer === 0) return odd < 0 ? -tail(words) : tail(words);
    const low = heights[layer] ?? 0;
    const high = heights[layer + 1] ?? 0;
    if (low + open(words) * (high - low) < density(x)) return x;
  }
};

/** Fills `out` with standard normal draws. */
export const fillNormal = (words: Xoshiro, out: Float32Array): void => {
  for (let i = 0; i < out.length; i++) {
    const word = words.next();
    const layer = word & 255;
    const odd = (word >> 7) | 1;
    out[i] = Math.abs(odd) < (inside[layer] ?? 0) ? odd * (widths[layer] ?? 0) : slowNormal(words, word);
  }
};
