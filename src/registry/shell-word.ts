/** Paths in commands that are printed to be pasted into a shell. */

const plain = /^[\p{L}\p{N}_@%+=:,./-]+$/u;
const plainOnWindows = /^[\p{L}\p{N}_@+=:./\\-]+$/u;

/** As one word: as it is where nothing in it means anything to a shell, else in quotes. No file on Windows has a quote in its name. */
export const shellWord = (text: string, isWindows: boolean = process.platform === 'win32'): string => {
  if (isWindows) return plainOnWindows.test(text) ? text : `"${text}"`;
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
};
