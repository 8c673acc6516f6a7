/** Faults for machines: as plain data, and as the commands that GitHub's runners turn into notes beside the lines of a file. */
import { write } from './fault-texts.js';
import type { LocatedFault } from './faults.js';
import { formatPath } from './path.js';

export interface ReportedFault {
  readonly code: string;
  /** What is wrong, and the way out; the second may be empty. */
  readonly message: string;
  readonly help: string;
  /** Where in the experiment; null: all of it. */
  readonly path: string | null;
  /** Null for an argument. Lines and columns count from 1; null where all of the file is meant. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endColumn: number | null;
  readonly argument: string | null;
  /** Where else in the experiment it is, through aliases; null: nowhere. */
  readonly also: readonly string[] | null;
  /** The runs of a sweep that have it; null: all. */
  readonly runs: readonly string[] | null;
}

export const reportFault = ({ fault, place, also, runs }: LocatedFault): ReportedFault => {
  const { what, help } = write(fault);
  const span = place.kind === 'file' ? place.span : null;
  return {
    code: fault.code,
    message: what,
    help,
    path: fault.path.length === 0 ? null : formatPath(fault.path),
    file: place.kind === 'file' ? place.file : null,
    line: span?.line ?? null,
    column: span?.col ?? null,
    endColumn: span === null ? null : span.col + span.width,
    argument: place.kind === 'argument' ? place.argument : null,
    also: also?.map(formatPath) ?? null,
    runs: runs?.names ?? null,
  };
};

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** `::error file=...,line=...::message`, as GitHub documents its workflow commands. */
export const githubCommand = (located: LocatedFault, level: 'error' | 'warning' = 'error'): string => {
  const { code, message, help, file, line, column, endColumn, argument } = reportFault(located);
  const properties = Object.entries({ file, line, col: column, endColumn, title: code })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${property(String(value))}`);
  const what = argument === null ? message : `${argument}: ${message}`;
  const text = help === '' ? what : `${what}\n${help}`;
  return `::${level} ${properties.join(',')}::${data(text)}`;
};
