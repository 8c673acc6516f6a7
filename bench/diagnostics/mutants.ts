/** The corpus: every shipped config, spoilt once in each of many ways by a seeded program. */
import { formatPath } from '../../src/registry/path.js';
import type { Registry } from '../../src/registry/registry.js';
import { dropRequired, lineAt, repeatKey, shiftLine, splice, type Spoilt } from './layout.js';
import { mistakes, pick, type Draw, type Mistake, type MistakeName } from './mistakes.js';
import { findSites, type Config, type Site } from './sites.js';

/** How a mistake gets into an experiment. */
type Way = 'in the file' | 'in an extended file' | 'in an extending file' | 'by --set';
type LayoutName = 'duplicate key' | 'dropped required' | 'wrong indent' | 'mistyped extended file';
export type MutantKind = `${MistakeName}, ${Way}` | LayoutName | `${'duplicate key' | 'dropped required'}, in an extended file`;

export interface Mutant {
  readonly kind: MutantKind;
  readonly config: string;
  /** Texts by name, beside the config; the experiment is the first. */
  readonly files: readonly (readonly [string, string])[];
  readonly overrides: readonly string[];
  /** Where the mistake is: in one of these lines of a file, or in the only override. */
  readonly place: { readonly file: string; readonly lines: readonly number[] } | 'override';
  /** As a message has to say it; null where nobody can know. */
  readonly fix: string | null;
}

const [main, base] = ['mutant.yaml', 'mutant-base.yaml'];

const inFile = (text: string, { key, value }: Site, mistake: Mistake): Spoilt | null => {
  if (mistake.isInKey) {
    if (key === null) return null;
    return { text: splice(text, key, String(mistake.path.at(-1))), lines: [lineAt(text, key.start)], fix: mistake.fix };
  }
  return { text: splice(text, value, mistake.value), lines: [lineAt(text, value.start)], fix: mistake.fix };
};

const extending = 'extends: mutant-base.yaml\nname: extending\n\n';

/** A file that extends the sound config and changes one value, each key on a line of its own or all as a path. */
const inExtending = ({ path, value }: Mistake): { readonly text: string; readonly line: number } => {
  const isNested = path.every((part) => typeof part === 'string') && path.length > 1;
  const lines = isNested
    ? path.map((part, i) => `${'  '.repeat(i)}${part}:${i === path.length - 1 ? ` ${value}` : ''}`)
    : [`${formatPath(path)}: ${value}`];
  return { text: `${extending}${lines.join('\n')}\n`, line: 3 + lines.length };
};

/** Text is what a shell gives: a number for a text is one, words are a list, and quotes are text. */
const isMistakeAsArgument = ({ value, isInKey }: Mistake, { param, names }: Site): boolean =>
  isInKey || names !== null || !(param !== null && 'type' in param && (param.type === 'string' || param.type === 'array'))
    ? !value.startsWith('"')
    : false;

const spread = (config: Config, site: Site, name: MistakeName, way: Way, mistake: Mistake): Mutant | null => {
  const { file, text } = config;
  const mutant = { config: file, fix: mistake.fix, overrides: [], kind: `${name}, ${way}` as const };
  switch (way) {
    case 'in the file': {
      const spoilt = inFile(text, site, mistake);
      return spoilt === null ? null : { ...mutant, files: [[main, spoilt.text]], place: { file: main, lines: spoilt.lines } };
    }
    case 'in an extended file': {
      const spoilt = inFile(text, site, mistake);
      const files = [
        [main, extending],
        [base, spoilt?.text ?? ''],
      ] as const;
      // The name of a file that is extended is not taken over.
      return spoilt === null || site.path[0] === 'name' ? null : { ...mutant, files, place: { file: base, lines: spoilt.lines } };
    }
    case 'in an extending file': {
      const { text: child, line } = inExtending(mistake);
      return site.path[0] === 'name'
        ? null
        : {
            ...mutant,
            files: [
              [main, child],
              [base, text],
            ],
            place: { file: main, lines: [line] },
          };
    }
    case 'by --set': {
      if (!isMistakeAsArgument(mistake, site)) return null;
      const override = `${formatPath(mistake.path)}=${mistake.value}`;
      return { ...mutant, files: [[main, text]], overrides: [override], place: 'override' };
    }
  }
};

const ways: readonly Way[] = ['in the file', 'in an extended file', 'in an extending file', 'by --set'];
const mistakeNames: readonly MistakeName[] = [
  'mistyped key',
  'mistyped component',
  'mistyped word',
  'mistyped mention',
  'wrong type',
  'out of range',
];

const asMutant = (kind: MutantKind, config: Config, spoilt: Spoilt | null, isBase = false): readonly Mutant[] => {
  if (spoilt === null) return [];
  const files = isBase
    ? ([
        [main, extending],
        [base, spoilt.text],
      ] as const)
    : ([[main, spoilt.text]] as const);
  // What neither file says is missing in the one that is run.
  const isMissing = kind === 'dropped required, in an extended file' && spoilt.lines.includes(1);
  const place = isMissing ? { file: main, lines: [1] } : { file: isBase ? base : main, lines: spoilt.lines };
  return [{ kind, config: config.file, files, overrides: [], place, fix: spoilt.fix }];
};

/** Tries sites in a random order until one can be spoilt so. */
const first = <T>(sites: readonly Site[], draw: Draw, spoil: (site: Site) => T | null): T | null => {
  for (let i = 0; i < 40; i += 1) {
    const site = pick(sites, draw);
    const spoilt = site === null ? null : spoil(site);
    if (spoilt !== null) return spoilt;
  }
  return null;
};

const mutantsOf = (config: Config, registry: Registry, draw: Draw): readonly Mutant[] => {
  const sites = findSites(registry, config);
  const { file, text } = config;
  const spread_ = mistakeNames.flatMap((name) =>
    ways.flatMap((way) => {
      const mutant = first(sites, draw, (site) => {
        const mistake = mistakes[name](site, draw, registry);
        return mistake === null ? null : spread(config, site, name, way, mistake);
      });
      return mutant === null ? [] : [mutant];
    }),
  );
  const layout = [false, true].flatMap((isBase) => [
    ...asMutant(
      isBase ? 'duplicate key, in an extended file' : 'duplicate key',
      config,
      first(sites, draw, (site) => repeatKey(text, site)),
      isBase,
    ),
    ...asMutant(
      isBase ? 'dropped required, in an extended file' : 'dropped required',
      config,
      first(sites, draw, (site) => dropRequired(text, site)),
      isBase,
    ),
  ]);
  const typo = mistakes['mistyped word']({ ...blank, given: 'mutant-base', param: { type: 'string', enum: [] } }, draw)?.value ?? 'base';
  const lost: Mutant = {
    kind: 'mistyped extended file',
    config: file,
    files: [
      [main, `name: extending\nextends: ${typo}.yaml\n`],
      [base, text],
    ],
    overrides: [],
    place: { file: main, lines: [2] },
    fix: 'did you mean "mutant-base.yaml"?',
  };
  return [...spread_, ...layout, ...asMutant('wrong indent', config, shiftLine(text, draw)), ...(typo === 'mutant-base' ? [] : [lost])];
};

const blank: Site = {
  path: [],
  key: null,
  value: { start: 0, end: 0 },
  given: null,
  param: null,
  names: null,
  known: [],
  isRequired: false,
  isInFlow: false,
  ownerLines: [],
};

/** The same mutants for the same configs, rounds and seed; none twice. */
export const createMutants = (
  configs: readonly Config[],
  registry: Registry,
  { rounds, draw }: { rounds: number; draw: Draw },
): readonly Mutant[] => {
  const seen = new Set<string>();
  return Array.from({ length: rounds }, () => configs)
    .flat()
    .flatMap((config) => mutantsOf(config, registry, draw))
    .filter(({ config, files, overrides }) => {
      const key = JSON.stringify([config, files, overrides]);
      return seen.size !== seen.add(key).size;
    });
};
