/** For tests of charts: what stands in an SVG, and what Vega has to say of it. */
import { afterEach, beforeEach, expect, vi } from 'vitest';

/** Within a `describe`: fails each test in which Vega reports, on the console, what it cannot draw as told. */
export const expectNoComplaints = (): void => {
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockReturnValue();
  });
  afterEach(() => {
    expect(console.warn).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
};

/** All texts of an SVG, in its order. */
export const textsOf = (svg: string): readonly string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');
