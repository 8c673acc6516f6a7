/** Numbers that look random and are the same for every run: what metrics draw must not hang on the run's seed. */

/** Uniform on (0, 1); the same sequence each time. Source: "mulberry32", Tommy Ettinger 2017, public domain. */
export const createUniforms = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
};
