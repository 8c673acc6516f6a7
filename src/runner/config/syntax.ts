/**
 * What is wrong with text that is no YAML, in the words of somebody who wrote an experiment: the parser names what it could not go on with, and
 * mostly it is a line that begins in another column, or a character too few.
 */
import { isScalar, visit, type Document, type YAMLError } from 'yaml';

type Offsets = readonly [number, number];

export interface SyntaxProblem {
  readonly reason: string;
  /** The way out; '' where `reason` has said it. */
  readonly help: string;
  /** Where, as offsets of characters. */
  readonly at: Offsets;
}

interface Context {
  readonly code: string;
  readonly message: string;
  readonly at: Offsets;
  readonly source: string;
  readonly document: Document.Parsed;
}

type Explain = (context: Context) => Partial<SyntaxProblem> | null;

const lineStartAt = (source: string, offset: number): number => source.lastIndexOf('\n', offset - 1) + 1;
const indentOf = (line: string): number => line.length - line.trimStart().length;
const lineFrom = (source: string, start: number): string => /[^\r\n]*/.exec(source.slice(start))?.[0] ?? '';

/** The line at an offset, what of it stands before that, and the next line that says something. */
const linesAt = (
  source: string,
  offset: number,
): { readonly line: string; readonly before: string; readonly next: { readonly start: number; readonly text: string } | null } => {
  const start = lineStartAt(source, offset);
  const line = lineFrom(source, start);
  const blanks = /^\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*/.exec(source.slice(start + line.length))?.[0];
  const nextStart = start + line.length + (blanks?.length ?? 0);
  const text = lineFrom(source, nextStart);
  return {
    line,
    before: source.slice(start, offset),
    next: blanks === undefined || text.trim() === '' ? null : { start: nextStart, text },
  };
};

/** What a parser takes for a key over several lines, or for a map inside a value. */
const ofKey: Explain = ({ source, at: [offset] }) => {
  const { line, before, next } = linesAt(source, offset);
  const isValue = /:\s+$/.test(before);
  if (isValue && next !== null && indentOf(next.text) > indentOf(line))
    return {
      reason: 'this line is further to the right than the one above it, which has a value already',
      help: 'Let it begin in the same column as that, or take the value there away.',
      at: [next.start + indentOf(next.text), next.start + next.text.length],
    };
  if (isValue && line.slice(before.length).includes(': '))
    return { reason: 'a text with a colon and a space in it needs quotes', help: 'Put quotes around all of it.' };
  const glued = /^([\w-]+):(\S.*)$/.exec(line.slice(before.length));
  if (glued !== null) return { reason: 'a colon needs a space behind it', help: `Write \`${glued[1] ?? ''}: ${glued[2] ?? ''}\`.` };
  const words = line.slice(before.length).trim();
  if (/:(\s|$)/.test(words)) return null;
  return {
    reason: 'this is a key without a colon, or a value without a key',
    help: 'Write `key: value`, with a space behind the colon.',
    at: [offset, offset + words.length],
  };
};

const ofColumn: Explain = ({ message }) => {
  const closing = /end with a (.)/.exec(message)?.[1];
  if (closing !== undefined)
    return {
      reason: `a ${closing === ']' ? '"["' : '"{"'} is not closed before this`,
      help: `Put ${JSON.stringify(closing)} behind its last entry.`,
    };
  return {
    reason: 'this line begins in another column than those it belongs to',
    help: 'Keys of one map begin in one column, and so do the entries of one list; what is inside stands further to the right.',
  };
};

const ofToken: Explain = ({ message }) => {
  if (/flow-(map|seq)-end/.test(message)) return { reason: 'there is nothing open that this would close', help: 'Take it away.' };
  if (message.includes('block-seq-ind on same line'))
    return { reason: 'a list with hyphens begins on a line of its own', help: 'Put each entry on its own line, or write `[a, b]`.' };
  if (message.includes('at node end'))
    return { reason: 'something stands behind the end of this value', help: 'Put quotes around all of it, or take it away.' };
  return null;
};

/** A quote that is not closed is told of where the text ends, and is where it was opened. */
const ofQuote: Explain = ({ message, at: [end], document }) => {
  if (!message.startsWith('Missing closing')) return null;
  const opened: number[] = [];
  visit(document, (_, node) => {
    if (isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') && (node.range?.[1] ?? 0) >= end - 1)
      opened.push(node.range?.[0] ?? 0);
  });
  const said = { reason: 'this quote is not closed', help: 'Put the same quote behind the text.' };
  const start = opened.at(-1);
  return start === undefined ? said : { ...said, at: [start, start + 1] };
};

const quoted = 'Put quotes around the text.';

const explanations: Readonly<Record<string, Explain>> = {
  BLOCK_AS_IMPLICIT_KEY: ofKey,
  MULTILINE_IMPLICIT_KEY: ofKey,
  BAD_INDENT: ofColumn,
  UNEXPECTED_TOKEN: ofToken,
  MISSING_CHAR: ofQuote,
  BLOCK_IN_FLOW: () => ({ reason: 'a comma is missing here', help: 'Inside [ ] and { } a comma stands between the entries.' }),
  TAB_AS_INDENT: () => ({ reason: 'a tab stands where the line begins', help: 'Indent with spaces.' }),
  BAD_SCALAR_START: () => ({ help: quoted }),
  BAD_ALIAS: () => ({ help: `A * begins an alias. ${quoted}` }),
  BAD_DQ_ESCAPE: () => ({ help: 'In double quotes a backslash begins an escape: write two of them, or use single quotes.' }),
};

/** What is wrong with the next line is sometimes told of the empty lines and the comments before it. */
const behindBlanks = (source: string, [start, end]: Offsets): Offsets => {
  const blanks = /^(?:[ \t]*(?:#[^\n]*)?\r?\n)+[ \t]*/.exec(source.slice(start))?.[0].length ?? 0;
  const isLineStart = start === 0 || source[start - 1] === '\n';
  return blanks === 0 || !isLineStart || start + blanks >= source.length ? [start, end] : [start + blanks, start + blanks + 1];
};

export const explainSyntax = ({ code, message, pos }: YAMLError, source: string, document: Document.Parsed): SyntaxProblem => {
  const at = behindBlanks(source, pos);
  const said = { reason: message.charAt(0).toLowerCase() + message.slice(1), help: '', at };
  // Inside [ ] and { } the brace of a reference begins a map.
  if (source.slice(pos[0] - 1, pos[0] + 1) === '${')
    return { ...said, reason: 'inside [ ] and { } a reference needs quotes, as in "${model.latent}"' };
  const explain = Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  return { ...said, ...explain?.({ code, message, at, source, document }) };
};
