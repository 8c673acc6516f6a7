/** Where a value stands inside an experiment: as a list of keys, as text for people, and as a JSON pointer for maps. */

export type Path = readonly (string | number)[];

/** `["losses", 1, "weight"]` as `losses[1].weight`; the whole file is `experiment`. */
export const formatPath = (path: Path): string => {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (!/^[\w-]+$/.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text === '' ? 'experiment' : text;
};

const quoted = String.raw`\["[^"\\\p{Cc}]+"\]`;
const part = String.raw`[\w-]+|\[\d+\]|${quoted}`;
const parts = new RegExp(part, 'gu');
const whole = new RegExp(String.raw`^(?:[\w-]+|${quoted})(?:\.[\w-]+|\[\d+\]|${quoted})*$`, 'u');

/** The reverse of `formatPath`; null where the text is no path. Leading, trailing or doubled dots are mistakes. */
export const parsePath = (text: string): Path | null => {
  if (!whole.test(text)) return null;
  return (text.match(parts) ?? []).map((key) =>
    key.startsWith('["') ? key.slice(2, -2) : key.startsWith('[') ? Number(key.slice(1, -1)) : key,
  );
};

/** RFC 6901; the key of every map from places to what is known of them. */
export const pointer = (path: Path): string => path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

export const startsWith = (path: Path, start: Path): boolean => start.every((part, i) => path[i] === part);
