/** ConfigError: all that is wrong with a config, each fault with its place, a code frame and the way out. */
import { write } from './fault-texts.js';
import type { FaultCode, LocatedFault, Place, Span } from './faults.js';
import { formatPath, type Path } from './path.js';
import { withoutRepeats } from './repeated.js';

const maxWidth = 110;
const maxShown = 50;
const maxPath = 200;
/** Runs of a sweep in which a fault is, and places that an alias has brought it to. */
const maxNamed = 3;

const wrap = (text: string, indent: string): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > maxWidth) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
};

/** Control characters of a file must not reach the terminal; a tab is one column, as in `col`. */
const printable = (line: string): string => line.replaceAll('\t', ' ').replaceAll(/\p{Cc}/gu, '\u00b7');

/** The line before and the line itself, with a caret below what is meant; long lines are cut around the caret. */
const frame = (source: string, span: Span): readonly string[] => {
  const lines = source.split(/\r\n|\n|\r/);
  const digits = String(span.line).length;
  const cut = Math.max(0, span.col - 60);
  const shown = (line: number): string => printable((lines[line - 1] ?? '').slice(cut, cut + maxWidth));
  const before =
    span.line > 1 && shown(span.line - 1).trim() !== '' ? [`    ${String(span.line - 1).padStart(digits)} | ${shown(span.line - 1)}`] : [];
  const offset = span.col - 1 - cut;
  const carets = '^'.repeat(Math.max(1, Math.min(span.width, maxWidth - offset)));
  return [...before, `  > ${span.line} | ${shown(span.line)}`, `    ${' '.repeat(digits)} | ${' '.repeat(offset)}${carets}`];
};

const placeText = (place: Place): string => {
  if (place.kind === 'argument') return place.argument;
  return place.span === null ? place.file : `${place.file}:${place.span.line}:${place.span.col}`;
};

const runsText = ({ names, total }: NonNullable<LocatedFault['runs']>): string => {
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  return `In ${names.length} of ${total} runs: ${names.slice(0, maxNamed).join(', ')}${more}.`;
};

const alsoText = (also: readonly Path[]): string => {
  const more = also.length > maxNamed ? ` and ${String(also.length - maxNamed)} more places` : '';
  return `It is at ${also.slice(0, maxNamed).map(formatPath).join(', ')}${more} as well.`;
};

/** One fault as printed: place, path and code, what is wrong, what would be right, the lines of the file. */
const formatFault = ({ fault, place, also, runs }: LocatedFault): string => {
  const { what, help } = write(fault);
  const path = fault.path.length === 0 ? '' : `  ${printable(formatPath(fault.path).slice(0, maxPath))}`;
  const head = `${placeText(place)}${path}  [${fault.code}]`;
  const lines = [head, ...wrap(what, '  '), ...(help === '' ? [] : wrap(help, '  '))];
  if (runs !== undefined) lines.push(...wrap(runsText(runs), '  '));
  if (place.kind === 'file' && place.span !== null) {
    if (place.alias !== null) lines.push(`  It is used through the alias in line ${place.alias.line}.`);
    if (also !== undefined) lines.push(...wrap(alsoText(also), '  '));
    if (place.reference !== undefined) lines.push(`  It is ${place.reference}.`);
    lines.push(...frame(place.source, place.span));
  }
  return lines.map((line) => line.trimEnd()).join('\n');
};

const order = ({ place }: LocatedFault): readonly [number, string, number, number] =>
  place.kind === 'argument' ? [1, place.argument, 0, 0] : [0, place.file, place.span?.line ?? 0, place.span?.col ?? 0];

const compare = (a: LocatedFault, b: LocatedFault): number => {
  const [groupA, nameA, lineA, colA] = order(a);
  const [groupB, nameB, lineB, colB] = order(b);
  return groupA - groupB || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0) || lineA - lineB || colA - colB;
};

/** What is no fault and worth a thought, in the words and order of faults. */
export const formatWarnings = (warnings: readonly LocatedFault[]): string =>
  withoutRepeats([...warnings].sort(compare))
    .map((warning) => `warning: ${formatFault(warning)}`)
    .join('\n\n');

/** The config is wrong: every fault of it, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly LocatedFault[];
  /** Of the first fault. */
  readonly code: FaultCode;

  constructor(faults: readonly LocatedFault[]) {
    const sorted = withoutRepeats([...faults].sort(compare));
    const [first] = sorted;
    if (first === undefined) throw new Error('A ConfigError needs a fault.');
    const texts = [...new Set(sorted.map(formatFault))];
    const more = texts.length > maxShown ? [`... and ${texts.length - maxShown} more.`] : [];
    super([...texts.slice(0, maxShown), ...more].join('\n\n'));
    this.faults = sorted;
    this.code = first.fault.code;
  }
}
