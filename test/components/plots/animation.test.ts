/** Animations: a frame for each moment, all in one file at the last. */
import { decodeApng } from 'fast-png';
import { describe, expect, it } from 'vitest';
import animation from '../../../src/components/plots/animation.js';
import type { Moment } from '../../../src/registry/contracts/index.js';
import { facts, points, studioOf } from './model.js';
import { planeData, pointStudio } from './points.js';

const moments: readonly Moment[] = [0, 5, 10].map((epoch) => ({ epoch, step: epoch, isLast: epoch === 10 }));

const plot = animation.build({ count: 9, frameMilliseconds: 300, repeat: true });

describe('animation', () => {
  it('gives one picture when all is over, with a frame for each moment, the last one longer', async () => {
    const draw = await plot.prepare(studioOf(2));
    for (const moment of moments) expect(await draw(moment)).toEqual([]);
    const [picture] = (await draw.conclude?.(moments[2]!))!;
    const { frames, numberOfPlays, channels } = decodeApng(picture!.png);
    expect(frames.map(({ delayNumber }) => delayNumber)).toEqual([300, 300, 3000]);
    expect([numberOfPlays, channels]).toEqual([0, 1]);
    // The model is the same at each moment; the heading is not.
    expect(frames[0]!.data).not.toEqual(frames[1]!.data);
    expect(picture).toMatchObject({ folder: 'images', suffix: '', svg: null });
    expect(picture!.caption).toContain('9 samples over training, from the same codes in each of 3 frames, the last after 10 epochs');
  });

  it('ends with the last moment where the cadence does not reach it', async () => {
    const draw = await plot.prepare(studioOf(2));
    await draw(moments[1]!);
    const [picture] = (await draw.conclude?.({ epoch: 7, step: 7, isLast: true }))!;
    expect(decodeApng(picture!.png).frames).toHaveLength(2);
    expect(picture!.caption).toContain('the last after 7 epochs');
  });

  it('shows what there is by then of a run that is interrupted, and goes on from it', async () => {
    const draw = await plot.prepare(studioOf(2));
    const interrupted: Moment = { epoch: 7, step: 7, isLast: false };
    expect(await draw.conclude?.(interrupted)).toEqual([]);
    await draw(moments[0]!);
    await draw(moments[1]!);
    const saved = draw.memory!.save();
    const [picture] = (await draw.conclude?.(interrupted))!;
    expect(picture!.caption).toContain('2 frames, the last after 5 epochs');

    const later = await plot.prepare(studioOf(2));
    // Safetensors keep tensors in the order of their names.
    later.memory!.restore(new Map([...saved].toReversed()));
    await later(moments[2]!);
    await draw(moments[2]!);
    expect(await later.conclude?.(moments[2]!)).toEqual(await draw.conclude?.(moments[2]!));
  });

  it('shows points over those of the data while the model changes', async () => {
    const weights = { scale: 0.1 };
    const draw = await plot.prepare(pointStudio(planeData(), weights));
    await draw(moments[0]!);
    weights.scale = 0.8;
    const [picture] = (await draw.conclude?.(moments[2]!))!;
    const { frames, width, height, channels } = decodeApng(picture!.png);
    expect(channels).toBe(3);
    expect(picture!.folder).toBe('plots');
    // Blue pixels move apart: their mean distance from the middle grows.
    const spread = frames.map(({ data }) => {
      let [count, sum] = [0, 0];
      for (let i = 0; i < width * height; i++) {
        const [r, g, b] = [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!];
        const y = Math.floor(i / width);
        if (b - r < 80 || g > 200 || y < height / 5) continue;
        sum += Math.abs((i % width) - width / 2);
        count++;
      }
      return sum / count;
    });
    expect(spread[1]).toBeGreaterThan(1.5 * spread[0]!);
  });

  it('refuses data that it can draw neither as images nor as points', () => {
    expect(plot.check?.(facts())).toBeNull();
    expect(plot.check?.(facts({ data: points }))).toBeNull();
    expect(plot.check?.(facts({ data: null }))).toBeNull();
    expect(plot.check?.(facts({ data: { ...points, shape: [7] } }))).toMatchObject({
      param: null,
      message: expect.stringContaining('[7]') as string,
    });
  });
});
