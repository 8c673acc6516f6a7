/** Every path that an axis may have, as far down as components name components, with the places of their schemas in schema/experiment.schema.json. */
import type { AnyComponent } from '../../registry/define.js';
import type { Kind } from '../../registry/kinds.js';
import type { ItemParam, Param, Params } from '../../registry/params.js';
import type { Registry } from '../../registry/registry.js';
import { entryParams } from '../../registry/schema.js';

export interface EditorPath {
  /** As in an experiment; `[0]` stands for any entry of a list. */
  readonly path: string;
  readonly description: string;
  /** JSON pointers of the schemas that its value may have: several components may have such a param. */
  readonly refs: readonly string[];
  /** Whether a component stands there. */
  readonly isSlot: boolean;
}

/** Components inside components inside the experiment: `training.optimizer.learningRate.epochs`. What is deeper is not looked into. */
const maxSlots = 2;

/** The schema of a file that extends no other: a whole experiment. */
export const experimentRef = '#/else';

interface Place {
  readonly path: string;
  readonly ref: string;
  readonly numSlots: number;
}

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const choicesOf = (registry: Registry, kind: Kind): readonly AnyComponent[] =>
  registry.choices(kind).flatMap((name) => registry.lookUp(kind, name) ?? []);

/** What is below a value at `place`. */
function* inside(registry: Registry, param: Param | ItemParam, place: Place): Generator<EditorPath> {
  const { path, ref, numSlots } = place;
  if ('component' in param) {
    yield {
      path: `${path}.type`,
      description: `Which ${param.component}.`,
      refs: [`#/definitions/${param.component}-entry/properties/type`],
      isSlot: false,
    };
    if (numSlots >= maxSlots) return;
    for (const component of choicesOf(registry, param.component)) {
      const own = `#/definitions/${escape(`${component.kind}.${component.name}`)}`;
      yield* below(registry, entryParams(component), { path: `${path}.`, ref: own, numSlots: numSlots + 1 });
    }
  } else if ('anyOf' in param) return;
  else if (param.type === 'array') {
    const at = { path: `${path}[0]`, ref: `${ref}/items`, numSlots };
    if ('component' in param.items) yield { path: at.path, description: `One of \`${path}\`.`, refs: [at.ref], isSlot: true };
    yield* inside(registry, param.items, at);
  } else if (param.type === 'object' && !Object.hasOwn(param.properties, 'type'))
    yield* below(registry, param.properties, { path: `${path}.`, ref, numSlots });
}

function* below(registry: Registry, params: Params, { path, ref, numSlots }: Place): Generator<EditorPath> {
  for (const [name, param] of Object.entries(params)) {
    const at = { path: `${path}${name}`, ref: `${ref}/properties/${escape(name)}`, numSlots };
    yield { path: at.path, description: param.description, refs: [at.ref], isSlot: 'component' in param };
    yield* inside(registry, param, at);
  }
}

const merge = (a: EditorPath, b: EditorPath): EditorPath => ({
  ...a,
  description: a.description.split(' Or: ').includes(b.description) ? a.description : `${a.description} Or: ${b.description}`,
  isSlot: a.isSlot || b.isSlot,
  refs: [...new Set([...a.refs, ...b.refs])],
});

/** Each path once. @param isSwept by the path's first key. */
export const editorPaths = (registry: Registry, params: Params, isSwept: (key: string) => boolean): readonly EditorPath[] => {
  const own = Object.fromEntries(Object.entries(params).filter(([key]) => isSwept(key)));
  const found = new Map<string, EditorPath>();
  for (const each of below(registry, own, { path: '', ref: experimentRef, numSlots: 0 })) {
    const other = found.get(each.path);
    found.set(each.path, other === undefined ? each : merge(other, each));
  }
  return [...found.values()];
};
