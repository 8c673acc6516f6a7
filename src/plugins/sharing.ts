/**
 * Plug-ins get this very latentlab and its TensorFlow.js, wherever they lie: `import { defineComponent, tf } from 'latentlab'` works for a
 * file beside a YAML file in a folder where nothing is installed, and there is never a second copy of what makes tensors.
 */
import module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../registry/package-folder.js';

/** URLs by the name that a plug-in imports. */
const sharedModules = (): Readonly<Record<string, string>> => ({
  // As it is built, also for sources that run as they are.
  latentlab: pathToFileURL(join(packageFolder, 'dist', 'index.js')).href,
  '@tensorflow/tfjs-core': pathToFileURL(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core')).href,
});

/** The same for Node before 22.15, where hooks run in a thread of their own and have to be a module. */
const hooksInThread = `
let shared = {};
export const initialize = (modules) => { shared = modules; };
export const resolve = (specifier, context, next) =>
  Object.hasOwn(shared, specifier) ? { url: shared[specifier], shortCircuit: true } : next(specifier, context);
`;

type Next = (specifier: string, context: unknown) => unknown;
type RegisterHooks = (hooks: { readonly resolve: (specifier: string, context: unknown, next: Next) => unknown }) => unknown;
const isFunction = (value: unknown): value is RegisterHooks => typeof value === 'function';

let isShared = false;

/** To be called before a plug-in is imported. */
export const shareModules = (): void => {
  if (isShared) return;
  isShared = true;
  const shared = sharedModules();
  const registerHooks: unknown = Reflect.get(module, 'registerHooks');
  if (!isFunction(registerHooks)) {
    module.register(`data:text/javascript,${encodeURIComponent(hooksInThread)}`, { data: shared });
    return;
  }
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = Object.hasOwn(shared, specifier) ? shared[specifier] : undefined;
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
  });
};
