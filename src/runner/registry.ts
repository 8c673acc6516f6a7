/** The registry of everything that comes with the package, and of what a user adds. */
import { components } from '../components/index.js';
import type { AnyComponent } from '../registry/define.js';
import { Registry } from '../registry/registry.js';

const own: ReadonlySet<AnyComponent> = new Set(components);

/** Whether there are components of users in it: plug-ins, or what was given along. */
export const hasOthers = (registry: Registry): boolean => registry.all().some((component) => !own.has(component));

/** @throws Error where one of `more` has the kind and name of another component. */
export const createRegistry = (more: readonly AnyComponent[] = []): Registry => new Registry([...components, ...more]);
