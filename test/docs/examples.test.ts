/** What the documents show is true: experiments load, commands and links exist, pictures are there and small. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadExperiment, loadVariants } from '../../src/index.js';
import { isMap, type PlainMap } from '../../src/registry/values.js';
import { allBlocks, allDocuments, anchorsOf, commandTexts, linksOf, root, textOf } from './documents.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latentlab-docs-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('YAML', () => {
  const quickstart = parse(readFileSync(join(root, 'configs/quickstart.yaml'), 'utf8')) as PlainMap;
  /** Lists and components of the upper map replace those below; plain maps are merged. */
  const layOver = (below: unknown, above: unknown): unknown =>
    isMap(below) && isMap(above) && !('type' in above)
      ? { ...below, ...Object.fromEntries(Object.entries(above).map(([key, value]) => [key, layOver(below[key], value)])) }
      : above;

  // Those with plug-ins are run where their plug-ins are, by plugins.test.ts.
  const blocks = allBlocks('yaml').filter(({ text, file }) => file === null && !/^plugins:/m.test(text));
  it.each(blocks.map((block) => [block.place, block] as const))(
    '%s loads, laid over the quickstart if it is a part',
    async (_, { text }) => {
      const shown = parse(text) as PlainMap;
      const isWhole = ['data', 'model', 'losses', 'training'].every((key) => key in shown);
      const file = write('shown.yaml', isWhole ? text : stringify(layOver(quickstart, shown)));
      await expect(loadVariants(file)).resolves.toHaveProperty('[0].experiment.model.type');
    },
  );

  const named = allBlocks('yaml').filter(({ text, file }) => file !== null && !/^plugins:/m.test(text));
  it.each(named.map((block) => [block.place, block] as const))('%s loads beside the others of its page', async (_, { document, file }) => {
    for (const other of named.filter((block) => block.document === document)) write(other.file ?? '', other.text);
    await expect(loadExperiment(join(folder, file ?? ''))).resolves.toHaveProperty('experiment.model.type');
  });

  it("shows a mistake as the README's example has it", async () => {
    const [first] = allBlocks('yaml');
    const shown = /^my-vae\.yaml:7:52 .*?(?= \[\.\.\.\])/ms.exec(textOf('README.md'))?.[0] ?? 'no such text';
    const file = write('my-vae.yaml', first?.text.replace('activation: relu', 'activation: rleu') ?? '');
    await expect(loadExperiment(file)).rejects.toThrow(shown);
  });
});

describe('commands', () => {
  /** Flags by command, from its help. */
  const known = new Map<string, readonly string[]>();
  const help = (...args: readonly string[]): string => {
    const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args, '--help'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    return stdout;
  };
  const flagsIn = (text: string): readonly string[] => [...text.matchAll(/(?<=[\s,[])--?[a-z]+/g)].map(([flag]) => flag);
  beforeAll(() => {
    const commands = [...help().matchAll(/^ {2}([a-z]+) .*$/gm)]
      .map((match) => match[1] ?? '')
      .filter((name) => name !== 'help' && name !== 'latentlab');
    for (const command of commands) known.set(command, flagsIn(help(command)));
  }, 180_000);

  const used = commandTexts.flatMap(
    (text) => /^(?:npm run latentlab -- |npx latentlab |latentlab )([a-z]+)(.*)$/.exec(text)?.slice(1).join('') ?? [],
  );

  it('are those of the command line, with its flags', () => {
    expect([...known.keys()]).toEqual(
      'init run resume batch worker status logs compare evaluate check plan explain config diff components schema verify doctor completion'.split(
        ' ',
      ),
    );
    expect(used.length).toBeGreaterThan(10);
    for (const text of used) {
      const flags = known.get(text.split(' ')[0] ?? '');
      expect(flags, `latentlab ${text}`).toBeDefined();
      for (const flag of flagsIn(text)) expect(flags, `latentlab ${text}`).toContain(flag);
    }
  });

  it('are all told of in the README and in the changes', () => {
    const table = /## Commands\n(.*?)\n## /s.exec(textOf('README.md'))?.[1] ?? '';
    for (const command of known.keys()) {
      expect(table).toMatch(new RegExp(`\`(latentlab )?${command}[ \`]`));
      expect(textOf('CHANGELOG.md')).toContain(`\`${command}\``);
    }
  });

  it('run files that are there, with overrides that fit', async () => {
    const runs = used.flatMap((text) => {
      const file = /^(?:run|explain|config) (configs\/[\w/-]+\.yaml)/.exec(text)?.[1];
      const variant = / --variant (\S+)/.exec(text)?.[1];
      const overrides = [...text.matchAll(/--set (?:'([^']*)'|"([^"]*)"|(\S+))/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
      return file === undefined ? [] : [{ file, options: { overrides, ...(variant === undefined ? {} : { variant }) } }];
    });
    expect(runs.length).toBeGreaterThan(4);
    for (const { file, options } of runs) await loadExperiment(join(root, file), options);
  });

  it('of npm are scripts of the package', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const names = commandTexts.flatMap(
      (text) =>
        /^npm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/
          .exec(text)
          ?.slice(1)
          .filter((name) => name) ?? [],
    );
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('links', () => {
  it.each(allDocuments)('of %s lead to files and headings that are there', (document) => {
    const broken = linksOf(document).filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsOf(file).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe('pictures', () => {
  const pictures = readdirSync(join(root, 'docs/pictures'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png'));

  it('are small, and together less than a megabyte', () => {
    const sizes = pictures.map((name) => statSync(join(root, 'docs/pictures', name)).size);
    expect(Math.max(...sizes)).toBeLessThan(100_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_000_000);
  });

  it('are all shown somewhere', () => {
    const shown = new Set(allDocuments.flatMap(linksOf).map((target) => target.replace(/^.*\//, '')));
    expect(pictures.filter((name) => !shown.has(basename(name)))).toEqual([]);
  });
});
