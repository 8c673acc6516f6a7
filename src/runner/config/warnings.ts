/** What an experiment may do, and is known not to lead where it is meant to: told, and left to its author. */
import type { Fault } from '../../registry/faults.js';
import { instantiate, type Placed } from '../../registry/instantiate.js';
import type { Registry } from '../../registry/registry.js';
import { ownValue } from '../../registry/values.js';
import type { BuiltExperiment } from './build.js';

/** A penalty on slopes weighs each example for itself: Gulrajani et al. 2017, section 4, "No critic batch normalization". */
const coupledSlopes = (
  registry: Registry,
  experiment: unknown,
  model: Placed<'model'>,
  losses: readonly Placed<'loss'>[],
): readonly Fault[] => {
  const [penalty] = losses.filter(({ component }) => component.weighsSlopes === true);
  if (penalty === undefined) return [];
  const slots = Object.entries(registry.find('model', model.type)?.params ?? {}).filter(
    ([, param]) => 'component' in param && param.component === 'discriminator',
  );
  return slots.flatMap(([slot]): readonly Fault[] => {
    const path = [...model.path, slot];
    const entry = path.reduce<unknown>(ownValue, experiment);
    const { coupledBy } = instantiate(registry, 'discriminator', entry, path);
    if (coupledBy === undefined) return [];
    const facts = {
      component: { kind: 'discriminator', name: String(ownValue(entry, 'type')) },
      message: `lets the examples of a batch hang on each other by ${JSON.stringify(coupledBy)}, and loss ${JSON.stringify(penalty.name)} weighs its slope at each of them for itself`,
      help: 'Let it look at each example alone, with `normalization: layer` or `none` in networks of ours (Gulrajani et al. 2017, section 4).',
    } as const;
    return [{ code: 'unsound', path: [...path, coupledBy], at: 'value', facts }];
  });
};

/** Of an experiment without a fault. */
export const findWarnings = (registry: Registry, experiment: unknown, { model, losses }: BuiltExperiment): readonly Fault[] =>
  coupledSlopes(registry, experiment, model, losses);
