/** What a component is. */
import type { Kind, Kinds } from './kinds.js';
import type { Params, ValuesOf } from './params.js';

/** A component as data: what it is called, what it takes, and what it builds of that. */
export interface Component<K extends Kind, P extends Params> {
  readonly kind: K;
  /** Kebab-case; equal to the file's name. */
  readonly name: string;
  /** What it is, one sentence or two, for the reference, `latentlab components` and editors. */
  readonly description: string;
  readonly params: P;
  /** Called with complete, checked values; slots arrive built. */
  build(values: ValuesOf<P>): Kinds[K];
}

/** A component whose params type is forgotten: how the registry holds it. */
export interface AnyComponent<K extends Kind = Kind> {
  readonly kind: K;
  readonly name: string;
  readonly description: string;
  readonly params: Params;
  build(values: Readonly<Record<string, unknown>>): Kinds[K];
}

/**
 * Declares a component; the argument's type makes `build` receive exactly the values that `params` describes.
 * @example
 * export default defineComponent({
 *   kind: 'schedule', name: 'constant', description: 'Stays as it is.',
 *   params: { value: { type: 'number', description: 'The value.' } },
 *   build: ({ value }) => ({ constant: true, at: () => value }),
 * });
 */
export const defineComponent = <const K extends Kind, const P extends Params>(component: Component<K, P>): Component<K, P> => component;
