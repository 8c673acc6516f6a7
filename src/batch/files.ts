/** The name of a batch. */
import { basename, dirname, relative, resolve } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';

/** The part of a pattern before its first `*`; a path as it is. */
const fixedPart = (input: string): string => {
  const parts = input.replaceAll('\\', '/').split('/');
  const first = parts.findIndex((part) => isDynamicPattern(part));
  return first === -1 ? input : parts.slice(0, first).join('/') || (input.startsWith('/') ? '/' : '.');
};

/**
 * A name for the batch: that of its folder or file; of several, that of the folder they lie in. It follows from the arguments alone: the
 * same command leads to the same batch, whatever has come into the folder or has gone from it.
 */
export const nameBatch = (inputs: readonly string[]): string => {
  const paths = inputs.map((input) => resolve(fixedPart(input)));
  const [first = resolve('.')] = paths;
  let common = paths.length === 1 ? first : dirname(first);
  while (paths.some((path) => relative(common, path).startsWith('..'))) common = dirname(common);
  const name = basename(common).replace(/\.ya?ml$/, '');
  return name === '' ? 'batch' : name;
};
