import { describe, expect, it } from 'vitest';
import { isDue, type Cadence } from '../../../src/runner/train/cadence.js';

const dueEpochs = (cadence: Cadence, lastEpoch: number): number[] =>
  Array.from({ length: lastEpoch + 1 }, (_, epoch) => epoch).filter((epoch) => isDue(cadence, epoch, lastEpoch));

describe('isDue', () => {
  it('is at the end where nothing else is said', () => {
    expect(dueEpochs({ at: [], every: null }, 7)).toEqual([7]);
  });

  it('knows start, half and end', () => {
    expect(dueEpochs({ at: ['start', 'half', 'end'], every: null }, 30)).toEqual([0, 15, 30]);
    expect(dueEpochs({ at: ['start', 'half', 'end'], every: null }, 1)).toEqual([0, 1]);
  });

  it('adds a rhythm to moments, and never counts the state before training as part of the rhythm', () => {
    expect(dueEpochs({ at: [1], every: { epochs: 3 } }, 7)).toEqual([1, 3, 6]);
  });
});
