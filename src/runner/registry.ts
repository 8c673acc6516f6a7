/** The registry of everything that comes with the package. */
import { components } from '../components/index.js';
import { Registry } from '../registry/registry.js';

export const createRegistry = (): Registry => new Registry(components);
