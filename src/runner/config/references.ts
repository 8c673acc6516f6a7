/**
 * References: `${model.latent}` stands for another value of the experiment, whoever sets it, defaults included; `${env:NAME}` for a variable
 * of the environment, `${env:NAME:-text}` with what holds where there is none. Alone they give the value as it is, inside a text its words.
 * `$${` is a plain `${`.
 */
import type { Fault } from '../../registry/faults.js';
import { formatPath, parsePath, pointer, type Path } from '../../registry/path.js';
import { suggest } from '../../registry/suggest.js';
import { inline, isMap, ownValue, type PlainMap } from '../../registry/values.js';
import type { Composition } from './composition.js';
import { originOf, type Origin } from './origins.js';
import type { ArgumentText } from './overrides.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A thousand values may refer to one list; what they come to together is limited. */
const maxValues = 20_000;
const maxText = 100_000;

const alone = /^\$\{([^{}]*)\}$/;
const anywhere = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;
const variable = /^env:([A-Za-z_]\w*)(?::-(.*))?$/s;

/** Keys that are read before references are. */
const unreadable = ['extends', 'plugins', 'sweep', 'seeds'];

/** Why a reference has no value. `help` is a sentence, or ''. */
class ReferenceProblem extends Error {
  readonly help: string;

  constructor(reason: string, help = '') {
    super(reason);
    this.help = help;
  }
}

/** Paths of all that is in a value, as people write them. */
export const pathsIn = (value: unknown, path: Path = []): readonly string[] => {
  const parts = Array.isArray(value) ? value.map((item: unknown, i) => [i, item] as const) : isMap(value) ? Object.entries(value) : [];
  const inner = parts.flatMap(([key, item]) => pathsIn(item, [...path, key]));
  return path.length === 0 ? inner : [formatPath(path), ...inner];
};

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Object.values(value).reduce<number>((size, item) => size + sizeOf(item), 0) : 1;

/** Numbers, true, false and null as YAML has them; else the text. */
export const scalar = (text: string): unknown => {
  if (/^(true|false)$/.test(text)) return text === 'true';
  if (text === 'null' || text === '~') return null;
  return /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
};

/** A reference to what has no value because of a reference of its own, which is told. */
class ReferenceEcho extends ReferenceProblem {}

/** The same value, written so that nothing in it is a reference. */
export const escapeReferences = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(escapeReferences);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeReferences(item)])) : value;
};

export interface ReferenceOptions {
  /** The experiment with its defaults, as far as it can be completed; asked for where nobody sets a value. */
  readonly complete: () => PlainMap;
  readonly environment: Environment;
}

interface Found {
  readonly value: unknown;
  /** Who set it; null: a default, or the environment. */
  readonly from: Origin | null;
  /** As the environment has it. */
  readonly text: string | null;
}

/** One resolution; thrown away after it. */
export class References {
  readonly faults: Fault[] = [];
  /** Of values that are missing because of others that are told in `faults`. */
  readonly echoes: Fault[] = [];
  readonly texts: ArgumentText[] = [];
  readonly #composition: Composition;
  readonly #options: ReferenceOptions;
  readonly #open: string[] = [];
  readonly #done = new Set<string>();
  readonly #failed = new Set<string>();
  #numValues = 0;

  constructor(composition: Composition, options: ReferenceOptions) {
    this.#composition = composition;
    this.#options = options;
  }

  /** Puts values for all references in the value at a path. */
  resolve(path: Path): void {
    const value = this.#composition.at(path);
    if (typeof value === 'string') {
      if (value.includes('${')) this.#resolveText(path, value);
      return;
    }
    const keys = Array.isArray(value) ? value.keys() : isMap(value) ? Object.keys(value) : [];
    for (const key of keys) if (path.length > 0 || !unreadable.includes(String(key))) this.resolve([...path, key]);
  }

  #resolveText(path: Path, text: string): void {
    const place = pointer(path);
    if (this.#done.has(place)) return;
    this.#done.add(place);
    this.#open.push(place);
    try {
      this.#put(path, text);
    } catch (error) {
      if (!(error instanceof ReferenceProblem)) throw error;
      const { message: reason, help } = error;
      this.#failed.add(place);
      const list = error instanceof ReferenceEcho ? this.echoes : this.faults;
      list.push({ code: 'bad-reference', path, at: 'value', facts: { text, reason, help } });
    } finally {
      this.#open.pop();
    }
  }

  #put(path: Path, written: string): void {
    const whole = alone.exec(written)?.[1];
    if (whole === undefined) {
      this.#write(path, this.#interpolate(written));
      return;
    }
    const origin = originOf(this.#composition.origins, path);
    const { value, from, text } = this.#find(whole);
    this.#write(path, value);
    if (text !== null) this.texts.push({ path, text });
    if (origin.kind === 'file') this.#composition.origins.set(pointer(path), { ...origin, reference: { text: written, from } });
  }

  #write(path: Path, value: unknown): void {
    this.#numValues += sizeOf(value);
    if (this.#numValues > maxValues) throw new ReferenceProblem(`references stand for more than ${String(maxValues)} values`);
    this.#composition.retype(path, value);
  }

  #interpolate(text: string): string {
    const written = text.replaceAll(anywhere, (match, inner: string | undefined) => {
      if (match === '$${') return '${';
      if (inner === undefined) throw new ReferenceProblem('"${" has no "}"', 'Write $${ for a text that has ${ in it.');
      const { value } = this.#find(inner);
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
        throw new ReferenceProblem(`\${${inner}} is ${inline(value).slice(0, 60)}, which cannot be a part of a text`);
      return String(value);
    });
    if (written.length > maxText) throw new ReferenceProblem(`the text would have more than ${String(maxText)} characters`);
    return written;
  }

  #find(reference: string): Found {
    if (reference.startsWith('env:')) {
      const text = this.#variable(reference);
      return { value: scalar(text), from: null, text };
    }
    const path = parsePath(reference.trim());
    if (path === null)
      throw new ReferenceProblem(
        `${JSON.stringify(reference)} is not a path`,
        'Write ${model.latent}, ${losses[1].weight}, or ${env:NAME} for a variable of the environment.',
      );
    if (unreadable.includes(String(path[0]))) throw new ReferenceProblem(`"${String(path[0])}" is read before references are`);
    const circle = this.#open.indexOf(pointer(path));
    if (circle !== -1) throw new ReferenceProblem(`it leads back to itself: ${this.#circle(circle)}`);
    if (this.#open.some((place) => place.startsWith(`${pointer(path)}/`)))
      throw new ReferenceProblem(`it stands inside ${formatPath(path)}, of which it would be a part`);
    this.resolve(path);
    const place = pointer(path);
    if ([...this.#failed].some((failed) => failed === place || failed.startsWith(`${place}/`))) throw new ReferenceEcho('see there');
    const written = this.#composition.at(path);
    if (written !== undefined) return { value: structuredClone(written), from: originOf(this.#composition.origins, path), text: null };
    const complete = this.#options.complete();
    const value = path.reduce<unknown>((outer, key) => ownValue(outer, key), complete);
    if (value !== undefined) return { value: structuredClone(value), from: null, text: null };
    const known = new Set([...pathsIn(complete), ...pathsIn(this.#composition.value)]);
    const suggestion = suggest(reference, [...known]);
    throw new ReferenceProblem(
      `there is no value ${JSON.stringify(reference)}${suggestion === null ? '' : `; did you mean ${JSON.stringify(suggestion)}?`}`,
    );
  }

  #circle(start: number): string {
    const places = this.#open.slice(start).map((place) => place.slice(1).replaceAll('/', '.'));
    return [...places, places[0] ?? ''].join(' -> ');
  }

  #variable(reference: string): string {
    const [, name, otherwise] = variable.exec(reference) ?? [];
    if (name === undefined)
      throw new ReferenceProblem(
        `${JSON.stringify(reference)} names no variable`,
        'Write ${env:NAME}, or ${env:NAME:-what holds without}.',
      );
    const { environment } = this.#options;
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    const text = value === undefined || (value === '' && otherwise !== undefined) ? otherwise : value;
    if (text !== undefined) return text;
    throw new ReferenceProblem(
      `the environment has no variable ${JSON.stringify(name)}`,
      `Set it, or say what holds without it: \${env:${name}:-...}.`,
    );
  }
}
