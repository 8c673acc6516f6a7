/** Mistakes in how a config is written: a key too much, one too few, a line that begins in the wrong column. */
import { pick, type Draw } from './mistakes.js';
import type { Site } from './sites.js';

export interface Spoilt {
  readonly text: string;
  /** Lines that a message may name for it. */
  readonly lines: readonly number[];
  readonly fix: string | null;
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

export const splice = (text: string, { start, end }: { readonly start: number; readonly end: number }, put: string): string =>
  text.slice(0, start) + put + text.slice(end);

/** The key again behind its value, which a message has to tell as the second. */
export const repeatKey = (text: string, { key, value, isInFlow, path }: Site): Spoilt | null => {
  if (key === null) return null;
  const lineStart = text.lastIndexOf('\n', key.start) + 1;
  const again = text.slice(key.start, value.end);
  // A block value that is repeated would need an indent of its own.
  if (!isInFlow && again.includes('\n')) return null;
  const put = isInFlow ? `, ${again}` : `\n${' '.repeat(key.start - lineStart)}${again}`;
  const spoilt = splice(text, { start: value.end, end: value.end }, put);
  const line = lineAt(spoilt, value.end + put.length);
  return {
    text: spoilt,
    lines: [line],
    fix: `"${String(path.at(-1))}" is here twice; line ${String(lineAt(text, key.start))} has it first`,
  };
};

/** A key that has to be there is not. */
export const dropRequired = (text: string, { key, value, isInFlow, isRequired, path, ownerLines }: Site): Spoilt | null => {
  if (key === null || !isRequired) return null;
  const name = JSON.stringify(path.at(-1));
  const fix = name === '"type"' ? 'its "type" is missing' : `needs ${name}`;
  if (isInFlow) {
    const behind = /^\s*,\s*/.exec(text.slice(value.end));
    const before = /,?\s*$/.exec(text.slice(0, key.start));
    const range =
      behind === null
        ? { start: key.start - (before?.[0].length ?? 0), end: value.end }
        : { start: key.start, end: value.end + behind[0].length };
    return { text: splice(text, range, ''), lines: ownerLines, fix };
  }
  const lineStart = text.lastIndexOf('\n', key.start) + 1;
  // The first key of an entry stands behind the hyphen.
  if (text.slice(lineStart, key.start).trim() !== '') return null;
  const lineEnd = text.indexOf('\n', value.end);
  const isLast = lineEnd === -1;
  const spoilt = splice(text, { start: lineStart, end: isLast ? text.length : lineEnd + 1 }, '');
  return { text: spoilt, lines: path.length === 1 ? [1, ...firstKeyLines(spoilt)] : ownerLines, fix };
};

/** Of the map that a whole file is, a message may name the first line that says something. */
const firstKeyLines = (text: string): readonly number[] => [text.split('\n').findIndex((line) => /^[a-z]/.test(line)) + 1];

/** A line of a key or an entry begins a little to the left or right. */
export const shiftLine = (text: string, draw: Draw): Spoilt | null => {
  const lines = text.split('\n');
  const movable = lines.flatMap((line, i) => (/^ *(- |[A-Za-z])[^#]*:( |$)/.test(line) || /^ +- /.test(line) ? [i] : []));
  // Behind a folded text a line that is moved in is a part of it, and no mistake that anybody could see.
  const isBehindText = (i: number): boolean => /[>|]-?$/.test(lines.slice(0, i).findLast((line) => /^\S/.test(line)) ?? '');
  const at = pick(
    movable.filter((i) => !isBehindText(i)),
    draw,
  );
  const line = at === null ? undefined : lines[at];
  if (at === null || line === undefined) return null;
  const moved = pick([` ${line}`, `  ${line}`, `\t${line}`, ...(line.startsWith('  ') ? [line.slice(1), line.slice(2)] : [])], draw);
  if (moved === null) return null;
  const isWords = (i: number): boolean => /^\s*[^\s#]/.test(lines[i] ?? '');
  const next = (from: number, step: 1 | -1): number => {
    let i = from + step;
    while (i >= 0 && i < lines.length && !isWords(i)) i += step;
    return i;
  };
  // A line does not fit those beside it: which of the three is at fault, only its author knows.
  const beside = [next(at, -1), at, next(at, 1)].filter((i) => i >= 0 && i < lines.length);
  // It also leaves the map that it was in, which may lack it.
  const indent = line.length - line.trimStart().length;
  const owner = lines.findLastIndex((other, i) => i < at && isWords(i) && other.length - other.trimStart().length < indent);
  return {
    text: lines.with(at, moved).join('\n'),
    lines: [...new Set([...beside, ...(owner === -1 ? [] : [owner])])].map((i) => i + 1),
    fix: null,
  };
};
