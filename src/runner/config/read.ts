/** From a file to its text, and from its text to a YAML document; what goes wrong here stops the reading. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import { ConfigError } from '../../registry/errors.js';
import type { Fault, LocatedFault, Span } from '../../registry/faults.js';
import { suggest } from '../../registry/suggest.js';

const maxBytes = 1_000_000;
const maxSyntaxFaults = 10;

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'a part of its path is a file and no folder',
  ELOOP: 'its symbolic links run in a circle',
  ENAMETOOLONG: 'its name is too long',
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';

const similarFile = async (file: string): Promise<string | null> => {
  const folder = dirname(file);
  const files = await readdir(folder).catch(() => []);
  const suggestion = suggest(
    basename(file),
    files.filter((name) => /\.ya?ml$/.test(name)),
  );
  return suggestion === null ? null : join(folder, suggestion);
};

/** A name that leads to nothing. */
export const missingFile = async (file: string): Promise<LocatedFault> => ({
  fault: { code: 'missing-file', path: [], at: 'value', facts: { file, suggestion: await similarFile(file) } },
  place: { kind: 'file', file, source: '', span: null, alias: null },
});

/** The file's text. @throws ConfigError */
export const readSource = async (file: string): Promise<string> => {
  const fail = (fault: Fault): ConfigError =>
    new ConfigError([{ fault, place: { kind: 'file', file, source: '', span: null, alias: null } }]);
  const unreadable = (reason: string): ConfigError => fail({ code: 'unreadable-file', path: [], at: 'value', facts: { reason } });
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') throw new ConfigError([await missingFile(file)]);
    throw unreadable(reasons[code] ?? code);
  }
  if (bytes.length > maxBytes)
    throw fail({ code: 'too-complex', path: [], at: 'value', facts: { reason: `it is larger than ${maxBytes} bytes` } });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('it is not UTF-8 text');
  }
};

export interface ParsedDocument {
  readonly document: Document.Parsed;
  /** From character offsets [start, end) to a span on start's line. */
  readonly spanAt: (start: number, end: number) => Span;
}

const faultOf = (error: YAMLError, source: string): Fault => {
  const { code, message, pos } = error;
  const at = { path: [], at: 'value' } as const;
  if (code === 'RESOURCE_EXHAUSTION') return { ...at, code: 'too-complex', facts: { reason: 'its values are nested too deeply' } };
  if (code === 'MULTIPLE_DOCS') return { ...at, code: 'multiple-documents', facts: {} };
  const [start] = pos;
  // Inside [ ] and { } the brace of a reference begins a map.
  const isReference = source.slice(start - 1, start + 1) === '${';
  const reason = isReference
    ? 'inside [ ] and { } a reference needs quotes, as in "${model.latent}"'
    : message.charAt(0).toLowerCase() + message.slice(1);
  return { ...at, code: 'yaml-syntax', facts: { reason } };
};

/** One broken character makes many errors: the first of each line is enough, and none beside "nested too deeply". */
const worthSaying = (errors: readonly YAMLError[], spanAt: ParsedDocument['spanAt']): readonly YAMLError[] => {
  const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) return [exhausted];
  const byLine = new Map<number, YAMLError>();
  for (const error of errors) {
    const { line } = spanAt(...error.pos);
    if (!byLine.has(line)) byLine.set(line, error);
  }
  return [...byLine.values()].slice(0, maxSyntaxFaults);
};

/** What is wrong with the next line is sometimes told of the empty lines before it. */
const behindBlanks = (source: string, [start, end]: readonly [number, number]): readonly [number, number] => {
  const blanks = /^(?:[ \t]*\n)+[ \t]*/.exec(source.slice(start))?.[0].length ?? 0;
  const isLineStart = start === 0 || source[start - 1] === '\n';
  return blanks === 0 || !isLineStart || start + blanks >= source.length ? [start, end] : [start + blanks, start + blanks + 1];
};

/** Parses strict YAML 1.2; duplicate keys and tags are for convert.ts to find, which knows more about them. @throws ConfigError */
export const parseSource = (file: string, source: string): ParsedDocument => {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, {
    version: '1.2',
    schema: 'core',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter,
  });
  const spanAt = (start: number, end: number): Span => {
    const { line, col } = lineCounter.linePos(start);
    const lineEnd = (lineCounter.lineStarts[line] ?? source.length + 1) - 1;
    return { line: Math.max(1, line), col: Math.max(1, col), width: Math.max(1, Math.min(end, lineEnd) - start) };
  };
  const located = (fault: Fault, span: Span): LocatedFault => ({ fault, place: { kind: 'file', file, source, span, alias: null } });
  if (document.errors.length > 0) {
    throw new ConfigError(
      worthSaying(document.errors, spanAt).map((error) => located(faultOf(error, source), spanAt(...behindBlanks(source, error.pos)))),
    );
  }
  const { explicit, version } = document.directives.yaml;
  if (explicit === true && version !== '1.2') {
    const fault: Fault = { code: 'yaml-syntax', path: [], at: 'value', facts: { reason: `the file says that it is YAML ${version}` } };
    throw new ConfigError([located(fault, spanAt(0, source.length))]);
  }
  return { document, spanAt };
};
