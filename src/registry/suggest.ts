/** Did you mean: the known word that a mistyped one most likely stands for. */

/** Case, hyphens, underscores and blanks taken away: `learning_rate` and `learningRate` are one word. */
const fold = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, '');

/** The first letters of a name's words: `learningRate` gives `lr`. */
const initials = (word: string): string =>
  word
    .split(/[-_\s]|(?=[A-Z])/)
    .map((part) => part.charAt(0).toLowerCase())
    .join('');

export const isSameWord = (a: string, b: string): boolean => fold(a) === fold(b);

/** What each slip counts; `typed` and `at` say which letter it is about. */
interface Costs {
  readonly extra: (typed: string, at: number) => number;
  readonly missing: number;
  readonly changed: (typed: string, meant: string) => number;
  readonly swapped: number;
}

/** The cheapest way from one word to another (optimal string alignment). */
const align = (a: string, b: string, { extra, missing, changed, swapped }: Costs): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j * missing)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [cell(i - 1, 0) + extra(a, i - 1)];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const [typed, meant] = [a.charAt(i - 1), b.charAt(j - 1)];
      const isSwapped = i > 1 && j > 1 && typed === b[j - 2] && a[i - 2] === meant;
      row.push(
        Math.min(
          cell(i - 1, j) + extra(a, i - 1),
          cell(i, j - 1) + missing,
          cell(i - 1, j - 1) + (typed === meant ? 0 : changed(typed, meant)),
          isSwapped ? cell(i - 2, j - 2) + swapped : Infinity,
        ),
      );
    }
  }
  return cell(a.length, b.length);
};

/** Edits between two words: a letter put in, left out, changed, or swapped with its neighbour. */
export const editDistance = (a: string, b: string): number => align(a, b, { extra: () => 1, missing: 1, changed: () => 1, swapped: 1 });

/** Of the usual keyboard, each row a bit to the right of the one above. */
const keys = new Map(
  ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'].flatMap((letters, y) => [...letters].map((letter, x) => [letter, { x: x + y / 3, y }] as const)),
);
const areNeighbours = (a: string, b: string): boolean => {
  const [one, other] = [keys.get(a), keys.get(b)];
  return one !== undefined && other !== undefined && Math.abs(one.y - other.y) <= 1 && Math.abs(one.x - other.x) <= 1;
};

/** How odd a slip is, where two words are equally many edits away: fingers swap letters, strike twice, or hit the key beside. */
const oddness: Costs = {
  extra: (typed, at) => (typed[at] === typed[at - 1] || typed[at] === typed[at + 1] ? 0.7 : 0.9),
  missing: 0.85,
  changed: (typed, meant) => (areNeighbours(typed, meant) ? 0.8 : 1),
  swapped: 0.7,
};

/** Whether a word is another one but for a single slip, so that no guess is better. */
export const isSlipOf = (word: string, known: string): boolean => editDistance(fold(word), fold(known)) <= 1;

/**
 * The known word closest to `word`, or null where guessing would mislead. A third of the letters may be wrong; an
 * abbreviation (`lr`) and a shared beginning of four letters (`optim`) count as well.
 */
export const suggest = (word: string, known: readonly string[]): string | null => {
  const same = known.find((other) => isSameWord(word, other));
  if (same !== undefined) return same;
  // The component of a plug-in, without the plug-in.
  const inPlugin = known.filter((other) => other.includes('/') && isSameWord(word, other.slice(other.lastIndexOf('/') + 1)));
  if (inPlugin.length === 1) return inPlugin[0] ?? null;
  // A word of any length could be pasted into a file; names are short.
  if (word.length > 64) return null;
  const folded = fold(word);
  let best: string | null = null;
  let bestDistance = Infinity;
  let bestOddness = Infinity;
  for (const other of known) {
    const distance = editDistance(folded, fold(other));
    if (distance > bestDistance || distance > Math.max(1, Math.floor(Math.max(folded.length, other.length) / 3))) continue;
    const odd = align(folded, fold(other), oddness);
    if (distance === bestDistance && odd >= bestOddness) continue;
    best = other;
    bestDistance = distance;
    bestOddness = odd;
  }
  if (best !== null && folded.length > 2) return best;
  const abbreviated = known.find((other) => initials(other).length > 1 && initials(other) === folded);
  const begun = known.find(
    (other) => Math.min(folded.length, fold(other).length) >= 4 && (fold(other).startsWith(folded) || folded.startsWith(fold(other))),
  );
  return abbreviated ?? best ?? begun ?? null;
};
