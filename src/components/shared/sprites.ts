/** Draws single sprites. */

/** Whether a point of the square from -1 to 1 lies inside; all three fill about the same area. */
const insides: readonly ((u: number, v: number) => boolean)[] = [
  (u, v) => Math.max(Math.abs(u), Math.abs(v)) < 0.75,
  (u, v) => u * u + (v / 0.5) ** 2 < 1,
  // A heart: (x^2 + y^2 - 1)^3 < x^2 y^3, upright and a little smaller.
  (u, v) => {
    const [x, y] = [1.2 * u, -1.2 * v + 0.1];
    const beyond = x * x + y * y - 1;
    // Third powers by ** take ten times as long, and this is asked for sixteen points of each pixel.
    return beyond * beyond * beyond < x * x * y * y * y;
  },
];
export const spriteShapes = ['square', 'ellipse', 'heart'] as const;

export interface Sprite {
  /** Place in `spriteShapes`. */
  readonly shape: number;
  /** From 0 (half as large as it can be) to 1. */
  readonly scale: number;
  /** Radians. */
  readonly turn: number;
  /** Centre from left and from above, from 0 to 1 of the room that the largest sprite has. */
  readonly across: number;
  readonly down: number;
}

/** Points along each side of a pixel that are asked. */
const points = 4;

/** Fills `out`, [size, size], with values in [0, 1]. */
export const drawSprite = (out: Float32Array, size: number, { shape, scale, turn, across, down }: Sprite): void => {
  const isInside = insides[shape];
  if (isInside === undefined) throw new Error(`there is no sprite ${String(shape)}`);
  const largest = 0.22;
  const radius = size * largest * (0.5 + 0.5 * scale);
  // Corners of a turned square reach beyond its radius.
  const margin = size * largest * 1.15;
  const [left, top] = [margin + across * (size - 2 * margin), margin + down * (size - 2 * margin)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  // Nothing of a sprite is farther from its centre.
  const reach = 1.5 * radius + 1;
  out.fill(0);
  for (let y = Math.max(0, Math.floor(top - reach)); y < Math.min(size, top + reach); y++)
    for (let x = Math.max(0, Math.floor(left - reach)); x < Math.min(size, left + reach); x++) {
      let count = 0;
      for (let k = 0; k < points * points; k++) {
        const dx = (x + ((k % points) + 0.5) / points - left) / radius;
        const dy = (y + (Math.floor(k / points) + 0.5) / points - top) / radius;
        if (isInside(cos * dx + sin * dy, cos * dy - sin * dx)) count++;
      }
      out[y * size + x] = count / (points * points);
    }
};
