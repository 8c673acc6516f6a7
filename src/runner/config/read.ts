/** From a file to its text, and from its text to a YAML document; what goes wrong here stops the reading. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import { ConfigError } from '../../registry/errors.js';
import type { Fault, LocatedFault, Span } from '../../registry/faults.js';
import { suggest } from '../../registry/suggest.js';
import { explainSyntax, type SyntaxProblem } from './syntax.js';

const maxBytes = 1_000_000;
const maxSyntaxFaults = 10;
const ending = /\.ya?ml$/;

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

/** An experiment beside the name; a name without its ending means the file that has one. */
const similarFile = async (file: string): Promise<string | null> => {
  const [folder, name] = [dirname(file), basename(file)];
  const files = (await readdir(folder).catch(() => [])).filter((each) => ending.test(each)).toSorted();
  const stems = files.map((each) => each.replace(ending, ''));
  const fileOf = (stem: string | null): string | undefined => files.find((_, i) => stems[i] === stem);
  const suggestion = fileOf(name) ?? suggest(name, files) ?? fileOf(suggest(name, stems));
  return suggestion === undefined ? null : join(folder, suggestion);
};

/** A name that leads to nothing. */
export const missingFile = async (file: string): Promise<LocatedFault> => ({
  fault: { code: 'missing-file', path: [], at: 'value', facts: { file, suggestion: await similarFile(file) } },
  place: { kind: 'file', file, source: '', span: null, alias: null },
});

/** No more than decides whether it is too large: a device never ends. */
const readStart = async (file: string): Promise<Buffer> => {
  const parts: Buffer[] = [];
  const stream: AsyncIterable<unknown> = createReadStream(file, { end: maxBytes });
  for await (const part of stream) if (Buffer.isBuffer(part)) parts.push(part);
  return Buffer.concat(parts);
};

/** Where the bytes stop being text: the line, by those before it. */
const lineOfForeign = (bytes: Buffer): number => {
  // What is no UTF-8 is read as U+FFFD, of three bytes: the first difference is the place.
  const again = Buffer.from(bytes.toString('utf8'), 'utf8');
  const at = bytes.findIndex((byte, i) => byte !== again[i]);
  return bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
};

/** The file's text. @throws ConfigError */
export const readSource = async (file: string): Promise<string> => {
  const fail = (fault: Fault): ConfigError =>
    new ConfigError([{ fault, place: { kind: 'file', file, source: '', span: null, alias: null } }]);
  const unreadable = (reason: string): ConfigError => fail({ code: 'unreadable-file', path: [], at: 'value', facts: { reason } });
  let bytes: Buffer;
  try {
    bytes = await readStart(file);
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
    throw unreadable(`it is not UTF-8 text, from line ${String(lineOfForeign(bytes))} on`);
  }
};

export interface ParsedDocument {
  readonly document: Document.Parsed;
  /** From character offsets [start, end) to a span on start's line. */
  readonly spanAt: (start: number, end: number) => Span;
}

const faultOf = (code: YAMLError['code'], { reason, help }: SyntaxProblem): Fault => {
  const at = { path: [], at: 'value' } as const;
  if (code === 'RESOURCE_EXHAUSTION') return { ...at, code: 'too-complex', facts: { reason: 'its values are nested too deeply' } };
  if (code === 'MULTIPLE_DOCS') return { ...at, code: 'multiple-documents', facts: {} };
  return { ...at, code: 'yaml-syntax', facts: { reason, help } };
};

/** One broken character makes many errors: the first of each line is enough, and none beside "nested too deeply". */
const worthSaying = (
  document: Document.Parsed,
  source: string,
  spanAt: ParsedDocument['spanAt'],
): readonly { readonly fault: Fault; readonly span: Span }[] => {
  const exhausted = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const first = new Map<number, YAMLError>();
  for (const error of exhausted === undefined ? document.errors : [exhausted]) {
    const { line } = spanAt(...error.pos);
    if (!first.has(line)) first.set(line, error);
  }
  const byLine = new Map<number, { readonly fault: Fault; readonly span: Span }>();
  for (const error of [...first.values()].slice(0, maxSyntaxFaults)) {
    const problem = explainSyntax(error, source, document);
    const span = spanAt(...problem.at);
    if (!byLine.has(span.line)) byLine.set(span.line, { fault: faultOf(error.code, problem), span });
  }
  return [...byLine.values()];
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
    throw new ConfigError(worthSaying(document, source, spanAt).map(({ fault, span }) => located(fault, span)));
  }
  const { explicit, version } = document.directives.yaml;
  if (explicit === true && version !== '1.2') {
    const fault: Fault = {
      code: 'yaml-syntax',
      path: [],
      at: 'value',
      facts: { reason: `the file says that it is YAML ${version}`, help: '' },
    };
    throw new ConfigError([located(fault, spanAt(0, source.length))]);
  }
  return { document, spanAt };
};
