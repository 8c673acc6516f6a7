/** A stream that is a terminal, and shows what would be seen on it. */
import { Writable } from 'node:stream';

export interface Screen extends Writable {
  readonly isTTY: true;
  readonly columns: number;
  /** Lines as they stand, without trailing spaces and without empty lines at the end. */
  lines(): readonly string[];
  /** Everything that was written. */
  raw(): string;
}

/** Understands what cli-progress and readline write; anything else is an error, so that nothing goes unseen. */
export const createScreen = (columns = 80): Screen => {
  const lines: string[] = [''];
  let [row, col] = [0, 0];
  let saved = { row: 0, col: 0 };
  let raw = '';

  const put = (char: string): void => {
    if (col === columns) {
      row++;
      col = 0;
    }
    const line = (lines[row] ?? '').padEnd(col);
    lines[row] = line.slice(0, col) + char + line.slice(col + 1);
    col++;
  };
  const escapes: readonly (readonly [RegExp, (match: RegExpExecArray) => void])[] = [
    [/^\x1b7/, () => (saved = { row, col })],
    [/^\x1b8/, () => ({ row, col } = saved)],
    [/^\x1b\[(\d+)G/, (match) => (col = Number(match[1]) - 1)],
    [/^\x1b\[0?K/, () => (lines[row] = (lines[row] ?? '').slice(0, col))],
    [/^\x1b\[2K/, () => (lines[row] = '')],
    [/^\x1b\[(\d+)A/, (match) => (row = Math.max(0, row - Number(match[1])))],
    [
      /^\x1b\[0?J/,
      () => {
        lines[row] = (lines[row] ?? '').slice(0, col);
        lines.length = row + 1;
      },
    ],
    // The cursor is hidden, and shown.
    [/^\x1b\[\?25[lh]/, () => undefined],
    [
      /^\n/,
      () => {
        row++;
        col = 0;
        lines[row] ??= '';
      },
    ],
    [/^\r/, () => (col = 0)],
    [/^[^\x00-\x1f]/u, (match) => put(match[0])],
  ];
  const take = (text: string): void => {
    for (let rest = text; rest !== '';) {
      const found = escapes.map(([pattern, act]) => ({ match: pattern.exec(rest), act })).find(({ match }) => match !== null);
      if (!found?.match) throw new Error(`the screen does not understand ${JSON.stringify(rest.slice(0, 10))}`);
      found.act(found.match);
      rest = rest.slice(found.match[0].length);
    }
  };
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      raw += chunk;
      take(chunk);
      done();
    },
  });
  return Object.assign(stream, {
    isTTY: true as const,
    columns,
    raw: () => raw,
    lines: () => {
      const shown = Array.from(lines, (line) => line.trimEnd());
      while (shown.at(-1) === '') shown.pop();
      return shown;
    },
  });
};
