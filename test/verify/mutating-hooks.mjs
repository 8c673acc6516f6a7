/** Hooks of Node's module loader: components that are imported with `?mutant=3` are modules of their own, one of them with a mistake. */

let components = '';
let mutants = [];

export const initialize = (data) => {
  ({ components, mutants } = data);
};

export const resolve = async (specifier, context, next) => {
  const resolved = await next(specifier, context);
  const query = /\?mutant=\d+$/.exec(context.parentURL ?? '');
  return query !== null && resolved.url.startsWith(components) && !resolved.url.includes('?')
    ? { ...resolved, url: resolved.url + query[0] }
    : resolved;
};

export const load = async (url, context, next) => {
  const loaded = await next(url, context);
  const [path, number] = url.split('?mutant=');
  const mutant = number === undefined ? undefined : mutants[Number(number)];
  if (mutant === undefined || path !== components + mutant.file) return loaded;
  const source = String(loaded.source);
  if (source.split(mutant.from).length !== 2) throw new Error(`${mutant.file} does not have ${mutant.from} once`);
  return { ...loaded, source: source.replace(mutant.from, () => mutant.to) };
};
