/** Classes from the words or numbers of a column. */
import { readNumber } from './numbers.js';

/** The class that a cell names, in one spelling: whole numbers without sign, zeros and point. Null for numbers that are not whole. */
export const className = (cell: string): string | null => {
  const number = readNumber(cell);
  if (number === null) return cell;
  return Number.isSafeInteger(number) ? String(number) : null;
};

interface Classes {
  /** By label: numbers in their order, and before words in theirs. */
  readonly names: readonly string[];
  readonly labels: Int32Array;
}

const compare = (a: string, b: string): number => {
  const [x, y] = [readNumber(a), readNumber(b)];
  if (x !== null && y !== null) return x - y;
  if (x !== null || y !== null) return x === null ? 1 : -1;
  return a < b ? -1 : Number(a > b);
};

/** Classes counted from 0, whatever their names are. */
export const toClasses = (cells: readonly string[]): Classes => {
  const names = [...new Set(cells)].sort(compare);
  const labelOf = new Map(names.map((name, label) => [name, label]));
  return { names, labels: Int32Array.from(cells, (cell) => labelOf.get(cell) ?? 0) };
};
