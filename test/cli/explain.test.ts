/** `latentlab explain`, `config` and `diff`: who set what, what an experiment is, and how two differ. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runConfig } from '../../src/cli/commands/config.js';
import { runDiff } from '../../src/cli/commands/diff.js';
import { runExplain } from '../../src/cli/commands/explain.js';
import type { Io } from '../../src/cli/io.js';
import { Registry } from '../../src/registry/registry.js';
import { loadExperiment } from '../../src/runner/config/load.js';
import { toyComponents } from '../registry/toy-components.js';
import { valid } from '../runner/config/load-text.js';
import { temporaryFolder } from '../runner/output/support.js';

const registry = new Registry(toyComponents);
const none = { set: [], setFile: [], unset: [] };
const small = 'extends: base.yaml\nmodel:\n  latent: 20\nplots[0]: ${unset}\nseed: ${x-seed}\nx-seed: 3\n';

const folderOf = (): string => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'base.yaml'), valid);
  writeFileSync(join(folder, 'small.yaml'), small);
  return folder;
};

/** What a command prints; paths below the folder are cut. */
const said = async (folder: string, body: (io: Io) => Promise<number>) => {
  const out: string[] = [];
  const err: string[] = [];
  const code = await body({ out: (line) => out.push(line), err: (line) => err.push(line) });
  const cut = (lines: readonly string[]): string => lines.join('\n').replaceAll(`${folder}/`, '');
  return { code, out: cut(out), err: cut(err) };
};

describe('explain', () => {
  const explain = (path: string | null, options: Partial<Parameters<typeof runExplain>[2]> = {}) => {
    const folder = folderOf();
    return said(folder, (io) => runExplain(join(folder, 'small.yaml'), path, { ...none, json: false, ...options }, io, registry));
  };

  it('says who set a value, what it took the place of, and what may stand there', async () => {
    expect(await explain('model.latent')).toEqual({
      code: 0,
      err: '',
      out: [
        'model.latent: 20',
        '  Latent dimensions.',
        '  set by     small.yaml:3:11',
        '  instead of 2, base.yaml:5:11',
        '  accepts    integer ≥ 1',
        '  default    none',
        '  belongs to model vae',
      ].join('\n'),
    });
    const { out } = await explain('model.latent', { set: ['model.latent=5', 'model.latent=6'] });
    expect(out).toContain(
      'set by     --set model.latent=6\n  instead of 5, --set model.latent=5\n             20, small.yaml:3:11\n             2, base',
    );
  });

  it('follows references, and knows defaults and components', async () => {
    expect((await explain('seed')).out).toContain('set by     small.yaml:5:7, ${x-seed}, set at small.yaml:6:9');
    expect((await explain('training.batchSize')).out).toContain('set by     default of an experiment');
    const { out } = await explain('model.encoder');
    expect(out).toContain('known      linear, mlp');
    expect(out).toMatch(/model\.encoder\.activation +relu +default of encoder mlp/);
  });

  it('lists all values with their places, also as JSON', async () => {
    const { out } = await explain(null);
    expect(out).toMatch(/^name +small +default of an experiment$/m);
    expect(out).toMatch(/^losses\[1\]\.weight\.epochs +5 +base\.yaml:9:\d+$/m);
    const rows: unknown = JSON.parse((await explain(null, { json: true })).out);
    expect(rows).toContainEqual({ path: 'model.latent', value: 20, origin: 'small.yaml:3:11' });
    expect(JSON.parse((await explain('seed', { json: true })).out)).toMatchObject({ value: 3, accepts: 'integer from 0 to 4294967295' });
  });

  it('guesses what was meant, and tells mistakes of the files', async () => {
    expect(await explain('latnet')).toEqual({
      code: 2,
      out: '',
      err: 'latentlab: small.yaml has no value "latnet"; did you mean "model.latent"?',
    });
    expect((await explain('model.latnet')).err).toContain('did you mean "model.latent"?');
    expect((await explain('seed', { set: ['model.latent=x'] })).err).toContain('--set model.latent=x  model.latent  [wrong-type]');
  });
});

describe('config', () => {
  it('prints an experiment that is the same when it is read, with and without the origins', async () => {
    const folder = folderOf();
    const file = join(folder, 'small.yaml');
    const { experiment } = await loadExperiment(file, { registry });
    for (const origins of [false, true]) {
      const { code, out } = await said(folder, (io) => runConfig(file, { ...none, origins }, io, registry));
      expect(code).toBe(0);
      writeFileSync(join(folder, 'printed.yaml'), out);
      expect((await loadExperiment(join(folder, 'printed.yaml'), { registry })).experiment).toEqual(experiment);
      expect(out.includes('latent: 20 # small.yaml:3:11')).toBe(origins);
      expect(out.includes('# default of an experiment\nplugins: []')).toBe(origins);
    }
  });
});

describe('diff', () => {
  const diff = (a: string, b: string, files: Readonly<Record<string, string>> = {}, json = false) => {
    const folder = folderOf();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return said(folder, (io) => runDiff(join(folder, a), join(folder, b), { json }, io, registry));
  };

  it('sees no difference in comments, order, names, and defaults that are written out', async () => {
    const same = `# other words\ndescription: x\nseed: 0\n${valid.replace('data: points', 'data: { count: 100, type: points }').replace('name: toy', 'name: other')}`;
    expect(await diff('base.yaml', 'same.yaml', { 'same.yaml': same })).toEqual({
      code: 0,
      err: '',
      out: 'base.yaml and same.yaml mean the same.',
    });
  });

  it('names what differs, with its place on both sides, and aligns lists', async () => {
    const { code, out } = await diff('base.yaml', 'small.yaml');
    expect(code).toBe(1);
    expect(out.split('\n').map((line) => line.replace(/\{ type.*\.\.\./, '...'))).toEqual([
      'seed',
      '  - 0   (default of an experiment)',
      '  + 3   (small.yaml:5:7, ${x-seed}, set at small.yaml:6:9)',
      'model.latent',
      '  - 2   (base.yaml:5:11)',
      '  + 20   (small.yaml:3:11)',
      'plots[0]',
      expect.stringMatching(/^ {2}- .*curve.* {3}\(base\.yaml:14:5\)$|^ {2}- \.\.\. {3}\(base\.yaml:14:5\)$/),
    ]);
  });

  it('takes lists of plain values, and components of another type, as one value', async () => {
    const other = valid.replace('hidden: [50, 20]', 'hidden: [50]');
    const rows: unknown = JSON.parse((await diff('base.yaml', 'other.yaml', { 'other.yaml': other }, true)).out);
    expect(rows).toEqual([{ path: 'model.encoder.hidden', a: [50, 20], b: [50] }]);
    const linear = valid.replace('{ type: mlp, hidden: [50, 20] }', 'linear');
    const changed: unknown = JSON.parse((await diff('base.yaml', 'linear.yaml', { 'linear.yaml': linear }, true)).out);
    expect(changed).toMatchObject([{ path: 'model.encoder', a: { type: 'mlp' }, b: { type: 'linear' } }]);
  });

  it('tells a mistake, and a folder that is no run', async () => {
    expect((await diff('base.yaml', 'none.yaml')).code).toBe(2);
    const folder = folderOf();
    const { code, err } = await said(folder, (io) => runDiff(folder, join(folder, 'base.yaml'), { json: false }, io, registry));
    expect(code).toBe(2);
    expect(err).toMatch(/run\.json/);
    expect(readFileSync(join(folder, 'base.yaml'), 'utf8')).toBe(valid);
  });
});
