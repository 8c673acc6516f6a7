/** The registry: every component that a YAML file can name, by kind and name. */
import type { AnyComponent } from './define.js';
import { kindNames, kinds, type Kind } from './kinds.js';

const isOfKind = <K extends Kind>(component: AnyComponent | undefined, kind: K): component is AnyComponent<K> => component?.kind === kind;

/** `type` is how an entry names its component, and a kind's common params are the runner's. */
const assertNoReservedParam = (component: AnyComponent): void => {
  const reserved = ['type', ...Object.keys(kinds[component.kind].common)].find((name) => Object.hasOwn(component.params, name));
  if (reserved !== undefined)
    throw new Error(`${component.kind} "${component.name}" may not have a param "${reserved}": every ${component.kind} has one already.`);
};

/** Holds components; made once from the list in components/index.ts, plugins included. */
export class Registry {
  readonly #byKind: ReadonlyMap<Kind, ReadonlyMap<string, AnyComponent>>;

  /** @throws Error where two components are of one kind and name, or a param's name is reserved. */
  constructor(components: readonly AnyComponent[]) {
    const byKind = new Map(kindNames.map((kind) => [kind, new Map<string, AnyComponent>()]));
    for (const component of components) {
      assertNoReservedParam(component);
      const named = byKind.get(component.kind);
      if (named === undefined) throw new Error(`"${component.name}" is of the kind "${component.kind}", and there is no such kind.`);
      const other = named.get(component.name);
      if (other !== undefined) {
        throw new Error(
          `Two components are called ${component.kind} "${component.name}": "${other.description}" and "${component.description}"`,
        );
      }
      named.set(component.name, component);
    }
    this.#byKind = byKind;
  }

  find<K extends Kind>(kind: K, name: string): AnyComponent<K> | undefined {
    const component = this.#byKind.get(kind)?.get(name);
    return isOfKind(component, kind) ? component : undefined;
  }

  /** What an entry of this kind names: a component of the kind, or one that it borrows. */
  lookUp<K extends Kind>(kind: K, name: string): AnyComponent<K> | undefined {
    const { borrows } = kinds[kind];
    // What is borrowed builds what this kind builds: an Encoder is a Network.
    return this.find(kind, name) ?? (borrows === null ? undefined : (this.find(borrows, name) as AnyComponent<K> | undefined));
  }

  /** All that an entry of this kind may name, sorted. */
  choices(kind: Kind): readonly string[] {
    const { borrows } = kinds[kind];
    return [...new Set([...this.names(kind), ...(borrows === null ? [] : this.names(borrows))])].sort();
  }

  /** Sorted. */
  names(kind: Kind): readonly string[] {
    return [...(this.#byKind.get(kind)?.keys() ?? [])].sort();
  }

  /** All components of a kind, sorted by name. */
  list<K extends Kind>(kind: K): readonly AnyComponent<K>[] {
    return this.names(kind).flatMap((name) => this.find(kind, name) ?? []);
  }

  /** All components, kind by kind. */
  all(): readonly AnyComponent[] {
    return kindNames.flatMap((kind): readonly AnyComponent[] => this.list(kind));
  }

  /** The kinds that have a component of this name. */
  kindsOf(name: string): readonly Kind[] {
    return kindNames.filter((kind) => this.find(kind, name) !== undefined);
  }
}
