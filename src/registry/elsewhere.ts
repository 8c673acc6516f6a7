/** For a key in the wrong place: where in the experiment it belongs, e.g. `learningRate` to the optimizer. */
import type { Fault } from './faults.js';
import type { Params } from './params.js';
import type { Path } from './path.js';
import type { Registry } from './registry.js';
import { isSameWord, isSlipOf } from './suggest.js';
import { ownValue, type PlainMap } from './values.js';

/** Where in a (resolved) experiment a param of this name may stand, slots included. */
const findElsewhere = (registry: Registry, params: Params, values: unknown, key: string, path: Path): Path | null => {
  for (const [name, param] of Object.entries(params)) {
    const at = [...path, name];
    if (path.length > 0 && isSameWord(name, key)) return at;
    const value = ownValue(values, name);
    const type = ownValue(value, 'type');
    const component = 'component' in param && typeof type === 'string' ? registry.lookUp(param.component, type) : undefined;
    const inner = component !== undefined ? component.params : 'type' in param && param.type === 'object' ? param.properties : null;
    const found = inner === null ? null : findElsewhere(registry, inner, value, key, at);
    if (found !== null) return found;
  }
  return null;
};

/** Adds to an unknown key where such a key would be known, unless it is only misspelt where it stands. */
export const withElsewhere = (registry: Registry, params: Params, value: PlainMap, fault: Fault): Fault => {
  if (fault.code !== 'unknown-key') return fault;
  const { key, suggestion } = fault.facts;
  const elsewhere = suggestion !== null && isSlipOf(key, suggestion) ? null : findElsewhere(registry, params, value, key, []);
  return { ...fault, facts: { ...fault.facts, elsewhere } };
};
