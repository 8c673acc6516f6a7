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

/** Edits between two words: a letter put in, left out, changed, or swapped with its neighbour (optimal string alignment). */
export const editDistance = (a: string, b: string): number => {
  const width = b.length + 1;
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: width }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)));
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const edits = Math.min(
        cell(i - 1, j) + 1,
        cell(i, j - 1) + 1,
        cell(i - 1, j - 1) + changed,
        swapped ? cell(i - 2, j - 2) + 1 : Infinity,
      );
      rows[i]?.splice(j, 1, edits);
    }
  }
  return cell(a.length, b.length);
};

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
  for (const other of known) {
    const distance = editDistance(folded, fold(other));
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(Math.max(folded.length, other.length) / 3))) {
      best = other;
      bestDistance = distance;
    }
  }
  if (best !== null && folded.length > 2) return best;
  const abbreviated = known.find((other) => initials(other).length > 1 && initials(other) === folded);
  const begun = known.find(
    (other) => Math.min(folded.length, fold(other).length) >= 4 && (fold(other).startsWith(folded) || folded.startsWith(fold(other))),
  );
  return abbreviated ?? best ?? begun ?? null;
};
