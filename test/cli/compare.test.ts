/** `latentlab compare --picture`: the file that it leaves, and what it refuses. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareCommand, type CompareCommandOptions } from '../../src/cli/commands/compare.js';
import { writeRun } from '../report/run-folders.js';
import { readPng } from '../support/png.js';

const folder = mkdtempSync(join(tmpdir(), 'latentlab-compare-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
for (const latent of [2, 5, 20])
  writeRun(folder, { name: `l${String(latent)}`, variant: `l${String(latent)}`, latent, figures: { 'test.elbo': -latent }, unit: 'nats' });

const compare = async (options: Partial<CompareCommandOptions>) => {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const code = await compareCommand([folder], { metric: ['elbo'], by: [], where: [], format: 'csv', ...options }, io);
  return { code, out: out.join('\n'), err: err.join('\n') };
};

describe('compare --picture', () => {
  it('draws a PNG beside the table, into a folder that it makes', async () => {
    const picture = join(folder, 'pictures/latents.png');
    const { code, out, err } = await compare({ picture, x: 'model.latent' });
    expect({ code, err }).toEqual({ code: 0, err: `picture  ${picture}` });
    expect(out.split('\n')).toHaveLength(4);
    expect(readPng(readFileSync(picture)).width).toBeGreaterThan(1300);
  });

  it('draws an SVG with the figure, its unit and the value on its axes', async () => {
    const picture = join(folder, 'latents.svg');
    expect((await compare({ picture, x: 'latent' })).code).toBe(0);
    const svg = readFileSync(picture, 'utf8');
    for (const text of ['test.elbo against latent', 'test.elbo (nats)', '3 runs, test split', 'latent'])
      expect(svg).toContain(`>${text}</text>`);
  });

  it.each<readonly [string, Partial<CompareCommandOptions>, RegExp]>([
    ['no value', { picture: 'a.png' }, /--picture needs a value .*\n {2}Name it by its path: --x model\.latent\./],
    ['no file', { x: 'model.latent' }, /--x says what a picture stands against/],
    ['a file of another kind', { picture: 'a.jpg', x: 'model.latent' }, /a\.jpg is no \.png and no \.svg/],
    ['a value that is no number', { picture: join(folder, 'no.png'), x: 'model.encoder' }, /model\.encoder is no number: mlp/],
  ])('refuses %s', async (_, options, message) => {
    const { code, out, err } = await compare(options);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(existsSync(join(folder, 'no.png'))).toBe(false);
  });

  it('says where it cannot write', async () => {
    mkdirSync(join(folder, 'taken.png'));
    const { code, err } = await compare({ picture: join(folder, 'taken.png'), x: 'model.latent' });
    expect(code).toBe(2);
    expect(err).toMatch(/taken\.png cannot be written: there is a folder of that name\./);
  });
});
