import { describe, expect, it } from 'vitest';
import { nameBatch } from '../../src/batch/files.js';

describe('a batch', () => {
  it.each([
    [['configs/seed'], 'seed'],
    [['configs/seed/'], 'seed'],
    [['configs/seed/vae.yaml'], 'vae'],
    [['configs/seed', 'configs/gans/wgan.yaml'], 'configs'],
    [['configs/seed/a.yaml', 'configs/seed/b.yaml'], 'seed'],
    [['configs/seed/**/*.yaml'], 'seed'],
    [['/*.yaml'], 'batch'],
  ])('is named by its arguments alone: %j', (inputs, name) => {
    expect(nameBatch(inputs)).toBe(name);
  });
});
