/** Everything that can be wrong with an experiment: a closed list of codes, each with its facts. Texts are in fault-texts.ts. */
import type { OfferName } from './contracts/index.js';
import type { Kind } from './kinds.js';
import type { ItemParam, Param, Params } from './params.js';
import type { Path } from './path.js';

/** Whose params these are: a component's or (null) the experiment's; `inside` names the object param they stand in. */
export interface Owner {
  readonly component: ComponentName | null;
  readonly inside: string | null;
}
export interface ComponentName {
  readonly kind: Kind;
  readonly name: string;
}

interface OfParam {
  readonly param: Param | ItemParam;
  readonly given: unknown;
}

/** Facts by code. */
export interface FaultFacts {
  'missing-file': { readonly file: string; readonly suggestion: string | null };
  /** A folder, or a pattern, without any. */
  'no-experiments': Readonly<Record<never, never>>;
  'unreadable-file': { readonly reason: string };
  'empty-file': Readonly<Record<never, never>>;
  /** `reason` is a clause without a full stop. */
  'yaml-syntax': { readonly reason: string; readonly help: string };
  'multiple-documents': Readonly<Record<never, never>>;
  'too-complex': { readonly reason: string };
  'not-a-map': { readonly given: unknown };
  /** A key that is no word: a list, a map, or an alias. */
  'bad-key': Readonly<Record<never, never>>;
  'duplicate-key': { readonly key: string; readonly firstLine: number };
  'unknown-tag': { readonly tag: string };
  'bad-alias': { readonly alias: string; readonly isCircular: boolean; readonly anchors: readonly string[] };
  'bad-override': { readonly reason: string };
  /** What a file extends; `reason` is a clause. */
  'bad-extends': { readonly reason: string };
  /** A value that cannot be put where its file says. */
  'bad-place': { readonly reason: string };
  /** `text` holds the reference; `help` is a sentence, or ''. */
  'bad-reference': { readonly text: string; readonly reason: string; readonly help: string };
  /** `elsewhere` is a place in this experiment that has such a parameter. */
  'unknown-key': {
    readonly key: string;
    readonly owner: Owner;
    readonly params: Params;
    readonly suggestion: string | null;
    readonly elsewhere: Path | null;
  };
  'missing-key': { readonly key: string; readonly owner: Owner; readonly param: Param };
  /** `mistyped` is a key that stands for `type`. */
  'missing-type': { readonly kind: Kind; readonly known: readonly string[]; readonly mistyped: string | null };
  'wrong-type': OfParam;
  'out-of-range': OfParam;
  'bad-length': OfParam & { readonly length: number };
  'not-one-of': OfParam & { readonly options: readonly unknown[]; readonly suggestion: string | null };
  /** A value that nothing reads, because of what `param` is; it is read where that is one of `wanted`. */
  'unread-value': { readonly key: string; readonly param: string; readonly given: unknown; readonly wanted: readonly string[] };
  'bad-pattern': OfParam & { readonly pattern: string };
  'unknown-component': {
    readonly kind: Kind;
    readonly name: string;
    readonly known: readonly string[];
    readonly suggestion: string | null;
    /** Kinds that do have a component of this name. */
    readonly otherKinds: readonly Kind[];
  };
  'exactly-one': { readonly owner: Owner; readonly keys: readonly string[]; readonly given: readonly string[] };
  /** Two entries that would write to one name; `what` says of what, e.g. "column". */
  'same-name': { readonly what: string; readonly name: string; readonly other: Path };
  'not-offered': {
    readonly component: ComponentName;
    readonly model: string;
    readonly missing: readonly OfferName[];
    /** Components of the same kind that the model has everything for. */
    readonly fitting: readonly string[];
  };
  'no-player': {
    readonly component: ComponentName;
    readonly model: string;
    readonly wanted: readonly string[];
    readonly players: readonly string[];
  };
  misfit: { readonly component: ComponentName; readonly message: string; readonly help: string };
  /** What runs, and is known not to do what it is for: a warning. */
  unsound: { readonly component: ComponentName; readonly message: string; readonly help: string };
  /** A tensor of another shape than its component promises; `data` is the shape of an example where it is to be like one. */
  'wrong-shape': {
    readonly component: ComponentName;
    /** What has the shape: "output", "mean". */
    readonly what: string;
    readonly gives: readonly number[];
    readonly wanted: readonly number[];
    readonly data: readonly number[] | null;
  };
  /** `reason` is what was thrown in the component's code. */
  'not-computable': { readonly component: ComponentName; readonly reason: string };
  /** Variables that the losses of their player do not depend on. `isAll`: these are all that the component has. */
  'no-gradient': {
    readonly component: ComponentName;
    readonly player: string;
    readonly variables: readonly string[];
    readonly isAll: boolean;
  };
  /** `reason` is a clause about what stands there; `help` a sentence. */
  'bad-sweep': { readonly reason: string; readonly help: string; readonly suggestion: string | null };
  /** One run is wanted of a file that has several. */
  'several-runs': { readonly file: string; readonly names: readonly string[] };
  /** `known`: the runs that the file has; empty where it has one, without a name. */
  'no-such-run': { readonly name: string; readonly known: readonly string[]; readonly suggestion: string | null };
  /** `reason` is a clause about the plug-in. */
  'bad-plugin': { readonly plugin: string; readonly reason: string; readonly help: string };
}

export type FaultCode = keyof FaultFacts;

/** A fault, not yet tied to a place in a file. */
export type Fault<C extends FaultCode = FaultCode> = {
  readonly [Code in C]: { readonly code: Code; readonly path: Path; readonly at: 'key' | 'value'; readonly facts: FaultFacts[Code] };
}[C];

/** Lines and columns count from 1; `width` is how many characters a caret underlines. */
export interface Span {
  readonly line: number;
  readonly col: number;
  readonly width: number;
}

/** Where the mistake was made. `file` as the user named it; `span` is null where the file as a whole is meant. */
export type Place =
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly source: string;
      readonly span: Span | null;
      readonly alias: Span | null;
      /** Where a value comes from that a reference stands for: "${model.latent}, set at base.yaml:3:8". */
      readonly reference?: string;
    }
  | { readonly kind: 'argument'; readonly argument: string };

export interface LocatedFault {
  readonly fault: Fault;
  readonly place: Place;
  /** Where else in the experiment it is, through aliases; absent where nowhere else. */
  readonly also?: readonly Path[];
  /** The runs of a sweep that have it; absent where all have. */
  readonly runs?: { readonly names: readonly string[]; readonly total: number };
}
