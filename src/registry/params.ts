/**
 * Params: what a component (or the experiment file itself) can be told, written once as data. The JSON Schema, the
 * TypeScript type of the values, the defaults, the error texts and the reference pages all follow from it.
 */
import type { Kind, Kinds } from './kinds.js';

interface Described {
  /** One sentence with a full stop; it is printed in the reference and in editors. */
  readonly description: string;
  /** What the number counts, e.g. "nats" or "epochs". */
  readonly unit?: string;
  readonly examples?: readonly unknown[];
  /** For a param that only some choices of another one make use of: which. Elsewhere it must be left at its default. */
  readonly readWhen?: { readonly param: string; readonly is: readonly string[] };
}

type WithDefault<V> = { readonly default?: V; readonly nullable?: false } | { readonly default?: V | null; readonly nullable: true };

export interface NumberLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

export type NumberParam = Described & NumberLimits & { readonly type: 'number' | 'integer' } & WithDefault<number>;
export type StringParam = Described & {
  readonly type: 'string';
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
} & WithDefault<string>;
export type BooleanParam = Described & { readonly type: 'boolean' } & WithDefault<boolean>;
export type ListParam = Described & {
  readonly type: 'array';
  readonly items: ItemParam;
  readonly minItems?: number;
  readonly maxItems?: number;
} & WithDefault<readonly unknown[]>;
export type ObjectParam = Described & { readonly type: 'object'; readonly properties: Params } & WithDefault<object>;
/** A value that is one of several plain shapes, e.g. a moment by word or by epoch. No slots inside. */
export type UnionParam = Described & { readonly anyOf: readonly ItemParam[] } & WithDefault<unknown>;
/** Another component, named in the YAML by `{ type: name, ...params }` or by its bare name, built before this one. */
export type SlotParam = Described & { readonly component: Kind } & WithDefault<string | number | object>;

/** What a component takes under one name, and what is said of it. */
export type Param = NumberParam | StringParam | BooleanParam | ListParam | ObjectParam | UnionParam | SlotParam;
/** An element of a list or a branch of a union: a param whose description may be left to the list. */
export type ItemParam =
  | (Partial<Described> & NumberLimits & { readonly type: 'number' | 'integer' })
  | (Partial<Described> & {
      readonly type: 'string';
      readonly enum?: readonly string[];
      readonly pattern?: string;
      readonly minLength?: number;
    })
  | (Partial<Described> & { readonly type: 'boolean' })
  | (Partial<Described> & { readonly type: 'array'; readonly items: ItemParam; readonly minItems?: number; readonly maxItems?: number })
  | (Partial<Described> & { readonly type: 'object'; readonly properties: Params })
  | (Partial<Described> & { readonly anyOf: readonly ItemParam[] })
  | (Partial<Described> & { readonly component: Kind });

/** What a component takes, by name. */
export type Params = { readonly [name: string]: Param };

type Plain<P> = P extends { readonly component: infer K extends Kind }
  ? Kinds[K]
  : P extends { readonly anyOf: readonly (infer B)[] }
    ? Plain<B>
    : P extends { readonly type: 'number' | 'integer' }
      ? number
      : P extends { readonly type: 'boolean' }
        ? boolean
        : P extends { readonly type: 'string'; readonly enum: readonly (infer E extends string)[] }
          ? E
          : P extends { readonly type: 'string' }
            ? string
            : P extends { readonly type: 'array'; readonly items: infer I }
              ? readonly Plain<I>[]
              : P extends { readonly type: 'object'; readonly properties: infer Q extends Params }
                ? ValuesOf<Q>
                : never;

/** The value that a param delivers: slots arrive built, a nullable param may be null, nothing is ever undefined. */
export type ValueOf<P> = P extends { readonly nullable: true } ? Plain<P> | null : Plain<P>;
/** What a factory receives. */
export type ValuesOf<P extends Params> = { readonly [Name in keyof P]: ValueOf<P[Name]> };
