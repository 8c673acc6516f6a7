import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/runner/output/pace.js';

describe('the pace of a run', () => {
  it('is unknown at first', () => {
    const pace = new Pace(1000, 500);
    pace.update(0, 500);
    pace.update(10, 500);
    expect([pace.stepsPerSecond, pace.secondsLeft]).toEqual([null, null]);
  });

  it('is steps by time, and the time left follows from it', () => {
    const pace = new Pace(1000, 500);
    for (let i = 1; i <= 5; i++) pace.update(10 * i, 500 + 200 * i);
    expect(pace.stepsPerSecond).toBeCloseTo(50, 10);
    expect(pace.secondsLeft).toBeCloseTo(950 / 50, 10);
  });

  it('follows a change of speed, while the time left counts all that was', () => {
    const pace = new Pace(1000, 0);
    pace.update(100, 1000);
    pace.update(110, 2000);
    expect(pace.stepsPerSecond).toBeCloseTo(0.3 * 10 + 0.7 * 100, 10);
    expect(pace.secondsLeft).toBeCloseTo((2 / 110) * 890, 10);
    for (let i = 0; i < 30; i++) pace.update(120 + 10 * i, 3000 + 1000 * i);
    expect(pace.stepsPerSecond).toBeCloseTo(10, 1);
  });

  it('counts from the step that a resumed run went on from', () => {
    const pace = new Pace(1000, 500, 900);
    pace.update(910, 1500);
    expect(pace.stepsPerSecond).toBeCloseTo(10, 10);
    expect(pace.secondsLeft).toBeCloseTo(9, 10);
  });

  it('is 0 seconds from the end at the end', () => {
    const pace = new Pace(10, 0);
    pace.update(10, 1000);
    expect(pace.secondsLeft).toBe(0);
  });
});
